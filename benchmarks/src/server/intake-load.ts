/** Sends batches to a server's ledger that were made before, over some connections, each when the one before is answered. */
import { HttpConnection } from "./http-connection.ts";
import { checkStored, ledgerBatches } from "./ledger-batches.ts";

export interface IntakeJob {
  readonly port: number;
  readonly keys: readonly string[];
  readonly seed: number;
  readonly batches: number;
  readonly rows: number;
  readonly connections: number;
}

export interface IntakeDone {
  readonly milliseconds: number;
  /** Milliseconds of each batch until its answer. */
  readonly answers: readonly number[];
}

const { port, keys, seed, batches, rows, connections } = JSON.parse(process.argv[2] as string) as IntakeJob;
const make = ledgerBatches(seed, rows);
const made: Buffer[] = [];
while (made.length < batches) made.push(await make(keys[made.length % keys.length] as string));
const open = await Promise.all(Array.from({ length: connections }, () => HttpConnection.open(port)));
const answers: number[] = [];
const began = performance.now();
await Promise.all(open.map(sendOn));
const done: IntakeDone = { milliseconds: performance.now() - began, answers };
for (const connection of open) connection.close();
console.log(JSON.stringify(done));

async function sendOn(connection: HttpConnection): Promise<void> {
  for (let batch = made.pop(); batch !== undefined; batch = made.pop()) {
    const sent = performance.now();
    const answer = await connection.ask(batch);
    answers.push(performance.now() - sent);
    checkStored(answer, rows);
  }
}
