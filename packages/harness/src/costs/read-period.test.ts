/** Tests of times as people write them for costs. */
import { errorCodeOf } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { readDuration, readRange, readSince } from "./read-period.ts";

const NOW = Date.parse("2026-03-16T14:32:00Z");

function codeOf(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    return errorCodeOf(error);
  }
  return undefined;
}

describe("Times", () => {
  test.each([
    ["10s", 10_000],
    ["30m", 30 * 60_000],
    ["2h", 2 * 3_600_000],
    ["7d", 7 * 86_400_000],
    ["1W", 7 * 86_400_000],
    [" 90 m ", 90 * 60_000],
    ["0h", undefined],
    ["2", undefined],
    ["2y", undefined],
    ["-2h", undefined],
    ["1.5h", undefined],
  ])("of %s last as long as they say, or are none", (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  test("are a duration back from now, or an instant", () => {
    expect(readSince("2h", "--since", NOW)).toBe(NOW - 2 * 3_600_000);
    expect(readSince("2026-03-01", "--since", NOW)).toBe(Date.parse("2026-03-01"));
    expect(codeOf(() => readSince("2026-02-30", "--since", NOW))).toBe("time-invalid");
    expect(codeOf(() => readSince("", "--since", NOW))).toBe("time-invalid");
  });

  test("with .. between them are a window, the second one outside of it", () => {
    expect(readRange("2026-03-01..2026-03-02T12:00Z", "--before")).toEqual({
      since: Date.parse("2026-03-01"),
      until: Date.parse("2026-03-02T12:00Z"),
    });
  });

  test.each([
    ["2026-03-01", "time-invalid"],
    ["2026-03-01..", "time-invalid"],
    ["..", "time-invalid"],
    ["2026-03-01..2026-03-02..2026-03-03", "time-invalid"],
    ["2026-03-02..2026-03-01", "usage"],
    ["2026-03-01..2026-03-01", "usage"],
  ])("%s are no window", (text, code) => {
    expect(codeOf(() => readRange(text, "--before"))).toBe(code);
  });
});
