/** Tests of what a server answers that is no registry of ours: no file comes of it, and nobody waits for ever. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openRemoteHouse } from "../../remote/open-remote-house.ts";
import { findPromptFolder } from "./prompt-folder.ts";
import { pullFolder } from "./pull-folder.ts";

let server: Server;
let folder: string;
let answer: object;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-strange-"));
  server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function pull(): Promise<unknown> {
  const { port } = server.address() as AddressInfo;
  const actor = { id: "ada", via: "cli", role: null } as const;
  const house = openRemoteHouse({ url: `http://127.0.0.1:${port}`, apiKey: "k", actor });
  const request = { keys: [], here: true, branch: null, conflicts: false };
  return pullFolder(house, { folder: findPromptFolder(folder, "prompts"), ...request });
}

const HEAD = { newest: 1, head: null, metadata: "", live: {} };

it.each(["../../outside", "a\\..\\..\\b", "a\n\u001b[31m"])("A key like %j is refused", async (key) => {
  answer = { heads: [{ ...HEAD, key }], next: null };
  await expect(pull()).rejects.toMatchObject({ code: "prompt-invalid" });
  expect(readdirSync(folder)).toEqual([]);
});

it("Pages that go on with themselves come to an end", async () => {
  answer = { heads: [{ ...HEAD, key: "a" }], next: "a" };
  await expect(pull()).rejects.toMatchObject({
    code: "input-malformed",
    message: expect.stringContaining("goes on after a with a again"),
  });
});
