/** What is taken for an entry of a ledger, and what is not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorCodeOf } from "../errors.ts";
import { readLedgerEntry } from "./read-ledger-entry.ts";
import { FULL_EXECUTION, FULL_OUTCOME } from "./records.fixture.ts";

function executionRow(): Record<string, unknown> {
  const { at: _at, writer: _w, seq: _s, chain: _c, inputHash: _i, outputHash: _o, ...row } = FULL_EXECUTION;
  const contents = {
    inputDigest: "a".repeat(64),
    outputDigest: null,
    variables: "{}",
    output: null,
    days: 30,
  };
  return { ...row, contents };
}

function outcomeRow(): Record<string, unknown> {
  const { at: _at, writer: _w, seq: _s, chain: _c, ...row } = FULL_OUTCOME;
  return { ...row };
}

const ENTRIES: readonly { readonly kind: string; readonly row: Readonly<Record<string, unknown>> }[] = [
  { kind: "execution", row: executionRow() },
  { kind: "outcome", row: outcomeRow() },
  {
    kind: "start",
    row: { id: FULL_EXECUTION.id, prompt: "p", version: 1, hash: "0".repeat(64), environment: "e" },
  },
  { kind: "gap", row: { at: 1, kind: "dropped-row", count: 2, prompt: null, reason: "full" } },
];

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function fault(value: unknown): string {
  try {
    readLedgerEntry(value);
  } catch (error) {
    expect(errorCodeOf(error)).toBe("input-malformed");
    return (error as Error).message;
  }
  return "";
}

describe("an entry of a ledger", () => {
  it.each(ENTRIES)("is read back from JSON as it was: $kind", (entry) => {
    expect(readLedgerEntry(json(entry))).toEqual(json(entry));
  });

  it("is refused with the path to what is wrong", () => {
    const row = executionRow();
    const said = (more: object) => fault({ kind: "execution", row: { ...row, ...more } });
    expect(said({ tokens: { ...FULL_EXECUTION.tokens, input: -1 } })).toBe(
      "This is no entry of a ledger: row.tokens.input is -1, and takes a whole number from 0.",
    );
    expect(said({ lane: "fast" })).toContain('row.lane is "fast", and takes one of live');
    expect(said({ prompt: undefined })).toContain("row.prompt is missing");
    expect(said({ more: 1 })).toContain("row.more is no field of it");
    expect(said({ considered: [{ tier: "pin", outcome: "?" }] })).toContain("row.considered[0].outcome");
    expect(said({ id: "1" })).toContain("row.id");
    expect(said({ prompt: "\ud800" })).toContain("well-formed");
    expect(fault({ kind: "outcome", row: { ...outcomeRow(), name: "thumbs", value: 3 } })).toContain(
      "thumbs",
    );
    for (const value of [null, 1, "x", {}, { kind: "else" }, { kind: "toString", row: {} }, { kind: "gap" }])
      expect(fault(value)).toContain("no entry of a ledger");
  });

  it("never throws anything else, and never takes a row that lost a field", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          readLedgerEntry(value);
        } catch (error) {
          expect(errorCodeOf(error)).toBe("input-malformed");
        }
      }),
    );
    for (const { kind, row } of ENTRIES)
      for (const name of Object.keys(row))
        expect(fault({ kind, row: { ...row, [name]: undefined } })).not.toBe("");
  });
});
