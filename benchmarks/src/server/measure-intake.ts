/** Rows that a server takes into its ledger in a second, and how long a batch waits for its answer. */
import { type Figure, figure } from "../figure.ts";
import { medianQuantiles, quantilesOf } from "../measure/quantiles.ts";
import type { IntakeDone, IntakeJob } from "./intake-load.ts";
import type { ServedScale } from "./served-store.ts";
import { startColophon } from "./start-servers.ts";
import { runJob } from "./started-process.ts";
import { type StoreKind, withServedStore } from "./with-served-store.ts";

export interface ServerIntakeScale {
  readonly registry: ServedScale;
  readonly rounds: number;
  /** Of a round. */
  readonly batches: number;
  /** Of a batch. */
  readonly rows: number;
  readonly connections: number;
}

const LOAD = new URL("./intake-load.ts", import.meta.url);

export async function measureServerIntake(
  kind: StoreKind,
  scale: ServerIntakeScale,
  say: (message: string) => void,
): Promise<readonly Figure[]> {
  const { registry, rounds, ...sent } = scale;
  const done = await withServedStore({ kind, registry }, async (served) => {
    const server = await startColophon(served);
    const all: IntakeDone[] = [];
    try {
      for (let round = 0; round <= rounds; round += 1) {
        say(`${kind}, ${round === 0 ? "warming up" : `round ${round} of ${rounds}`}`);
        const job: IntakeJob = { ...sent, port: server.port, keys: served.keys, seed: 41 + 2 * round };
        all.push(await runJob<IntakeDone>(LOAD, job));
      }
    } finally {
      await server.end();
    }
    // In the first round most users and documents are new to the store.
    return all.slice(1);
  });
  return figuresOf(kind, sent.batches * sent.rows, done);
}

function figuresOf(kind: StoreKind, rows: number, done: readonly IntakeDone[]): readonly Figure[] {
  const perSecond = done.map(({ milliseconds }) => (rows / milliseconds) * 1000);
  const { p50, p99 } = medianQuantiles(done.map(({ answers }) => quantilesOf(Float64Array.from(answers))));
  return [
    figure(`intake on ${kind}`, quantilesOf(Float64Array.from(perSecond)).p50, "rows/s"),
    figure(`intake on ${kind}, a batch's answer, p50`, p50, "ms"),
    figure(`intake on ${kind}, a batch's answer, p99`, p99, "ms"),
  ];
}
