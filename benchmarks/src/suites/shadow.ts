/** What repeating live calls costs their caller: the same calls with none, a tenth and all of them repeated. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { SnapshotDocument, SnapshotRelease } from "@colophon/kernel";
import { type Colophon, open } from "colophon";
import { shadowing } from "colophon/shadow";
import OpenAI from "openai";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { declarePrompt, type MeasuredPrompt } from "../workload/declare-prompts.ts";
import { promptBody, promptVariables } from "../workload/prompt-body.ts";
import { ENVIRONMENT, type PromptGroup, promptKey, registrySnapshot } from "../workload/prompt-registry.ts";

const ANSWERING = fileURLToPath(new URL("../workload/answering-process.ts", import.meta.url));
const GROUP: PromptGroup = { name: "shadowed", prompts: 1, versions: 2 };
const CODE_SEED = 20_000_000;
/** Milliseconds in which the server answers: less than any model, so that ours shows. */
const LATENCY = 20;
/** Callers at once, each making one call after the other. */
const CALLERS = 4;
const RATES = [0, 0.1, 1] as const;

interface Scale {
  readonly rounds: number;
  readonly calls: number;
}

const FULL: Scale = { rounds: 24, calls: 25 };
const QUICK: Scale = { rounds: 1, calls: 2 };

/** A colophon whose live calls are repeated at a rate. */
interface Shadowed {
  readonly rate: number;
  readonly colophon: Colophon;
  close(): Promise<void>;
}

function openShadowed(rate: number): Shadowed {
  const folder = temporaryFolder();
  const snapshot = registrySnapshot([GROUP]);
  const prompts = Object.fromEntries(
    Object.entries(snapshot.prompts).map(([key, prompt]) => {
      const release = prompt.releases[ENVIRONMENT] as SnapshotRelease;
      const shadow = { rollout: "r", version: 2, rate, concurrency: 64, calls: 1_000_000, where: null };
      return [key, { ...prompt, releases: { [ENVIRONMENT]: rate === 0 ? release : { ...release, shadow } } }];
    }),
  );
  const document: SnapshotDocument = { ...snapshot, prompts };
  const colophon = open({
    snapshot: document,
    environment: ENVIRONMENT,
    store: folder.path,
    shadow: shadowing(),
    onNotice: () => undefined,
  });
  return {
    rate,
    colophon,
    close: async () => {
      await colophon.close();
      folder.remove();
    },
  };
}

interface Calling {
  readonly prompt: MeasuredPrompt;
  readonly client: OpenAI;
  readonly calls: number;
}

/** Milliseconds of each call, from its resolution until its promise has settled for the caller. */
async function timeCalls({ colophon }: Shadowed, { prompt, client, calls }: Calling): Promise<number[]> {
  const samples: number[] = [];
  const caller = async (): Promise<void> => {
    for (let index = 0; index < calls; index += 1) {
      const start = process.hrtime.bigint();
      await colophon
        .resolve(prompt, { user: `user-${index}` })
        .record(promptVariables(index), (p) => client.chat.completions.create(p.openai()));
      samples.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  // What is still repeated would be met by the next one's callers.
  await pause(3 * LATENCY);
  return samples;
}

interface Measured {
  readonly rate: number;
  readonly samples: number[];
  readonly medians: number[];
}

/** In turns, each round begun by another, so that whatever else the machine does hits all alike. */
async function measure(shadowed: readonly Shadowed[], calling: Calling, rounds: number): Promise<Measured[]> {
  const found = shadowed.map(({ rate }): Measured => ({ rate, samples: [], medians: [] }));
  for (let round = -1; round < rounds; round += 1) {
    for (let turn = 0; turn < shadowed.length; turn += 1) {
      const at = (Math.max(0, round) + turn) % shadowed.length;
      const samples = await timeCalls(shadowed[at] as Shadowed, calling);
      // The first round warms up.
      if (round < 0) continue;
      found[at]?.samples.push(...samples);
      found[at]?.medians.push(quantilesOf(Float64Array.from(samples)).p50);
    }
  }
  return found;
}

function figuresOf(measured: readonly Measured[]): readonly Figure[] {
  const [none, ...others] = measured as [Measured, ...Measured[]];
  const figures = measured.flatMap(({ rate, samples }) => {
    const { p50, p99 } = quantilesOf(Float64Array.from(samples));
    return [figure(`${named(rate)}, p50`, p50, "ms"), figure(`${named(rate)}, p99`, p99, "ms")];
  });
  const ratios = others.map(({ rate, medians }) => {
    const ratio = quantilesOf(
      Float64Array.from(medians, (median, at) => median / (none.medians[at] ?? median)),
    );
    return against(figure(`${named(rate)} to none, median of the rounds`, ratio.p50, "×"), atMost(1.05));
  });
  return [...ratios, ...figures];
}

function named(rate: number): string {
  return rate === 0 ? "none repeated" : rate === 1 ? "all repeated" : `${rate * 100} % repeated`;
}

export async function shadow({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const { rounds, calls } = quick ? QUICK : FULL;
  const server = fork(ANSWERING, [String(LATENCY)]);
  const [baseURL] = (await once(server, "message")) as [string];
  const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
  const prompt = declarePrompt(promptKey(GROUP.name, 0), promptBody(CODE_SEED));
  const shadowed = RATES.map(openShadowed);
  say(`${rounds} rounds of ${CALLERS * calls} calls at each rate`);
  const measured = await measure(shadowed, { prompt, client, calls }, rounds);
  const sent = shadowed.map(({ colophon }) => colophon.status().shadow?.sent ?? 0);
  for (const one of shadowed) await one.close();
  server.disconnect();
  return {
    figures: [...figuresOf(measured), figure("calls that were repeated", sent.at(-1) ?? 0, "calls")],
    notes: [
      `A server in a process of its own answers in ${LATENCY} ms, which is less than models take; ${CALLERS} callers at once, each one call after the other, through the official client.`,
      "A call is timed from resolve until its promise has settled for its caller. A repeat begins after that, and is under way while the callers make their next calls: what it costs them is the processor's time that it takes.",
      "A ratio is that of the medians of one round, in which the rates take turns; the figure is the median of the rounds.",
    ],
  };
}
