/** The prices of a house: negotiated ones from files and records, in front of the list prices. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import {
  HarnessError,
  type PriceBook,
  type PriceSource,
  type PriceTableData,
  type RegistryRecord,
} from "@colophon/kernel";
import {
  loadListPrices,
  type ReadPrices,
  readPriceTable,
  recordedPrices,
  tablePrices,
} from "@colophon/models";
import type { Harness } from "../harness.ts";
import { readInstant } from "../read-time.ts";

/** Looked for beside the store. */
export const PRICES_FILE = "prices.yaml";

/** A price file that somebody has read. */
export interface PriceText {
  /** As people know it, for messages. */
  readonly file: string;
  readonly text: string;
}

export interface NamedPrices extends ReadPrices {
  readonly name: string;
}

/** A table that prices everything as long as it lies there, and is in no record. */
export interface WorkingCopy extends NamedPrices {
  readonly file: string;
}

export interface HousePrices {
  readonly book: PriceBook;
  readonly listSource: PriceSource;
  readonly workingCopy: WorkingCopy | null;
  readonly records: readonly PriceTableRecord[];
}

export type PriceTableRecord = Extract<RegistryRecord, { readonly kind: "price-table" }>;

/**
 * The file that is given, else the one beside the store, comes before the recorded tables, and these
 * before the list prices. A file that says what the newest record says is no working copy any more.
 *
 * @throws HarnessError `input-malformed` or `time-invalid`.
 */
export async function openPrices(harness: Harness, given?: PriceText): Promise<HousePrices> {
  const [list, records] = await Promise.all([loadListPrices(), priceTableRecords(harness)]);
  const { source: listSource } = list;
  const recorded = recordedPrices(
    records.map(({ data }) => data),
    list,
  );
  const text = given ?? besideStore(harness);
  const read = text === undefined ? null : { file: text.file, ...readPrices(text) };
  const isRecorded = given === undefined && read?.hash === newest(records)?.hash;
  if (read === null || isRecorded) return { book: recorded, listSource, workingCopy: null, records };
  const { name, hash, table } = read;
  const named = { table, source: { kind: "working-copy", name, hash } } as const;
  return { book: tablePrices(named, { list, next: recorded }), listSource, workingCopy: read, records };
}

/** A table without a name is called after its file. @throws HarnessError `input-malformed` or `time-invalid`. */
export function readPrices({ file, text }: PriceText): NamedPrices {
  const read = readPriceTable({ file, text, readTime: readInstant });
  return { ...read, name: read.name ?? basename(file).replace(/\.[^.]+$/, "") };
}

export async function priceTableRecords({ records }: Harness): Promise<readonly PriceTableRecord[]> {
  const found = await records.listRecords({ kinds: ["price-table"] });
  return found.filter((record): record is PriceTableRecord => record.kind === "price-table");
}

function newest(records: readonly PriceTableRecord[]): PriceTableData | undefined {
  return records.at(-1)?.data;
}

function besideStore({ folder }: Harness): PriceText | undefined {
  const file = folder === null ? undefined : join(folder, PRICES_FILE);
  if (file === undefined || !existsSync(file)) return undefined;
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (cause) {
    throw new HarnessError("input-malformed", `${file} cannot be read; make it readable or move it away.`, {
      cause,
    });
  }
}
