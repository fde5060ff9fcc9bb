/** Tests of what is told of a file before a server is asked to take it in: nobody listens at its address. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anActor } from "@colophon/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { House } from "../house.ts";
import { openHouse } from "../open-house.ts";
import { LARGEST_EVAL_SET } from "./eval-set-operations.ts";
import { importEvalSet } from "./offered-eval-sets.ts";

let folder: string;
let house: House;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "colophon-offered-"));
  const apiKey = "clp_none";
  house = await openHouse({
    store: "http://127.0.0.1:1",
    apiKey,
    cwd: folder,
    mode: "write",
    actor: anActor(),
  });
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { file: name, path, format: "jsonl" } as const;
}

test("a file that is larger than a server takes in is refused before it is sent, and how it goes in is said", async () => {
  // Three bytes each: it is bytes that count.
  const text = "€".repeat(LARGEST_EVAL_SET / 3 + 1);
  for (const large of [file("large.jsonl", text), { file: "large.jsonl", text, format: "jsonl" } as const]) {
    await expect(importEvalSet(house, { file: large, name: "triage" })).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringContaining("--add"),
    });
  }
});

test("a file that cannot be read, or is no text, is told of here", async () => {
  const missing = { file: "none.jsonl", path: join(folder, "none.jsonl"), format: "jsonl" } as const;
  const bytes = file("bytes.jsonl", new Uint8Array([0xff, 0xfe, 0x00]));
  for (const [given, why] of [
    [missing, "none.jsonl cannot be read (ENOENT)"],
    [bytes, "bytes.jsonl is not UTF-8 text"],
  ] as const) {
    await expect(importEvalSet(house, { file: given, name: "triage" })).rejects.toMatchObject({
      code: "input-malformed",
      message: expect.stringContaining(why),
    });
  }
});

test("what a server could take in is sent to it", async () => {
  const small = file("small.jsonl", '{"variables":{"ticket":"x"}}');
  await expect(importEvalSet(house, { file: small, name: "triage" })).rejects.toMatchObject({
    code: "store-unavailable",
  });
});
