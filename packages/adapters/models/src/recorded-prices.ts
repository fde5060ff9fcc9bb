/** The price tables of the registry's log: each in force from its time on, corrected by later ones. */
import type { EpochMs, PriceBook, PriceTableData } from "@colophon/kernel";
import { ascending, tablePrices } from "./table-prices.ts";

/** A stretch of time and the table in force in it. */
export interface TableSpan {
  readonly since: EpochMs;
  /** Null while no later table ends it. */
  readonly until: EpochMs | null;
  readonly data: PriceTableData;
}

/**
 * Which table is in force when. Records come in the order of the log, and each replaces what earlier
 * ones said of the time from its `since` on, so a later record whose `since` lies in the past prices
 * that past anew. Spans come in the order of time.
 */
export function tableSpans(records: readonly PriceTableData[]): readonly TableSpan[] {
  const spans: TableSpan[] = [];
  for (const data of records) {
    while ((spans.at(-1)?.since ?? Number.NEGATIVE_INFINITY) >= data.since) spans.pop();
    const last = spans.pop();
    if (last !== undefined) spans.push({ ...last, until: data.since });
    spans.push({ since: data.since, until: null, data });
  }
  return spans;
}

/** The recorded tables, each in its time, in front of the list prices. */
export function recordedPrices(records: readonly PriceTableData[], list: PriceBook): PriceBook {
  const spans = tableSpans(records).map(({ since, until, data: { name, hash, table } }) => ({
    since,
    until,
    book: tablePrices({ table, source: { kind: "table", name, hash } }, { list, next: list }),
  }));
  return {
    priceOf(question) {
      return (spans.findLast(({ since }) => since <= question.at)?.book ?? list).priceOf(question);
    },
    changes(span) {
      const { since, until } = span;
      const starts = spans.map((one) => one.since).filter((at) => at > since && at < until);
      const inner = spans.flatMap((one) => {
        const [from, to] = [Math.max(since, one.since), Math.min(until, one.until ?? until)];
        return from < to ? one.book.changes({ ...span, since: from, until: to }) : [];
      });
      return ascending([...starts, ...list.changes(span), ...inner]);
    },
  };
}
