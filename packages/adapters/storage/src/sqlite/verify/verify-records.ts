/** Holds the registry's log against its chain and its seals, and the texts against their hashes. */
import {
  canonicalJson,
  chainStart,
  hashText,
  type RecordDraft,
  type RegistryRecord,
  recordLink,
  type VersionText,
} from "@colophon/kernel";
import { RECORD_CHAIN } from "../../shared/chain-names.ts";
import { promisedText, recordKey } from "../../shared/record-rules.ts";
import { toHex } from "../bytes.ts";
import { fastHash } from "../fast-hash.ts";
import type { SqlRow } from "../node-sqlite.ts";
import { hasText } from "../registry-log.ts";
import type { StoredSeal } from "../seal-ledger.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import type { Findings } from "./findings.ts";
import { sealsOf } from "./verify-seals.ts";

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

export function verifyRecords(core: SqliteCore, findings: Findings): number {
  const seals = sealsOf(core);
  let seal = seals.next();
  let previous: readonly string[] = [chainStart(RECORD_CHAIN, fastHash)];
  let last = 0;
  let count = 0;
  for (const row of core.prepare("SELECT * FROM record ORDER BY revision").iterate() as Iterable<SqlRow>) {
    const revision = row.revision as number;
    const chain = toHex(row.chain as Uint8Array);
    count += 1;
    if (revision !== last + 1) {
      findings.add(
        "missing-record",
        `revision ${last + 1}`,
        `The log goes on at ${revision} where ${last + 1} was due.`,
      );
      previous = [chain];
    } else previous = checkRecord(core, { row, chain, previous }, findings);
    last = revision;
    while (!seal.done && seal.value.seal.revision <= revision) {
      checkSealedRecord(seal.value, { revision, chain }, findings);
      seal = seals.next();
    }
  }
  for (; !seal.done; seal = seals.next()) reportCut(seal.value, last, findings);
  const watch = core.prepare("SELECT revision FROM watch").get() as { readonly revision: number } | undefined;
  if (watch?.revision !== last) {
    findings.addOnce(
      "missing-record",
      `revision ${last + 1}`,
      `The log ends at ${last}, its watch says ${watch?.revision}.`,
    );
  }
  return count;
}

interface RecordLinkCheck {
  readonly row: SqlRow;
  readonly chain: string;
  /** What the link before may be: as it is stored, or as it should have been. */
  readonly previous: readonly string[];
}

/** Checks one record and gives what the next one may be linked to. */
function checkRecord(
  core: SqliteCore,
  { row, chain, previous }: RecordLinkCheck,
  findings: Findings,
): readonly string[] {
  const where = `revision ${row.revision}`;
  const record = readStrictly(row);
  if (record === undefined) {
    findings.add("altered-record", where, "The record is not as it was written.");
    return [chain];
  }
  const hash = promisedText(record);
  if (hash !== null && !hasText(core.db, hash)) {
    findings.addOnce("missing-text", hash, `Record ${record.revision} names a text that is not there.`);
  }
  const links = previous.map((link) => fastHash(recordLink(link, record)));
  if (links.includes(chain)) return [chain];
  findings.add("altered-record", where, "The record does not hash to its link of the chain.");
  return [chain, ...links];
}

function checkSealedRecord(
  { seal }: StoredSeal,
  { revision, chain }: { readonly revision: number; readonly chain: string },
  findings: Findings,
): void {
  if (seal.revision !== revision || seal.recordChain === chain) return;
  findings.addOnce(
    "altered-record",
    `revision ${revision}`,
    `Seal ${seal.seq} has seen another record there.`,
  );
}

function reportCut({ seal }: StoredSeal, last: number, findings: Findings): void {
  if (seal.revision <= last) return;
  findings.addOnce(
    "missing-record",
    `revision ${last + 1}`,
    `Seal ${seal.seq} has seen records up to ${seal.revision}, the log ends at ${last}.`,
  );
}

/** Re-hashes every text. */
export function verifyTexts(core: SqliteCore, findings: Findings): number {
  let count = 0;
  for (const row of core.prepare("SELECT hash, body FROM text").iterate() as Iterable<SqlRow>) {
    const hash = toHex(row.hash as Uint8Array);
    count += 1;
    if (hashOf(row.body as string) !== hash)
      findings.add("altered-text", hash, "The text does not hash to its name.");
  }
  return count;
}

/** Null for what is no text, or not as it was kept; only the order of its fields is beyond the hash. */
function hashOf(body: string): string | null {
  try {
    const text = JSON.parse(body) as VersionText;
    return JSON.stringify(text) === body ? hashText(text) : null;
  } catch {
    return null;
  }
}
