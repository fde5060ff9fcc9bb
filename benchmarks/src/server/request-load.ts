/** Asks a server as fast as it answers, over some connections, and says how often it did. */
import { HttpConnection, type HttpRequest, requestBytes } from "./http-connection.ts";

export interface RequestJob {
  readonly port: number;
  readonly request: Omit<HttpRequest, "key">;
  /** Those who ask, in turns. */
  readonly keys: readonly string[];
  readonly status: number;
  readonly connections: number;
  readonly seconds: number;
}

export interface RequestsDone {
  readonly answers: number;
  readonly milliseconds: number;
}

const job = JSON.parse(process.argv[2] as string) as RequestJob;
const { port, keys, status, connections, seconds } = job;
const requests = keys.map((key) => requestBytes({ ...job.request, key }));
const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
let answers = 0;
const began = performance.now();
const end = began + seconds * 1000;
await Promise.all(open.map(askOn));
const done: RequestsDone = { answers, milliseconds: performance.now() - began };
for (const connection of open) connection.close();
console.log(JSON.stringify(done));

async function askOn(connection: HttpConnection): Promise<void> {
  while (performance.now() < end) {
    const answer = await connection.ask(requests[answers % requests.length] as Buffer);
    if (answer.status !== status) {
      throw new Error(`The server answered ${answer.status}: ${answer.body.toString("utf8", 0, 500)}`);
    }
    answers += 1;
  }
}
