/** Opens outputs as killed runs leave them. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBatchOutput } from "./batch-output.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function result(line: number, error: string | null = null) {
  return { line, executionId: null, version: 1, output: `größer ${line}`, error };
}

test("wherever a run is cut off, the next one keeps whole lines and makes the others again", async () => {
  const whole = [result(1), result(900), result(2, "Error: no")]
    .map((one) => `${JSON.stringify(one)}\n`)
    .join("");
  const bytes = Buffer.from(whole);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: bytes.length }), async (cut) => {
      const file = join(folder, `out-${cut}.jsonl`);
      writeFileSync(file, bytes.subarray(0, cut));
      const kept = bytes.subarray(0, cut).lastIndexOf(10) + 1;
      const output = await openBatchOutput(file);
      expect(readFileSync(file).length).toBe(kept);
      for (const line of [1, 900, 2]) if (!output.finished.has(line)) output.append(result(line));
      output.close();
      const lines = readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text).line);
      expect(lines.sort()).toEqual([1, 2, 900]);
    }),
    { numRuns: 40 },
  );
});

test("finished lines and those with an error are counted", async () => {
  const file = join(folder, "out.jsonl");
  const output = await openBatchOutput(file);
  output.append(result(70_000));
  output.append(result(3, "Error: no"));
  output.close();
  const again = await openBatchOutput(file);
  expect([again.finished.count, again.finished.errors]).toEqual([2, 1]);
  expect([again.finished.has(70_000), again.finished.has(3), again.finished.has(4)]).toEqual([
    true,
    true,
    false,
  ]);
  again.close();
});

test("a file of somebody else is refused and left as it is", async () => {
  const file = join(folder, "notes.txt");
  writeFileSync(file, "my notes\nmore");
  await expect(openBatchOutput(file)).rejects.toMatchObject({
    code: "input-malformed",
    message: expect.stringContaining("line 1"),
  });
  appendFileSync(file, "!");
  expect(readFileSync(file, "utf8")).toBe("my notes\nmore!");
});
