/** Takes rows out of spools and memory, as batches that can travel: as they stand on disk, without reading them. */
import { type GapDraft, type LedgerEntry, timeOfId } from "@colophon/kernel";
import {
  type AdoptedSpool,
  lossOf,
  type SegmentedSpool,
  type SpoolBacklog,
  type SpoolReader,
} from "@colophon/storage/spool";

/** Entries under way, in order. */
export interface LedgerBatch {
  /** Each one's JSON. */
  readonly bodies: readonly Buffer[];
  /** How many of this process's own entries these are. */
  readonly own: number;
  /** They have arrived: their place is free. */
  arrived(): void;
}

/** Entries, and bytes unpacked, of a batch. */
const MOST_ENTRIES = 500;
const MOST_BYTES = 256 * 1024;

/** What a killed process left, and how far it was handed on. */
export class SpoolLegacy {
  readonly #spool: AdoptedSpool;
  #offset = 0;
  #damaged = 0;

  constructor(spool: AdoptedSpool) {
    this.#spool = spool;
  }

  /** Undefined when all of it has arrived; it is removed then. */
  next(): LedgerBatch | undefined {
    const reader = this.#spool.reader(this.#offset);
    const { bodies, damaged, done } = readBodies(reader);
    const lost = this.#damaged + damaged;
    if (done && lost > 0) bodies.push(bodyOf({ kind: "gap", row: damageGap(this.#spool.id, lost) }));
    const arrived = (): void => {
      this.#offset = reader.offset;
      this.#damaged = done ? 0 : lost;
    };
    if (bodies.length > 0) return { bodies, own: 0, arrived };
    this.#spool.remove();
    return undefined;
  }

  /** Leaves the rest to the next one. */
  leave(): void {
    this.#spool.leave();
  }
}

/** The oldest entries of this process's own spool; undefined where none wait. */
export function spooledBatch(spool: SegmentedSpool): LedgerBatch | undefined {
  for (let segment = spool.oldest; segment !== undefined; segment = spool.oldest) {
    const reader = segment.reader();
    const { id } = segment;
    if (reader === undefined || id === undefined) return undefined;
    const { bodies, lines, damaged, done } = readBodies(reader);
    if (damaged > 0) bodies.push(bodyOf({ kind: "gap", row: damageGap(id, damaged) }));
    const own = segment;
    // At its end nothing of what waits now waits any more, whatever was counted.
    const count = done ? segment.entries : lines;
    const arrived = (): void => spool.drained(own, reader.offset, count);
    if (bodies.length > 0) return { bodies, own: count, arrived };
    arrived();
  }
  return undefined;
}

/** The oldest entries in memory; undefined where none wait. */
export function rememberedBatch(backlog: SpoolBacklog): LedgerBatch | undefined {
  const bodies: Buffer[] = [];
  let bytes = 0;
  for (const entry of backlog.memory.slice(0, MOST_ENTRIES)) {
    const body = bodyOrGap(entry);
    bytes += body.length;
    if (bodies.length > 0 && bytes > MOST_BYTES) break;
    bodies.push(body);
  }
  const own = bodies.length;
  return own === 0 ? undefined : { bodies, own, arrived: () => backlog.forget(own) };
}

interface ReadBodies {
  readonly bodies: Buffer[];
  readonly lines: number;
  readonly damaged: number;
  /** True when nothing follows. */
  readonly done: boolean;
}

function readBodies(reader: SpoolReader): ReadBodies {
  const bodies: Buffer[] = [];
  let [lines, damaged, bytes] = [0, 0, 0];
  while (bodies.length < MOST_ENTRIES && bytes < MOST_BYTES) {
    const line = reader.nextBody();
    if (line === undefined) return { bodies, lines, damaged, done: true };
    lines += 1;
    if (line.body === undefined) damaged += 1;
    else bodies.push(line.body);
    bytes += line.body?.length ?? 0;
  }
  return { bodies, lines, damaged, done: false };
}

function bodyOf(entry: LedgerEntry): Buffer {
  return Buffer.from(JSON.stringify(entry));
}

/** What was never written down may turn out to be no JSON. */
function bodyOrGap(entry: LedgerEntry): Buffer {
  try {
    return bodyOf(entry);
  } catch (error) {
    const at = entry.kind === "gap" ? entry.row.at : timeOfId(entry.row.id);
    const reason = `it is no JSON (${error instanceof Error ? error.name : typeof error})`;
    return bodyOf({ kind: "gap", row: { at, count: 1, ...lossOf(entry), reason } });
  }
}

/** The gap that unreadable lines leave; the same one each time the spool is read. */
function damageGap(id: string, count: number): GapDraft {
  const reason = `unreadable lines in the spool ${id}`;
  return { at: timeOfId(id), kind: "dropped-row", count, prompt: null, reason };
}
