/** Sends entries to a server's ledger until each of them is in it, or is refused for good. */
import { promisify } from "node:util";
import zlib from "node:zlib";
import { type Clock, errorCodeOf, HarnessError, type LedgerEntry } from "@colophon/kernel";
import { lossOf, type Refused, withoutContents } from "@colophon/storage/spool";
import { refusalDetails, type ServerCalls } from "./server-calls.ts";

export interface LedgerPostParts {
  readonly calls: ServerCalls;
  /** New at each start, for the server's eye on clocks. */
  readonly client: string;
  readonly clock: Clock;
}

/** What did not become a row, or not a whole one. */
export interface Delivery {
  readonly refused: readonly Refused[];
}

interface Answer {
  readonly stored: number;
  readonly refused: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

const NEWLINE = 0x0a;

export class LedgerPost {
  readonly #parts: LedgerPostParts;

  constructor(parts: LedgerPostParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the server has every entry that it takes. Sent twice, an entry is stored once.
   *
   * @throws HarnessError where it may not have them; all of them are to be sent again then.
   */
  async send(bodies: readonly Buffer[], signal: AbortSignal): Promise<Delivery> {
    try {
      return { refused: await this.#sendOnce(bodies, signal) };
    } catch (error) {
      if (!isAboutEntries(error)) throw error;
      // One entry that the server cannot take must not hold up the others.
      if (bodies.length === 1) return this.#sendLean(bodies[0] as Buffer, { error, signal });
      const half = bodies.length >> 1;
      const first = await this.send(bodies.slice(0, half), signal);
      const second = await this.send(bodies.slice(half), signal);
      return { refused: [...first.refused, ...second.refused] };
    }
  }

  async #sendOnce(bodies: readonly Buffer[], signal: AbortSignal): Promise<readonly Refused[]> {
    const { calls, client, clock } = this.#parts;
    const newline = Uint8Array.of(NEWLINE);
    const body = await promisify(zlib.gzip)(Buffer.concat(bodies.flatMap((one) => [one, newline])));
    const headers = {
      "content-type": "application/x-ndjson",
      "content-encoding": "gzip",
      "colophon-client": client,
      "colophon-sent-at": String(clock.now()),
    };
    const { text } = await calls.call({ method: "POST", path: "/ledger", headers, body }, signal);
    const { stored, refused } = calls.read(text) as Partial<Answer>;
    if (typeof stored !== "number" || !Array.isArray(refused)) {
      const sentence = `What answers at ${calls.place.name} does not say that it has the rows: it is no server of Colophon's.`;
      throw new HarnessError("store-unavailable", sentence);
    }
    return refused.flatMap(({ index, code }) => {
      const entry = bodies[index];
      return entry === undefined ? [] : refusedEntry(entry, code);
    });
  }

  /** An entry that is too large may be so by its contents. */
  async #sendLean(
    body: Buffer,
    { error, signal }: { readonly error: unknown; readonly signal: AbortSignal },
  ): Promise<Delivery> {
    const code = refusalDetails(error)?.status === 413 ? "too-large" : (errorCodeOf(error) ?? "refused");
    const lean = code === "too-large" ? withoutContents(entryOf(body)) : undefined;
    if (lean === undefined) return { refused: refusedEntry(body, code) };
    const { refused } = await this.send([Buffer.from(JSON.stringify(lean))], signal);
    const { prompt } = lossOf(lean);
    const contents = {
      kind: "dropped-contents",
      prompt,
      reason: "the server takes no row of this size",
    } as const;
    return { refused: refused.length > 0 ? refused : [contents] };
  }
}

/**
 * Whether the server says that it cannot take these entries, not that it can take none just now. Somebody
 * on the way who refuses whatever comes says nothing of entries, but for their size.
 */
function isAboutEntries(error: unknown): boolean {
  return errorCodeOf(error) === "input-malformed" || refusalDetails(error)?.status === 413;
}

/** Names the code alone: messages may quote contents. */
function refusedEntry(body: Buffer, code: string): readonly Refused[] {
  const entry = entryOf(body);
  // The gap that a refused gap left would be refused as well, and so on.
  if (entry.kind === "gap") return [];
  return [{ ...lossOf(entry), reason: `the server does not take such a row (${code})` }];
}

function entryOf(body: Buffer): LedgerEntry {
  return JSON.parse(body.toString("utf8")) as LedgerEntry;
}
