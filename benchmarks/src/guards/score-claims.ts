/** Claims about the guards of scores: false alarms under drift and ramps, and how fast they tell. */
import {
  addScore,
  addScoredUnit,
  compareMeans,
  compareScores,
  type Draws,
  type GuardSide,
  rejects,
  type ScoreSequence,
  scoreBounds,
  seededDraws,
  startScoreGuard,
  startScoreSequence,
} from "@colophon/methods";
import { figure } from "../figure.ts";
import { beside, type GuardRow, type GuardTable, share, shareWithin } from "./guard-table.ts";
import type { Scale } from "./scale.ts";
import { medianOf, type Traffic, trafficKinds } from "./traffic.ts";
import { NaiveMeans, StepMoments, type ValuedUnit, type ValueStream, visitValues } from "./value-stream.ts";

const ALPHA = { rollback: 0.01, promotion: 0.05 } as const;
const MARGIN = 0.05;

/** Even scores of that deviation about a mean of 0.55, the challenger's that much lower. */
function evenScores(traffic: Traffic, loss: number, deviation: number): ValueStream {
  const width = deviation * Math.sqrt(12);
  return {
    traffic,
    draw: ({ arm }, level, random) =>
      0.55 - 0.1 * (level - 1) - (arm === "challenger" ? loss : 0) + width * (random.next() - 0.5),
  };
}

/** The mean moves between 0.41 and 0.61: as far as a deviation of 0.15 leaves room for. */
function movingScores(traffic: Traffic, loss: number): ValueStream {
  return evenScores(traffic, loss, 0.15);
}

/** Pass or fail, at rates that are far from even. */
function failures(traffic: Traffic, loss: number): ValueStream {
  return {
    traffic,
    draw: ({ arm }, level, random) =>
      random.next() < 0.95 - 0.05 * (level - 1) - (arm === "challenger" ? loss : 0) ? 1 : 0,
  };
}

export function scoreAlarms(scale: Scale): GuardTable {
  const requests = 6000 * Math.max(0.5, scale.length);
  const streams = Math.ceil(scale.alarms / 2);
  const kinds: readonly {
    readonly name: string;
    readonly side: GuardSide;
    readonly of: (traffic: Traffic, loss: number) => ValueStream;
  }[] = [
    { name: "rollback at 1 %, even scores", side: "rollback", of: movingScores },
    { name: "rollback at 1 %, pass or fail", side: "rollback", of: failures },
    { name: "promotion at 5 %, even scores", side: "promotion", of: movingScores },
  ];
  const rows = kinds.flatMap(({ name, side, of }, which) =>
    trafficKinds(requests).map((traffic, at): GuardRow => {
      const random = seededDraws(scale.seed + 4000 + 100 * which + at);
      const stream = of(traffic, side === "rollback" ? 0 : MARGIN);
      const counts = { guard: 0, bernstein: 0, naive: 0 };
      for (let turn = 0; turn < streams; turn += 1) {
        const fired = followScores(stream, side, random);
        if (fired.guard) counts.guard += 1;
        if (fired.bernstein) counts.bernstein += 1;
        if (fired.naive) counts.naive += 1;
      }
      const figures = [
        shareWithin("false", counts.guard / streams, { level: ALPHA[side], streams }),
        share("Bernstein by arm", counts.bernstein / streams),
        share("naive z-test", counts.naive / streams),
      ];
      return { cell: `${name}, ${traffic.name}`, figures };
    }),
  );
  return {
    title: "Scores, false alarms",
    method: `${streams} streams of ${requests} requests, looked at after each; equal arms for a rollback, a loss of the margin of 5 points for a promotion; z-tests 100 times, of no difference or of the margin.`,
    claim: "false alarms of the score guard are at most alpha (and chance)",
    rows,
  };
}

/** Long enough for bounds by arm to become narrower than what drifts. */
export function driftingScores({ alarms, length, seed }: Scale): GuardTable {
  const requests = 50_000 * length;
  const streams = Math.ceil(alarms / 10);
  const rows = trafficKinds(requests)
    .filter(({ name }) => name.endsWith("drift"))
    .map((traffic, at): GuardRow => {
      const random = seededDraws(seed + 4500 + at);
      const runs = Array.from({ length: streams }, () =>
        followScores(movingScores(traffic, 0), "rollback", random),
      );
      const part = (has: (fired: Fired) => boolean): number => runs.filter(has).length / streams;
      const figures = [
        shareWithin(
          "false",
          part(({ guard }) => guard),
          { level: ALPHA.rollback, streams },
        ),
        share(
          "Bernstein by arm",
          part(({ bernstein }) => bernstein),
        ),
        share(
          "its tightest bounds kept",
          part(({ kept }) => kept),
        ),
        share(
          "naive z-test",
          part(({ naive }) => naive),
        ),
      ];
      return { cell: traffic.name, figures };
    });
  return {
    title: "Scores that drift for long, false rollbacks",
    method: `${streams} streams of ${requests} requests, even scores, equal arms, alpha 1 %.`,
    claim: "false alarms of the score guard are at most alpha (and chance)",
    rows,
  };
}

