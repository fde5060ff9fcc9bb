/** Asks and sends at a steady pace, as applications do all day, until its input ends; then says how much it was. */
import { setTimeout as pause } from "node:timers/promises";
import { ENVIRONMENT } from "../workload/prompt-registry.ts";
import { HttpConnection, jsonOf, requestBytes } from "./http-connection.ts";
import { checkStored, ledgerBatches } from "./ledger-batches.ts";
import { servedPrompt } from "./served-store.ts";

export interface SteadyJob {
  readonly port: number;
  readonly keys: readonly string[];
  /** Of the registry. */
  readonly prompts: number;
  /** In a second. */
  readonly resolutions: number;
  /** In a second. */
  readonly batches: number;
  /** Of a batch. */
  readonly rows: number;
}

export interface SteadyDone {
  readonly resolved: number;
  readonly stored: number;
  readonly milliseconds: number;
}

/** Who takes turns at each kind: one slow answer does not hold up the next request. */
const CONNECTIONS = 8;

const job = JSON.parse(process.argv[2] as string) as SteadyJob;
const { port, keys, rows } = job;
const make = ledgerBatches(59, rows);
let isEnding = false;
let asked = 0;
let [resolved, stored] = [0, 0];
process.stdin.resume().once("end", () => {
  isEnding = true;
});
const connections = () => Promise.all(Array.from({ length: CONNECTIONS }, () => HttpConnection.open(port)));
const [asking, sending] = [await connections(), await connections()];
console.log("begun");
const began = performance.now();
await Promise.all([...paced(asking, job.resolutions, resolve), ...paced(sending, job.batches, send)]);
const done: SteadyDone = { resolved, stored, milliseconds: performance.now() - began };
console.log(JSON.stringify(done));
process.exit();

type Task = (connection: HttpConnection) => Promise<void>;

/** One who falls behind goes on at once and does not catch up, so a slow server is asked less. */
function paced(open: readonly HttpConnection[], perSecond: number, task: Task): readonly Promise<void>[] {
  const apart = (1000 * open.length) / perSecond;
  return open.map(async (connection, at) => {
    let next = began + (at * apart) / open.length;
    do {
      await pause(Math.max(0, next - performance.now()));
      await task(connection);
      next = Math.max(next + apart, performance.now());
    } while (!isEnding);
    connection.close();
  });
}

function nextKey(): string {
  asked += 1;
  return keys[asked % keys.length] as string;
}

async function resolve(connection: HttpConnection): Promise<void> {
  const body = JSON.stringify({ environment: ENVIRONMENT, user: `user-${asked}` });
  const path = `/prompts/${servedPrompt(asked % job.prompts)}/resolutions`;
  jsonOf(await connection.ask(requestBytes({ method: "POST", path, key: nextKey(), body })));
  resolved += 1;
}

async function send(connection: HttpConnection): Promise<void> {
  checkStored(await connection.ask(await make(nextKey())), rows);
  stored += rows;
}
