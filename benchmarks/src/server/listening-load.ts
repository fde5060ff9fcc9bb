/** Clients that listen for changes as the SDK does, in a process of their own: says when all of them are there, and of each change when each of them had it. */
import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { ENVIRONMENT } from "../workload/prompt-registry.ts";

export interface ListeningJob {
  /** Of the servers, among which the clients are shared out. */
  readonly ports: readonly number[];
  readonly keys: readonly string[];
  readonly clients: number;
}

/** All of them have heard of a revision. */
export interface Heard {
  readonly revision: number;
  /** Milliseconds since the epoch with their fraction, by client; client n is at the server n modulo their number. */
  readonly at: readonly number[];
}

const CONNECTING_AT_ONCE = 50;

const { ports, keys, clients } = JSON.parse(process.argv[2] as string) as ListeningJob;
const heard = new Map<number, { readonly at: number[]; missing: number }>();
/** The last revision that each of them heard of. */
const seen: string[] = [];
const open = new Map<number, ClientRequest>();
for (let from = 0; from < clients; from += CONNECTING_AT_ONCE) {
  const many = Math.min(CONNECTING_AT_ONCE, clients - from);
  await Promise.all(Array.from({ length: many }, (_, at) => listen(from + at)));
}
console.log("listening");
process.stdin.resume().once("end", () => {
  for (const request of open.values()) request.destroy();
  process.exit();
});

/** Resolves with the first sign of life. */
function listen(client: number): Promise<void> {
  const port = ports[client % ports.length] as number;
  const after = seen[client];
  const headers = {
    authorization: `Bearer ${keys[client % keys.length]}`,
    ...(after === undefined ? {} : { "last-event-id": after }),
  };
  const path = `/v1/projects/~/events?environment=${ENVIRONMENT}`;
  return new Promise((resolve) => {
    const request = get({ port, host: "127.0.0.1", path, headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) fail(new Error(`A stream was answered ${answer.statusCode}.`));
      answer.once("data", () => resolve());
      // A server ends streams after some minutes, and clients come back.
      answer.once("end", () => void listen(client));
      read(client, answer);
    });
    request.on("error", fail);
    open.set(client, request);
  });
}

/** Without one of the clients nothing is measured. */
function fail(error: Error): void {
  if (process.stdin.readableEnded) return;
  console.error(error.message);
  process.exit(1);
}

function read(client: number, answer: IncomingMessage): void {
  let text = "";
  answer.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      take(client, text.slice(0, end));
      text = text.slice(end + 2);
    }
  });
}

function take(client: number, event: string): void {
  const [, revision] = /^event: change\nid: (\d+)\ndata: /.exec(event) ?? [];
  if (revision === undefined) return;
  // A client that cannot read what it was sent has not got it.
  JSON.parse(event.slice(event.indexOf("data: ") + "data: ".length));
  const at = performance.timeOrigin + performance.now();
  seen[client] = revision;
  const known = heard.get(Number(revision)) ?? { at: [], missing: clients };
  heard.set(Number(revision), known);
  known.at[client] = at;
  known.missing -= 1;
  if (known.missing > 0) return;
  heard.delete(Number(revision));
  const all: Heard = { revision: Number(revision), at: known.at };
  console.log(JSON.stringify(all));
}