interface Fired {
  readonly guard: boolean;
  readonly bernstein: boolean;
  /** The same, had the tightest bounds so far been kept. */
  readonly kept: boolean;
  readonly naive: boolean;
}

/** The tightest bounds of an arm so far. */
class KeptBounds {
  lower = 0;
  upper = 1;

  keep(sequence: ScoreSequence): void {
    const { lower, upper } = scoreBounds(sequence);
    this.lower = Math.max(this.lower, lower);
    this.upper = Math.min(this.upper, upper);
  }
}

function followScores(stream: ValueStream, side: GuardSide, random: Draws): Fired {
  const alpha = ALPHA[side];
  let guard = startScoreGuard({ side, margin: side === "rollback" ? 0 : MARGIN });
  const arms = { challenger: startScoreSequence(alpha / 2), control: startScoreSequence(alpha / 2) };
  const naive = new NaiveMeans(stream.traffic, alpha, side === "rollback" ? "less" : "more");
  const shown = side === "rollback" ? "harm" : "no-harm";
  const tightest = { challenger: new KeptBounds(), control: new KeptBounds() };
  let [bernstein, kept] = [false, false];
  visitValues(stream, random, (unit) => {
    guard = addScoredUnit(guard, { ...unit, score: unit.value });
    arms[unit.arm] = addScore(arms[unit.arm], unit.value);
    bernstein ||= compareScores(arms.challenger, arms.control, guard.margin) === shown;
    tightest[unit.arm].keep(arms[unit.arm]);
    kept ||= tightest.control.lower - tightest.challenger.upper > guard.margin;
    // The naive test of a margin is that of no difference after the margin was given back.
    const given = unit.arm === "challenger" ? guard.margin : 0;
    naive.add({ ...unit, value: unit.value + given });
    return false;
  });
  return { guard: rejects(guard.eValue, alpha), bernstein, kept, naive: naive.fired };
}

type Method = (stream: ValueStream, random: Draws) => number;

const METHODS: readonly {
  readonly name: string;
  readonly decide: Method;
  readonly specified: readonly (number | null)[];
}[] = [
  { name: "Bernstein by arm", decide: byBernstein, specified: [719, 182] },
  { name: "asymptotic difference of means", decide: byMeans, specified: [263, null] },
  { name: "score guard", decide: byGuard, specified: [null, null] },
];

export function scoreRollbacks({ medians, seed }: Scale): GuardTable {
  const rows = [0.05, 0.01, 0.5].flatMap((now) =>
    METHODS.flatMap(({ name, decide, specified }, which) =>
      [0.05, 0.1].map((loss, at): GuardRow => {
        const streams = Math.ceil(medians / (now < 0.05 ? 4 : 2));
        const traffic = { name, requests: 4000 / now, share: () => now, level: () => 1, most: 1 };
        const random = seededDraws(seed + 5000 + 100 * which + 10 * at + 1000 * now);
        const fired = Array.from({ length: streams }, () => decide(evenScores(traffic, loss, 0.25), random));
        const median = figure("median challenger requests", medianOf(fired), "requests");
        const target = now === 0.05 ? (specified[at] ?? null) : null;
        return {
          cell: `${name}, ${100 * now} % share, loss of ${100 * loss} points`,
          figures: [...beside(median, target)],
        };
      }),
    ),
  );
  return {
    title: "Scores, requests to rollback",
    method: `${Math.ceil(medians / 2)} streams of each (half as many at 1 %), deviation 0.25, alpha 1 %, margin 0.`,
    claim: "the medians exceed the specification's by 20 % at most",
    rows,
  };
}

function byGuard(stream: ValueStream, random: Draws): number {
  let guard = startScoreGuard({ side: "rollback", margin: 0 });
  return challengersUntil(stream, random, (unit) => {
    guard = addScoredUnit(guard, { ...unit, score: unit.value });
    return rejects(guard.eValue, ALPHA.rollback);
  });
}

function byBernstein(stream: ValueStream, random: Draws): number {
  const each = ALPHA.rollback / 2;
  const arms = { challenger: startScoreSequence(each), control: startScoreSequence(each) };
  return challengersUntil(stream, random, ({ arm, value }) => {
    arms[arm] = addScore(arms[arm], value);
    return compareScores(arms.challenger, arms.control, 0) === "harm";
  });
}

function byMeans(stream: ValueStream, random: Draws): number {
  const moments = new StepMoments();
  return challengersUntil(stream, random, (unit) => {
    moments.add(unit);
    const compared = compareMeans(moments.steps, { alpha: ALPHA.rollback, minimum: 30 });
    return compared !== null && (compared.upper ?? 0) < 0;
  });
}

function challengersUntil(stream: ValueStream, random: Draws, fires: (unit: ValuedUnit) => boolean): number {
  let [challengers, fired] = [0, Number.POSITIVE_INFINITY];
  visitValues(stream, random, (unit) => {
    if (unit.arm === "challenger") challengers += 1;
    if (!fires(unit)) return false;
    fired = challengers;
    return true;
  });
  return fired;
}
