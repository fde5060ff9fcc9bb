/** Batches of ledger rows as the SDK ships them: one entry a line, packed. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { LedgerEntry } from "@colophon/kernel";
import { executionDrafts } from "../workload/execution-drafts.ts";
import { type HttpAnswer, jsonOf, requestBytes } from "./http-connection.ts";

const HEADERS = { "content-type": "application/x-ndjson", "content-encoding": "gzip" } as const;

/** Makes requests one after the other, each with rows of its own. */
export function ledgerBatches(seed: number, rows: number): (key: string) => Promise<Buffer> {
  const next = executionDrafts(seed, "none");
  return async (key) => {
    const entries = Array.from({ length: rows }, (): LedgerEntry => ({ kind: "execution", row: next() }));
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    const body = await promisify(gzip)(lines);
    return requestBytes({ method: "POST", path: "/ledger", key, headers: HEADERS, body });
  };
}

/** @throws Error where a row of the batch was not stored. */
export function checkStored(answer: HttpAnswer, rows: number): void {
  const { stored } = jsonOf<{ readonly stored: number }>(answer);
  if (stored !== rows) throw new Error(`Of ${rows} rows ${stored} were stored.`);
}
