/** Opens outputs as killed runs leave them. */
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BatchOutput } from "./batch-output.ts";

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
      const output = await BatchOutput.open(file);
      expect(readFileSync(file).length).toBe(kept);
      for (const line of [1, 900, 2]) if (!output.finished.has(line)) output.append(result(line));
      await output.close();
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
  const output = await BatchOutput.open(file);
  output.append(result(70_000));
  output.append(result(3, "Error: no"));
  await output.close();
  const again = await BatchOutput.open(file);
  expect([again.finished.count, again.finished.errors]).toEqual([2, 1]);
  expect([again.finished.has(70_000), again.finished.has(3), again.finished.has(4)]).toEqual([
    true,
    true,
    false,
  ]);
  await again.close();
});

test("a file of somebody else is refused and left as it is", async () => {
  const file = join(folder, "notes.txt");
  writeFileSync(file, "my notes\nmore");
  await expect(BatchOutput.open(file)).rejects.toMatchObject({
    code: "input-malformed",
    message: expect.stringContaining("line 1"),
  });
  appendFileSync(file, "!");
  expect(readFileSync(file, "utf8")).toBe("my notes\nmore!");
});

test("only one run at a time writes an output", async () => {
  const file = join(folder, "out.jsonl");
  const first = await BatchOutput.open(file);
  await expect(BatchOutput.open(file)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("another run"),
  });
  first.append(result(1));
  await first.close();
  expect(existsSync(`${file}.lock`)).toBe(false);
  const second = await BatchOutput.open(file);
  expect(second.finished.count).toBe(1);
  await second.close();
});

test("an output that takes no more ends with a whole line, says so, and goes on where there is room", async () => {
  const file = join(folder, "out.jsonl");
  const writer = fileURLToPath(new URL("output-writer.fixture.ts", import.meta.url));
  // A limit of the shell stands for a disk that is full: 1 KiB, in the middle of a line.
  const script = 'trap \'\' XFSZ; ulimit -f 1; exec "$0" "$1" "$2"';
  const told = JSON.parse(
    execFileSync("bash", ["-c", script, process.execPath, writer, file], { encoding: "utf8" }),
  );
  expect(told).toMatchObject({ code: "usage", message: expect.stringContaining("make room") });
  const text = readFileSync(file, "utf8");
  expect(text.endsWith("\n")).toBe(true);
  const whole = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).line);
  expect(whole).toEqual(whole.map((_: number, index: number) => index + 1));
  expect(whole).toHaveLength(told.line - 1);
  const output = await BatchOutput.open(file);
  expect(output.finished.count).toBe(whole.length);
  await output.close();
});

test("an output in a place that cannot be written is refused in a sentence", async () => {
  await expect(BatchOutput.open(join(folder, "nowhere/out.jsonl"))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("cannot be written"),
  });
});
