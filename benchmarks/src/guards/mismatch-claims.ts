/** Claims about the sample-ratio mismatch: the figure of the specification, and false alarms over the steps of a ramp. */
import {
  addUnits,
  type Draws,
  mismatchPValue,
  nextMismatchStep,
  rejects,
  seededDraws,
  startMismatchTest,
} from "@colophon/methods";
import { figure } from "../figure.ts";
import { beside, type GuardRow, type GuardTable, share, shareWithin } from "./guard-table.ts";
import type { Scale } from "./scale.ts";
import { medianOf, shareOf } from "./traffic.ts";

const ALPHA = 0.001;
const LOOK = 500;

function plan(now: number): readonly number[] {
  return [now, 1 - now];
}

interface Assignment {
  /** Planned shares of the challenger, step by step. */
  readonly steps: readonly number[];
  /** What its true shares are multiplied by. */
  readonly times: number;
  readonly unitsPerStep: number;
}

interface MismatchRun {
  /** Units until the alarm, or infinity. */
  readonly units: number;
  readonly naive: boolean;
}

function followUnits({ steps, times, unitsPerStep }: Assignment, random: Draws): MismatchRun {
  let test = startMismatchTest(plan(steps[0] ?? 0.5));
  let [units, alarm, naive] = [0, Number.POSITIVE_INFINITY, false];
  for (const [step, now] of steps.entries()) {
    if (step > 0) test = nextMismatchStep(test, plan(now));
    for (let done = 0; done < unitsPerStep; done += LOOK) {
      let challenger = 0;
      for (let unit = 0; unit < LOOK; unit += 1) if (random.next() < now * times) challenger += 1;
      units += LOOK;
      test = addUnits(test, [challenger, LOOK - challenger]);
      naive ||= (mismatchPValue(test.counts, test.shares) ?? 1) < ALPHA;
      if (!rejects(test.eValue, ALPHA)) continue;
      alarm = Math.min(alarm, units);
      if (times !== 1) return { units: alarm, naive };
    }
  }
  return { units: alarm, naive };
}

export function mismatchAlarms({ alarms, medians, length, seed }: Scale): GuardTable {
  const equal = (steps: readonly number[], of: number): Assignment => ({
    steps,
    times: 1,
    unitsPerStep: of * length,
  });
  const cells: readonly {
    readonly cell: string;
    readonly of: Assignment;
    readonly specified: number | null;
  }[] = [
    { cell: "5 % share as planned", of: equal([0.05], 200_000), specified: null },
    { cell: "half and half as planned", of: equal([0.5], 200_000), specified: null },
    {
      cell: "ramp from 1 to 50 % as planned",
      of: equal([0.01, 0.05, 0.1, 0.25, 0.5], 40_000),
      specified: null,
    },
    {
      cell: "5 % share is 4.5 %",
      of: { steps: [0.05], times: 0.9, unitsPerStep: 300_000 },
      specified: 27_000,
    },
    {
      cell: "half and half is 49 to 51",
      of: { steps: [0.5], times: 0.98, unitsPerStep: 300_000 },
      specified: null,
    },
  ];
  const rows = cells.map(({ cell, of, specified }, at): GuardRow => {
    const random = seededDraws(seed + 10_000 + at);
    const asPlanned = of.times === 1;
    const streams = Math.ceil((asPlanned ? alarms : medians) / 2);
    const runs = Array.from({ length: streams }, () => followUnits(of, random));
    const caught = shareOf(runs, ({ units }) => Number.isFinite(units));
    const median = figure("median units", medianOf(runs.map(({ units }) => units)), "units");
    return {
      cell,
      figures: [
        asPlanned ? shareWithin("alarms", caught, { level: ALPHA, streams }) : share("alarms", caught),
        asPlanned
          ? share(
              "χ², looked at again and again",
              shareOf(runs, ({ naive }) => naive),
            )
          : null,
        ...(asPlanned ? [null, null] : beside(median, specified)),
      ],
    };
  });
  return {
    title: "Sample-ratio mismatch",
    method: `Streams of up to ${300_000 * length} units and more, alpha 0.1 %, looked at every ${LOOK} units.`,
    claim:
      "false alarms are at most alpha (and chance), and the median exceeds the specification's by 20 % at most",
    rows,
  };
}
