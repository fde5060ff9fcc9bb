/** Media on a real embedded store: whatever is captured, no file of the store holds a medium. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaptureOption } from "@colophon/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { openEmbedded } from "./open-embedded.ts";

const look = definePrompt({
  key: "embedded.look",
  model: "gpt-5-mini",
  input: z.object({ question: z.string() }),
  media: { photo: "one", pages: "list" },
  body: "{{question}} {{photo}} {{#each pages}}{{this}}{{/each}}",
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "colophon-media-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Every file of the store, as it is on the disk: database, write-ahead log, spool. */
function everyByte(): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  expect(files.length).toBeGreaterThan(0);
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}

async function recordOne(capture: CaptureOption, bytes: Uint8Array): Promise<void> {
  const onNotice = (message: string): void => expect(message).toBe("");
  const colophon = openEmbedded({ store: join(folder, ".colophon"), capture, onNotice }, {});
  const url = "https://key:word@img.example/1.png?X-Signature=topsecret";
  const photo = { bytes, mediaType: "image/png" };
  const call = colophon.resolve(look, { user: "ada", session: "s" });
  await call.record({ question: "Which animal?", photo, pages: [{ url }, photo] }, async (p) => {
    expect(JSON.stringify(p.openai())).toContain(Buffer.from(bytes).toString("base64").slice(0, 40));
    return "A cat.";
  });
  await colophon.close();
}

describe("a store with captured media", () => {
  it.each<[string, CaptureOption]>([
    ["none", "none"],
    ["hash", "hash"],
    ["full", "full"],
    ["redacted", { mode: "redacted", redact: ({ variables, output }) => ({ variables, output }) }],
  ])("holds neither bytes nor base64 nor signatures, captured as %s", async (mode, capture) => {
    const bytes = randomBytes(3_000);
    await recordOne(capture, bytes);
    const kept = everyByte();
    expect(kept.includes("Which animal?")).toBe(mode === "full" || mode === "redacted");
    for (const start of [0, 1, 2, 1_500]) {
      const piece = bytes.subarray(start, start + 24);
      expect(kept.includes(piece)).toBe(false);
      for (const encoding of ["base64", "base64url", "hex"] as const) {
        // Without its last digits, which depend on what follows.
        expect(kept.includes(piece.toString(encoding).slice(0, 28))).toBe(false);
      }
      expect(kept.includes([...piece].join(","))).toBe(false);
    }
    expect(kept.includes("topsecret")).toBe(false);
    expect(kept.includes("key:word")).toBe(false);
  });

  it("keeps the hash of a medium under a key, so that nobody can try one out", async () => {
    const bytes = randomBytes(64);
    await recordOne("none", bytes);
    const digest = createHash("sha256").update(bytes).digest();
    const kept = everyByte();
    expect(kept.includes(digest.subarray(0, 16))).toBe(false);
    expect(kept.includes(digest.toString("hex").slice(0, 32))).toBe(false);
  });

  it("names the medium by its hash where contents are kept in full", async () => {
    const bytes = randomBytes(64);
    await recordOne("full", bytes);
    const digest = createHash("sha256").update(bytes).digest("hex");
    expect(everyByte().includes(`{"bytes":64,"media":"sha256:${digest}","mediaType":"image/png"}`)).toBe(
      true,
    );
  });
});
