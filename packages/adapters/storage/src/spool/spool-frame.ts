/** One line of a spool: length, checksum and JSON, so that a torn line is recognised and skipped. */
import type { ExecutionDraft, ExecutionStart, OutcomeDraft } from "@colophon/kernel";
import type { GapDraft } from "../sqlite/ledger-writer.ts";
import { fastHash } from "../sqlite/fast-hash.ts";

/** What waits in a spool, or in memory, for the store. */
export type SpoolItem =
  | { readonly kind: "execution"; readonly row: ExecutionDraft }
  | { readonly kind: "outcome"; readonly row: OutcomeDraft }
  | { readonly kind: "start"; readonly row: ExecutionStart }
  | { readonly kind: "gap"; readonly row: GapDraft };

const CHECK_DIGITS = 16;

/** A line with its newline; JSON holds none itself, so a reader can always find the next line. */
export function writeFrame(item: SpoolItem): string {
  const json = JSON.stringify(item);
  return `${json.length} ${fastHash(json).slice(0, CHECK_DIGITS)} ${json}\n`;
}

/** The item of a line without its newline; undefined for a torn or foreign one. */
export function readFrame(line: string): SpoolItem | undefined {
  const first = line.indexOf(" ");
  const second = line.indexOf(" ", first + 1);
  if (first < 0 || second < 0) return undefined;
  const json = line.slice(second + 1);
  if (json.length !== Number(line.slice(0, first))) return undefined;
  if (fastHash(json).slice(0, CHECK_DIGITS) !== line.slice(first + 1, second)) return undefined;
  try {
    return JSON.parse(json) as SpoolItem;
  } catch {
    return undefined;
  }
}
