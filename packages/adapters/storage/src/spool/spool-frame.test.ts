/** Lines of a spool: whole ones read back, torn and damaged ones never do. */
import type { LedgerEntry } from "@colophon/kernel";
import { anExecution, anOutcome, fixedClock, seededIds } from "@colophon/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { frameEntry, readFrame } from "./spool-frame.ts";

const ids = seededIds({ clock: fixedClock(), seed: 1 });

function lineOf(entry: LedgerEntry): Buffer {
  const line = frameEntry(entry);
  expect(line.indexOf("\n")).toBe(line.length - 1);
  return line.subarray(0, -1);
}

test("What is framed reads back as it was, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(), (text, latency) => {
      const contents = {
        inputDigest: null,
        outputDigest: null,
        variables: text,
        output: `\n${text}\r\n`,
        days: null,
      };
      const row = anExecution(ids, { latency, contents, subjects: { user: text } });
      const read = readFrame(lineOf({ kind: "execution", row }));
      expect(read).toEqual(JSON.parse(JSON.stringify({ kind: "execution", row })));
    }),
  );
});

test("A line cut short at any byte, or with any byte changed, is no line", () => {
  const line = lineOf({ kind: "outcome", row: anOutcome(ids, anExecution(ids).id) });
  for (let at = 0; at < line.length; at++) {
    expect(readFrame(line.subarray(0, at))).toBeUndefined();
    const changed = Buffer.from(line);
    changed[at] = (line[at] as number) ^ 0x01;
    expect(readFrame(changed)).toBeUndefined();
  }
});

test("Lines of something else are no lines", () => {
  for (const text of ["", "{}", "notes", "00000002 00000000 {}", "0000000z 00000000 {}"]) {
    expect(readFrame(Buffer.from(text))).toBeUndefined();
  }
});
