/** Starts what is measured, each in a process of its own: `colophon serve`, PostgreSQL, and a server that only answers. */
import { setTimeout as pause } from "node:timers/promises";
import { MASTER_KEY, type ServedStore } from "./served-store.ts";
import { type StartedProcess, startProcess } from "./started-process.ts";

export interface StartedServer extends Pick<StartedProcess, "end"> {
  readonly port: number;
}

const COMMAND = new URL("../../../packages/faces/cli/src/main.ts", import.meta.url);
/** Beside the server, whose packages it is made of. */
const BARE = new URL("../../../packages/faces/server/src/process/bare-server.fixture.ts", import.meta.url);
const POSTGRES = new URL("./postgres-process.fixture.ts", import.meta.url);
const PATIENCE_MS = 60_000;

/** The command line itself, ready to be asked. */
export async function startColophon({
  store,
  cwd,
}: Pick<ServedStore, "store" | "cwd">): Promise<StartedServer> {
  const started = startProcess({
    file: COMMAND,
    args: ["serve", "--port", "0", "--json", "--store", store],
    cwd,
    env: { COLOPHON_SECRET: MASTER_KEY },
    endsBy: "signal",
  });
  const { port } = JSON.parse(await started.next()) as { readonly port: number };
  const began = performance.now();
  while (!(await isReady(port))) {
    if (performance.now() - began > PATIENCE_MS) throw new Error("The server is not ready after a minute.");
    await pause(50);
  }
  return { port, end: () => started.end() };
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  await answer.arrayBuffer();
  return answer.ok;
}

/** What the bare server answers, byte by byte. */
export interface BareAnswers {
  readonly snapshot: string;
  readonly etag: string;
  readonly resolution: string;
}

/** @param file where the answers are, as JSON. */
export async function startBare(file: string): Promise<StartedServer> {
  const started = startProcess({ file: BARE, args: [file], endsBy: "input" });
  return { port: Number(await started.next()), end: () => started.end() };
}

export interface StartedPostgres extends Pick<StartedProcess, "end"> {
  /** An empty database. */
  readonly url: string;
}

export async function startPostgres(): Promise<StartedPostgres> {
  const started = startProcess({ file: POSTGRES, args: [], endsBy: "input" });
  return { url: await started.next(), end: () => started.end() };
}
