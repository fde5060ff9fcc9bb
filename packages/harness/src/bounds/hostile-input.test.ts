/** No template, pattern, schema or value of a user holds a server up: each ends, in a process that would be killed. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { HOSTILE } from "./hostile-input.fixture.ts";

/** What hangs never ends by itself; all that ends does so within a minute. */
const KILL_MS = 300_000;
const FIXTURE = fileURLToPath(new URL("./hostile-input.fixture.ts", import.meta.url));

let ends: ReadonlyMap<string, string | null>;

beforeAll(async () => {
  const options = { timeout: KILL_MS, killSignal: "SIGKILL", maxBuffer: 10_000_000 } as const;
  const run = promisify(execFile)(process.execPath, ["--max-old-space-size=1024", FIXTURE], options);
  // What was killed says how far it came.
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
  const lines = stdout.split("\n").filter((line) => line !== "");
  ends = new Map(lines.map((line) => JSON.parse(line)));
}, KILL_MS + 10_000);

test.each(Object.entries(HOSTILE))("ends: %s", (name, [code]) => {
  expect(ends.has(name) ? ends.get(name) : "it did not end").toBe(code);
});
