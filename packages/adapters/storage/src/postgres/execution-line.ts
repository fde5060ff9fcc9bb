/** A ledger row as the line by which PostgreSQL copies it in, without its number, which comes first. */
import type { StatedCost, UnchainedExecution } from "@colophon/kernel";
import { type PackedWords, packExtra, packFlags } from "../shared/execution-codec.ts";
import type { SubjectNumbers } from "../shared/row-subjects.ts";
import { COPY_NULL, copyBytes, copyText } from "./copy-in.ts";

export interface PlacedExecution {
  readonly row: UnchainedExecution;
  readonly chain: string;
  readonly writer: number;
  readonly subjects: SubjectNumbers;
  readonly words: PackedWords;
}

function number(value: number | null): string {
  return value === null ? COPY_NULL : String(value);
}

function text(value: string | null): string {
  return value === null ? COPY_NULL : copyText(value);
}

/** What no index of the sums could hold is no currency. */
const CURRENCY_BYTES = 400;

/** The stated cost as sums count it, its currency as JSON; null where there is none that could be added up. */
export function summedCost({ statedCost }: Pick<UnchainedExecution, "statedCost">): StatedCost | null {
  if (statedCost === null) return null;
  const currency = JSON.stringify(statedCost.currency);
  return Buffer.byteLength(currency) > CURRENCY_BYTES ? null : { amount: statedCost.amount, currency };
}

export function executionLine({ row, chain, writer, subjects, words }: PlacedExecution): string {
  const { tokens } = row;
  const extra = packExtra(row);
  const cost = summedCost(row);
  return [
    row.id, row.at, writer, row.seq, words.version, words.scope, words.route, words.model, words.finish,
    packFlags(row), number(row.revision),
    number(subjects.user), number(subjects.tenant), number(subjects.document), number(subjects.documentType),
    copyBytes(row.subjects.session), copyBytes(row.trace), copyBytes(row.span),
    number(tokens.input), number(tokens.output), number(tokens.reasoning), number(tokens.cacheRead),
    number(tokens.cacheWrite), row.latency, number(row.firstToken), number(row.outputLength),
    number(row.assignment === null ? null : row.assignment.draw), copyBytes(row.renderedHash),
    copyBytes(row.inputHash), copyBytes(row.outputHash), text(extra), number(row.step), number(cost?.amount ?? null),
    text(cost?.currency ?? null), copyBytes(chain),
  ].join("\t"); // biome-ignore format: the order of EXECUTION_COLUMNS, line by line
}
