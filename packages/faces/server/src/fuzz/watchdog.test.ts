/** A process that hangs is ended by its watchdog, which says where it hung. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("A step that does not end is named, and its process killed", async () => {
  const hanging = fileURLToPath(new URL("./hanging-process.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [hanging], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => child.on("exit", (_code, signal) => done(signal)));
  expect(await text(child.stderr)).toContain("is killed, in: the second step");
  expect(await ended).toBe("SIGKILL");
});
