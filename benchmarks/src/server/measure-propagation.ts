/** How soon a rollback is known to everybody who listens: to one server, or to two on one database. */
import { setTimeout as pause } from "node:timers/promises";
import { against, atMost, type Figure, figure } from "../figure.ts";
import { quantilesOf } from "../measure/quantiles.ts";
import { seeded } from "../measure/seeded.ts";
import { type Changed, changeRelease } from "./change-release.ts";
import type { Heard, ListeningJob } from "./listening-load.ts";
import type { ServedScale } from "./served-store.ts";
import { startColophon } from "./start-servers.ts";
import { type StartedProcess, startProcess } from "./started-process.ts";
import { type StoreKind, withServedStore } from "./with-served-store.ts";

export interface PropagationScale {
  readonly registry: ServedScale;
  readonly clients: number;
  readonly rollbacks: number;
  /** Milliseconds between two changes, at most. */
  readonly apart: number;
}

/** Milliseconds of every client and rollback. */
interface Arrivals {
  readonly sinceAsked: number[];
  readonly sinceAnswered: number[];
  /** Of those at another server than the one that was asked, since it was asked. */
  readonly elsewhere: number[];
}

const LISTENING = new URL("./listening-load.ts", import.meta.url);
const BUDGET = atMost(1_000);

export function measurePropagation(
  { kind, servers }: { readonly kind: StoreKind; readonly servers: number },
  scale: PropagationScale,
  say: (message: string) => void,
): Promise<readonly Figure[]> {
  const place = servers === 1 ? `a server on ${kind}` : `${servers} servers on ${kind}`;
  return withServedStore({ kind, registry: scale.registry }, async (served) => {
    const started = await Promise.all(Array.from({ length: servers }, () => startColophon(served)));
    const ports = started.map(({ port }) => port);
    const job: ListeningJob = { ports, keys: served.keys, clients: scale.clients };
    const listening = startProcess({ file: LISTENING, args: [JSON.stringify(job)], endsBy: "input" });
    try {
      await listening.next();
      say(`${scale.clients} clients listen to ${place}`);
      const arrivals = await rollBackAndForth({ ports, key: served.releasing, listening }, scale);
      return figuresOf(`a rollback to ${scale.clients.toLocaleString("en-US")} clients, ${place}`, arrivals);
    } finally {
      await listening.end();
      await Promise.all(started.map((server) => server.end()));
    }
  });
}

interface Stage {
  readonly ports: readonly number[];
  readonly key: string;
  readonly listening: StartedProcess;
}

async function rollBackAndForth(stage: Stage, scale: PropagationScale): Promise<Arrivals> {
  const random = seeded(43);
  const arrivals: Arrivals = { sinceAsked: [], sinceAnswered: [], elsewhere: [] };
  for (let turn = -1; turn < scale.rollbacks; turn += 1) {
    const { changed, heard } = await change(stage, "back");
    // The first one reads the whole log into the server.
    if (turn >= 0) take(arrivals, { changed, heard, servers: stage.ports.length });
    await pause(random.below(scale.apart));
    await change(stage, "forward");
    await pause(random.below(scale.apart));
  }
  return arrivals;
}

interface Spread {
  readonly changed: Changed;
  readonly heard: Heard;
}

/** Waits until every client has it. */
async function change({ ports, key, listening }: Stage, way: "forward" | "back"): Promise<Spread> {
  const [port = 0] = ports;
  const changed = await changeRelease({ port, key, way });
  for (;;) {
    const heard = JSON.parse(await listening.next()) as Heard;
    if (heard.revision === changed.revision) return { changed, heard };
  }
}

function take(arrivals: Arrivals, { changed, heard, servers }: Spread & { readonly servers: number }): void {
  for (const [client, at] of heard.at.entries()) {
    arrivals.sinceAsked.push(at - changed.asked);
    arrivals.sinceAnswered.push(at - changed.answered);
    if (client % servers !== 0) arrivals.elsewhere.push(at - changed.asked);
  }
}

function figuresOf(name: string, { sinceAsked, sinceAnswered, elsewhere }: Arrivals): readonly Figure[] {
  const quantiles = (since: string, samples: readonly number[]): readonly Figure[] => {
    const { p50, p99, max } = quantilesOf(Float64Array.from(samples));
    return [
      figure(`${name}, since ${since}, p50`, p50, "ms"),
      against(figure(`${name}, since ${since}, p99`, p99, "ms"), BUDGET),
      figure(`${name}, since ${since}, longest`, max, "ms"),
    ];
  };
  return [
    ...quantiles("it was sent", sinceAsked),
    ...quantiles("it was answered", sinceAnswered),
    ...(elsewhere.length === 0 ? [] : quantiles("it was sent to the other server", elsewhere)),
  ];
}
