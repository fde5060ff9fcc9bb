/** Tests that errors which nobody looks at are reported to the process as they are without Colophon. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const process_ = fileURLToPath(new URL("unheard-errors.fixture.ts", import.meta.url));

async function run(how: "bare" | "recorded"): Promise<{ unhandled: readonly string[]; errors: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [process_, how]);
  return JSON.parse(stdout) as { unhandled: readonly string[]; errors: number };
}

it("leaves errors unhandled that were unhandled, of promises and of helpers alike", async () => {
  const [bare, recorded] = await Promise.all([run("bare"), run("recorded")]);
  expect(bare.unhandled).toHaveLength(7);
  expect(recorded.unhandled).toEqual(bare.unhandled);
  // Helpers tell of their error; a promise that nobody asked is an aborted row, when it is collected or at the end.
  expect(recorded.errors).toBe(3);
}, 60_000);
