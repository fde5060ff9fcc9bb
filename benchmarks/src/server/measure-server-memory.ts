/** What a server's memory does while rows come in, prompts are resolved and clients listen, for minutes on end. */
import { setTimeout as pause } from "node:timers/promises";
import { type Figure, figure } from "../figure.ts";
import { changeRelease } from "./change-release.ts";
import type { ListeningJob } from "./listening-load.ts";
import type { ServedScale } from "./served-store.ts";
import { startColophon } from "./start-servers.ts";
import { type StartedProcess, startProcess } from "./started-process.ts";
import type { SteadyDone, SteadyJob } from "./steady-load.ts";
import { type StoreKind, withServedStore } from "./with-served-store.ts";

export interface ServerMemoryScale {
  readonly registry: ServedScale;
  readonly seconds: number;
  readonly clients: number;
  /** Seconds between two changes of what is served. */
  readonly changesApart: number;
  /** In a second. */
  readonly resolutions: number;
  /** In a second. */
  readonly batches: number;
  /** Of a batch. */
  readonly rows: number;
}

/** Of one second, in MB. */
interface Sample {
  readonly resident: number;
  readonly heap: number;
}

const LISTENING = new URL("./listening-load.ts", import.meta.url);
const STEADY = new URL("./steady-load.ts", import.meta.url);
const SECONDS_PER_MINUTE = 60;

export function measureServerMemory(
  kind: StoreKind,
  scale: ServerMemoryScale,
  say: (message: string) => void,
): Promise<readonly Figure[]> {
  const { registry, seconds, clients, resolutions, batches, rows } = scale;
  return withServedStore({ kind, registry }, async (served) => {
    const server = await startColophon(served);
    const { port } = server;
    const { keys } = served;
    const started: StartedProcess[] = [];
    try {
      const { prompts } = registry;
      const job: SteadyJob = { port, keys, prompts, resolutions, batches, rows };
      const idle = await sampleOf(port);
      const listening = start(LISTENING, { ports: [port], keys, clients } satisfies ListeningJob);
      started.push(listening);
      await listening.next();
      const steady = start(STEADY, job);
      started.push(steady);
      await steady.next();
      say(`${kind}, ${seconds} s under load`);
      const samples = await watch(port, served.releasing, scale);
      const [said] = await Promise.all([steady.next(), steady.end()]);
      return figuresOf(kind, { idle, samples, done: JSON.parse(said) as SteadyDone });
    } finally {
      await Promise.all(started.map((one) => one.end()));
      await server.end();
    }
  });
}

function start(file: URL, job: object): StartedProcess {
  return startProcess({ file, args: [JSON.stringify(job)], endsBy: "input" });
}

/** A sample each second, and a release or a rollback from time to time. */
async function watch(
  port: number,
  key: string,
  { seconds, changesApart }: ServerMemoryScale,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const began = performance.now();
  let changes = 0;
  for (let second = 1; second <= seconds; second += 1) {
    await pause(Math.max(0, began + second * 1000 - performance.now()));
    samples.push(await sampleOf(port));
    if (second % changesApart !== 0) continue;
    await changeRelease({ port, key, way: changes % 2 === 0 ? "back" : "forward" });
    changes += 1;
  }
  return samples;
}

/** As the server says it to Prometheus. */
async function sampleOf(port: number): Promise<Sample> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await answer.text();
  const megabytes = (name: string): number => {
    const bytes = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
    if (bytes === undefined) throw new Error(`The server's metrics (${answer.status}) lack ${name}.`);
    return Number(bytes) / 2 ** 20;
  };
  return {
    resident: megabytes("process_resident_memory_bytes"),
    heap: megabytes("nodejs_heap_size_used_bytes"),
  };
}

interface Watched {
  readonly idle: Sample;
  readonly samples: readonly Sample[];
  readonly done: SteadyDone;
}

function figuresOf(kind: StoreKind, { idle, samples, done }: Watched): readonly Figure[] {
  const name = `memory under load on ${kind}`;
  const half = samples.slice(Math.floor(samples.length / 2));
  const slope = (of: keyof Sample): number => slopeOf(half.map((one) => one[of])) * SECONDS_PER_MINUTE;
  const perSecond = (count: number): number => (count / done.milliseconds) * 1000;
  return [
    figure(`${name}, before it`, idle.resident, "MB"),
    figure(`${name}, largest`, Math.max(...samples.map(({ resident }) => resident)), "MB"),
    figure(`${name}, mean of the last half`, meanOf(half.map(({ resident }) => resident)), "MB"),
    figure(`${name}, growth over the last half`, slope("resident"), "MB/min"),
    figure(`${name}, growth of the heap over the last half`, slope("heap"), "MB/min"),
    figure(`${name}, rows taken in`, perSecond(done.stored), "rows/s"),
    figure(`${name}, resolutions`, perSecond(done.resolved), "answers/s"),
  ];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By least squares, from one value to the next. */
export function slopeOf(values: readonly number[]): number {
  const [middle, mean] = [(values.length - 1) / 2, meanOf(values)];
  const along = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  return along / values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
}
