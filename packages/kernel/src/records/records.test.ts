/** Tests that every record is plain JSON. */
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../canonical-json.ts";
import { EVERY_RECORD, everyRecord, FULL_EXECUTION, FULL_OUTCOME } from "./records.fixture.ts";

describe("records", () => {
  it.each(Object.entries(EVERY_RECORD))(
    "of kind %s are plain JSON: written and read back they are the same",
    (_, data) => {
      expect(JSON.parse(canonicalJson(data))).toEqual(data);
      expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data);
    },
  );

  it("of the ledger are plain JSON too", () => {
    expect(JSON.parse(JSON.stringify(FULL_EXECUTION))).toStrictEqual(FULL_EXECUTION);
    expect(JSON.parse(JSON.stringify(FULL_OUTCOME))).toStrictEqual(FULL_OUTCOME);
  });

  it("are told apart by their kind alone", () => {
    const kinds = everyRecord().map((record) => record.kind);
    expect(new Set(kinds)).toHaveLength(kinds.length);
  });
});
