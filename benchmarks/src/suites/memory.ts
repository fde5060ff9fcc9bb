/** A large registry in a runtime: what it takes in memory, how long it loads, and how soon a release from elsewhere is served. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { systemClock } from "@colophon/kernel";
import { createSqliteRecordStore, openSqliteCore } from "@colophon/storage/sqlite/core";
import { type Colophon, open } from "colophon";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import { seeded } from "../measure/seeded.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { declarePrompt, type MeasuredPrompt } from "../workload/declare-prompts.ts";
import { promptBody, promptVariables } from "../workload/prompt-body.ts";
import { ENVIRONMENT, promptKey } from "../workload/prompt-registry.ts";
import type { ReleaseDone, ReleaseOrder } from "../workload/releasing-process.ts";
import { type StoredRegistry, storeRegistry } from "../workload/store-registry.ts";

interface Scale extends StoredRegistry {
  readonly releases: number;
  /** Milliseconds between two releases, at most. */
  readonly apart: number;
}

const FULL: Scale = {
  group: "memory",
  prompts: 10_000,
  versions: 3,
  overrides: 100_000,
  releases: 60,
  apart: 400,
};
const QUICK: Scale = { group: "memory", prompts: 50, versions: 3, overrides: 200, releases: 3, apart: 50 };

const CODE_SEED = 10_000_000;
const RELEASING = fileURLToPath(new URL("../workload/releasing-process.ts", import.meta.url));
/** Longer is no propagation but a fault. */
const PATIENCE_MS = 60_000;

function heapInUse(): number {
  // Twice, since finalizers of the first collection free more.
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function makeStore(file: string, shape: StoredRegistry): Promise<void> {
  const core = openSqliteCore({ file, mode: "create", clock: systemClock });
  await storeRegistry(createSqliteRecordStore(core), shape);
  core.close();
}

/** Declares, resolves and renders every prompt once, so that each is compiled. */
function serveAll(colophon: Colophon, { group, prompts }: Scale): readonly MeasuredPrompt[] {
  return Array.from({ length: prompts }, (_, index) => {
    const prompt = declarePrompt(promptKey(group, index), promptBody(CODE_SEED + index));
    const call = colophon.resolve(prompt);
    if (call.resolution.tier !== "environment")
      throw new Error(`${prompt.key} was not served by its release.`);
    call.render(promptVariables(index));
    return prompt;
  });
}

async function nextDone(child: ChildProcess): Promise<ReleaseDone> {
  const [message] = (await once(child, "message")) as [ReleaseDone];
  return message;
}

/** Milliseconds from the order of a release in another process until this one resolves it. */
async function timeReleases(
  file: string,
  colophon: Colophon,
  scale: Scale & { prompt: MeasuredPrompt },
): Promise<Float64Array> {
  const child = fork(RELEASING, [file]);
  const random = seeded(5);
  const samples = new Float64Array(scale.releases);
  await nextDone(child);
  // The first release reads the whole log into the other process.
  for (let turn = -1; turn < scale.releases; turn += 1) {
    const version = 1 + ((turn + 1) % (scale.versions - 1));
    await pause(random.below(scale.apart));
    const done = nextDone(child);
    child.send({ key: scale.prompt.key, version } satisfies ReleaseOrder);
    const seen = await whenServed(colophon, scale.prompt, version);
    const { asked } = await done;
    if (turn >= 0) samples[turn] = seen - asked;
  }
  child.disconnect();
  await once(child, "exit");
  return samples;
}

async function whenServed(colophon: Colophon, prompt: MeasuredPrompt, version: number): Promise<number> {
  const began = performance.now();
  while (colophon.resolve(prompt).version !== version) {
    if (performance.now() - began > PATIENCE_MS)
      throw new Error(`v${version} of ${prompt.key} was never served.`);
    await pause(1);
  }
  return performance.timeOrigin + performance.now();
}

export async function memory({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = quick ? QUICK : FULL;
  const folder = temporaryFolder();
  const file = join(folder.path, "store.db");
  say(`writing ${scale.prompts} prompts and ${scale.overrides} overrides into a store`);
  await makeStore(file, scale);
  const before = heapInUse();
  say("loading it");
  const start = performance.now();
  const colophon = open({ store: file, environment: ENVIRONMENT, number: false, onNotice: () => undefined });
  await colophon.ready({ timeoutMs: PATIENCE_MS });
  const loaded = performance.now() - start;
  const holding = heapInUse() - before;
  const prompts = serveAll(colophon, scale);
  await colophon.flush();
  const serving = heapInUse() - before;
  say(`${scale.releases} releases in another process`);
  const samples = await timeReleases(file, colophon, { ...scale, prompt: prompts[0] as MeasuredPrompt });
  await colophon.close();
  folder.remove();
  return {
    figures: [...memoryFigures({ holding, serving, loaded }), ...releaseFigures(samples)],
    notes: [
      `${scale.prompts.toLocaleString("en-US")} prompts of ${scale.versions} versions with 600 words, all of them in the snapshot, and ${scale.overrides.toLocaleString("en-US")} overrides.`,
      `${scale.releases} releases at random moments; each time runs from the order in the other process until this one resolves it.`,
    ],
  };
}

interface MemoryFound {
  readonly holding: number;
  readonly serving: number;
  readonly loaded: number;
}

function memoryFigures({ holding, serving, loaded }: MemoryFound): readonly Figure[] {
  return [
    figure("heap that the registry takes", holding / 1e6, "MB"),
    figure("the same with every prompt declared, compiled and served once", serving / 1e6, "MB"),
    figure("loading it from the store", loaded, "ms"),
  ];
}

function releaseFigures(samples: Float64Array): readonly Figure[] {
  const { p50, p99, max } = quantilesOf(samples);
  return [
    figure("a release elsewhere is served, p50", p50, "ms"),
    against(figure("a release elsewhere is served, p99", p99, "ms"), atMost(1000)),
    figure("a release elsewhere is served, longest", max, "ms"),
  ];
}
