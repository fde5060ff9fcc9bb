/** Holds the records of the registry's log, in order, against their chain, the seals and the texts they promise. */
import {
  canonicalJson,
  chainStart,
  hashText,
  type RecordDraft,
  type RegistryRecord,
  recordLink,
  type VersionText,
} from "@colophon/kernel";
import { toHex } from "./bytes.ts";
import { RECORD_CHAIN } from "./chain-names.ts";
import { fastHash } from "./fast-hash.ts";
import type { Findings } from "./findings.ts";
import { promisedText, recordKey } from "./record-rules.ts";
import type { SqlRow } from "./sql-row.ts";
import type { StoredSeal } from "./stored-seal.ts";

export interface RecordWalkParts {
  /** In their order. */
  readonly seals: Iterator<StoredSeal, unknown>;
  hasText(hash: string): boolean;
}

export class RecordWalk {
  readonly #findings: Findings;
  readonly #hasText: RecordWalkParts["hasText"];
  readonly #seals: Iterator<StoredSeal, unknown>;
  #seal: IteratorResult<StoredSeal, unknown>;
  /** What the link before may be: as it is stored, or as it should have been. */
  #previous: readonly string[] = [chainStart(RECORD_CHAIN, fastHash)];
  #last = 0;
  #count = 0;

  constructor({ seals, hasText }: RecordWalkParts, findings: Findings) {
    this.#findings = findings;
    this.#hasText = hasText;
    this.#seals = seals;
    this.#seal = seals.next();
  }

  /** A row with `revision`, `at`, `kind`, `key`, `body` and `chain`; gives the record where it is legible. */
  meet(row: SqlRow): RegistryRecord | undefined {
    const revision = row.revision as number;
    const chain = toHex(row.chain as Uint8Array);
    const record = readStrictly(row);
    this.#count += 1;
    if (revision !== this.#last + 1) {
      this.#findings.add(
        "missing-record",
        `revision ${this.#last + 1}`,
        `The log goes on at ${revision} where ${this.#last + 1} was due.`,
      );
      this.#previous = [chain];
    } else this.#previous = this.#checkRecord(record, { revision, chain });
    this.#last = revision;
    for (; !this.#seal.done && this.#seal.value.seal.revision <= revision; this.#seal = this.#seals.next()) {
      this.#checkSealed(this.#seal.value, { revision, chain });
    }
    return record;
  }

  /** @returns how many records there are, and the revision of the last one. */
  end(): { readonly count: number; readonly last: number } {
    for (; !this.#seal.done; this.#seal = this.#seals.next()) this.#reportCut(this.#seal.value);
    return { count: this.#count, last: this.#last };
  }

  /** Checks one record and gives what the next one may be linked to. */
  #checkRecord(
    record: RegistryRecord | undefined,
    { revision, chain }: { readonly revision: number; readonly chain: string },
  ): readonly string[] {
    const where = `revision ${revision}`;
    if (record === undefined) {
      this.#findings.add("altered-record", where, "The record is not as it was written.");
      return [chain];
    }
    const hash = promisedText(record);
    if (hash !== null && !this.#hasText(hash)) {
      this.#findings.addOnce("missing-text", hash, `Record ${revision} names a text that is not there.`);
    }
    const links = this.#previous.map((link) => fastHash(recordLink(link, record)));
    if (links.includes(chain)) return [chain];
    this.#findings.add("altered-record", where, "The record does not hash to its link of the chain.");
    return [chain, ...links];
  }

  #checkSealed(
    { seal }: StoredSeal,
    { revision, chain }: { readonly revision: number; readonly chain: string },
  ): void {
    if (seal.revision !== revision || seal.recordChain === chain) return;
    const message = `Seal ${seal.seq} has seen another record there.`;
    this.#findings.addOnce("altered-record", `revision ${revision}`, message);
  }

  #reportCut({ seal }: StoredSeal): void {
    if (seal.revision <= this.#last) return;
    const message = `Seal ${seal.seq} has seen records up to ${seal.revision}, the log ends at ${this.#last}.`;
    this.#findings.addOnce("missing-record", `revision ${this.#last + 1}`, message);
  }
}

/** The record of a row; undefined when the row says two different things or nothing legible. */
function readStrictly(row: SqlRow): RegistryRecord | undefined {
  try {
    const { by, data } = JSON.parse(String(row.body)) as RecordDraft;
    if (canonicalJson({ by, data }) !== row.body) return undefined;
    const record = { revision: row.revision, at: row.at, kind: row.kind, by, data } as RegistryRecord;
    return recordKey(record) === row.key ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Re-hashes a text; only the order of its fields is beyond the hash.
 *
 * @returns hashes of the documents that it is made of: the chunks of a large eval set.
 */
export function checkText(row: SqlRow, findings: Findings): readonly string[] {
  const hash = toHex(row.hash as Uint8Array);
  const body = row.body as string;
  if (hashOf(body) === hash) return partsOf(body);
  findings.add("altered-text", hash, "The text does not hash to its name.");
  return [];
}

/** Of a body that is as it was kept. */
function partsOf(body: string): readonly string[] {
  if (!body.includes('"chunks":[{"hash":')) return [];
  const { format, chunks } = JSON.parse(body) as {
    readonly format?: unknown;
    readonly chunks?: readonly { readonly hash: string }[];
  };
  return format === 2 && Array.isArray(chunks) ? chunks.map((chunk) => chunk.hash) : [];
}

export function reportMissingPart(hash: string, part: string, findings: Findings): void {
  findings.addOnce("missing-text", part, `The document ${hash} has a part that is not there.`);
}

/** Null for what is no text, or not as it was kept. */
function hashOf(body: string): string | null {
  try {
    const text = JSON.parse(body) as VersionText;
    return JSON.stringify(text) === body ? hashText(text) : null;
  } catch {
    return null;
  }
}
