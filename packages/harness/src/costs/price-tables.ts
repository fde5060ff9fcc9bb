/** Records price tables and lists which one is in force when. */
import { writtenReason } from "@colophon/delivery";
import type { EpochMs } from "@colophon/kernel";
import { type TableSpan, tableSpans } from "@colophon/models";
import type { Harness } from "../harness.ts";
import {
  openPrices,
  type PriceTableRecord,
  type PriceText,
  priceTableRecords,
  readPrices,
} from "./house-prices.ts";

export interface SetPricesRequest {
  readonly prices: PriceText;
  /** Now unless given; a time in the past prices that past anew. */
  readonly since?: EpochMs;
  readonly reason: string;
}

/** A table and the time that it was in force before; times are ISO 8601, `until` null for one without an end. */
export interface ReplacedTable {
  readonly name: string;
  readonly hash: string;
  readonly since: string;
  readonly until: string | null;
}

export interface SetPricesResult {
  readonly name: string;
  /** SHA-256 (hex) over the table's content. */
  readonly hash: string;
  readonly since: string;
  /** How many entries it has. */
  readonly prices: number;
  /** Tables that it takes the place of, from `since` on. */
  readonly replaced: readonly ReplacedTable[];
  /** True when this table is in force from then on already; nothing was recorded. */
  readonly unchanged: boolean;
  readonly revision: number | null;
  readonly at: string | null;
}

/**
 * Records a price table that is in force from a time on, until a later record says otherwise.
 *
 * @throws HarnessError `input-malformed`, `time-invalid` or `reason-missing`.
 * @example
 * await setPrices(harness, {
 *   prices: { file: "prices.yaml", text: "prices: [{ model: openai/*, factor: 0.85 }]" },
 *   reason: "contract of 2026",
 * });
 */
export async function setPrices(harness: Harness, request: SetPricesRequest): Promise<SetPricesResult> {
  const reason = writtenReason(request.reason, "A price table");
  const { name, hash, table } = readPrices(request.prices);
  const since = request.since ?? harness.clock.now();
  const spans = tableSpans((await priceTableRecords(harness)).map(({ data }) => data));
  const later = spans.filter(({ until }) => until === null || until > since);
  const unchanged =
    later[0] !== undefined && later[0].since <= since && later.every(({ data }) => data.hash === hash);
  const said = { name, hash, since: new Date(since).toISOString(), prices: table.prices.length };
  if (unchanged) return { ...said, replaced: [], unchanged, revision: null, at: null };
  const data = { name, hash, since, reason, table };
  const { records } = await harness.records.append(() => ({
    drafts: [{ kind: "price-table", by: harness.actor, data }],
    result: null,
  }));
  const [record] = records;
  return {
    ...said,
    replaced: later.map((span) => replacedBy(span, since)),
    unchanged,
    revision: record?.revision ?? null,
    at: record === undefined ? null : new Date(record.at).toISOString(),
  };
}

function replacedBy({ data, since, until }: TableSpan, from: EpochMs): ReplacedTable {
  const { name, hash } = data;
  return { name, hash, since: written(Math.max(since, from)), until: until === null ? null : written(until) };
}

export type TableStatus = "in-force" | "past" | "to-come" | "replaced";

/** A recorded table, the working copy, or the list prices; what does not apply is null. */
export interface PriceTableRow {
  readonly kind: "working-copy" | "table" | "list";
  readonly name: string;
  readonly hash: string;
  readonly since: string | null;
  readonly until: string | null;
  readonly status: TableStatus;
  readonly prices: number | null;
  readonly reason: string | null;
  readonly by: string | null;
  readonly at: string | null;
  readonly revision: number | null;
}

/**
 * What prices come from, in the order in which it is asked: the working copy, the recorded tables from
 * the newest record to the oldest, the list prices.
 *
 * @throws HarnessError `input-malformed` or `time-invalid` for the file beside the store.
 * @example
 * const [first] = await listPriceTables(harness);
 */
export async function listPriceTables(harness: Harness): Promise<readonly PriceTableRow[]> {
  const { records, workingCopy, listSource } = await openPrices(harness);
  const spans = tableSpans(records.map(({ data }) => data));
  const now = harness.clock.now();
  const copy = workingCopy && {
    ...NOT_RECORDED,
    kind: "working-copy" as const,
    name: workingCopy.file,
    hash: workingCopy.hash,
    prices: workingCopy.table.prices.length,
  };
  const recorded = records.map((record) => recordedRow(record, { spans, now })).reverse();
  const list = { ...NOT_RECORDED, kind: "list" as const, name: listSource.name, hash: listSource.hash };
  return [...(copy === null ? [] : [copy]), ...recorded, list];
}

const NOT_RECORDED = {
  since: null,
  until: null,
  status: "in-force",
  prices: null,
  reason: null,
  by: null,
  at: null,
  revision: null,
} as const;

function recordedRow(
  { data, by, at, revision }: PriceTableRecord,
  { spans, now }: { readonly spans: readonly TableSpan[]; readonly now: EpochMs },
): PriceTableRow {
  const span = spans.find((one) => one.data === data);
  return {
    kind: "table",
    name: data.name,
    hash: data.hash,
    since: written(data.since),
    until: span === undefined || span.until === null ? null : written(span.until),
    status: statusOf(span, now),
    prices: data.table.prices.length,
    reason: data.reason,
    by: by.id,
    at: written(at),
    revision,
  };
}

function statusOf(span: TableSpan | undefined, now: EpochMs): TableStatus {
  if (span === undefined) return "replaced";
  if (span.since > now) return "to-come";
  return span.until !== null && span.until <= now ? "past" : "in-force";
}

function written(at: EpochMs): string {
  return new Date(at).toISOString();
}
