/** Tests what the row and the contents of a call know of its media: hashes, and never a byte. */
import { createHash } from "node:crypto";
import type { MediaValue, Message } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import type { CapturePolicy } from "./capture.ts";
import { declarationOf, documentOf, openStage, textOf } from "./runtime.fixture.ts";

const KEY = "look";
const medium = { "x-media": true };
const input = {
  type: "object",
  properties: { question: { type: "string" }, photo: medium, pages: { type: "array", items: medium } },
  required: ["question"],
};
const body =
  "{{question}}{{#if photo}}{{photo}}{{/if}}{{#each pages}}{{this}}{{/each}}{{#if photo}}{{photo}}{{/if}}";
const text = textOf(body, { input });
const bytes = Buffer.from("these are the bytes of a picture, and nobody may keep them");
const photo: MediaValue = { bytes, mediaType: "image/png", filename: "cat.png" };
const signed = "https://key:word@img.example/a/1.png?X-Signature=topsecret#part";

interface Variables {
  readonly question: string;
  readonly photo?: MediaValue;
  readonly pages?: readonly MediaValue[];
}

function sha(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function look(capture: CapturePolicy, more: Parameters<typeof openStage>[1] = {}) {
  const stage = openStage(documentOf({}), more);
  const declaration = declarationOf(KEY, text, { capture });
  const record = (variables: Variables, history?: readonly Message[]) =>
    stage.runtime
      .resolve<Variables>(declaration, { user: "ada", session: "s" })
      .record(variables, () => "A cat.", { history });
  return { ...stage, record };
}

describe("the media of a call", () => {
  it("are parts of its row by hash, each once, in the order of the text", () => {
    const { record, sink } = look({ mode: "none" });
    record({ question: "What?", photo, pages: [{ url: signed }, { fileId: "file-7" }, { url: signed }] });
    expect(sink.row.parts).toEqual([
      { kind: "media", name: "photo", version: null, hash: sha(bytes) },
      { kind: "media", name: "pages", version: null, hash: sha(signed) },
      { kind: "media", name: "pages", version: null, hash: sha("file-7") },
    ]);
    expect(sink.row).toMatchObject({ contents: null, renderedHash: null });
  });

  it("are no parts where the text that served does not print them", () => {
    const stage = openStage(documentOf({}));
    const declaration = declarationOf(KEY, textOf("{{question}}", { input }));
    stage.runtime.resolve<Variables>(declaration).record({ question: "What?", photo }, () => "x");
    expect(stage.sink.row.parts).toEqual([]);
  });

  it("are hashed by the platform's function, each once, also when everything is captured", () => {
    const hashed: unknown[] = [];
    const { record } = look(
      { mode: "full" },
      {
        sha256: (data) => {
          if (typeof data !== "string") hashed.push(data);
          return sha(data);
        },
      },
    );
    record({ question: "What?", photo, pages: [photo] });
    expect(hashed).toEqual([bytes]);
  });

  it("are hashed alike without a platform", () => {
    const { record, sink } = look({ mode: "none" });
    record({ question: "What?", photo });
    expect(sink.row.parts[0]?.hash).toBe(sha(bytes));
  });

  it("stand in captured contents by hash, type and size, addresses without what signs them", () => {
    const { record, sink } = look({ mode: "full" });
    record({ question: "What?", photo, pages: [{ url: signed }, { fileId: "file-7" }] });
    expect(JSON.parse(sink.row.contents?.variables ?? "")).toEqual({
      question: "What?",
      photo: {
        media: `sha256:${sha(bytes)}`,
        mediaType: "image/png",
        filename: "cat.png",
        bytes: bytes.length,
      },
      pages: [
        { media: `sha256:${sha(signed)}`, url: "https://img.example/a/1.png" },
        { media: `sha256:${sha("file-7")}`, fileId: "file-7" },
      ],
    });
  });

  it("reach the application's redaction by hash too", () => {
    const seen: unknown[] = [];
    const { record, sink } = look({
      mode: "redacted",
      redact: ({ variables }) => {
        seen.push(variables.photo);
        return { variables };
      },
    });
    record({ question: "What?", photo });
    expect(seen).toEqual([expect.objectContaining({ bytes: bytes.length })]);
    expect(sink.row.contents?.variables).toContain(sha(bytes));
  });

  it.each<CapturePolicy>([
    { mode: "none" },
    { mode: "hash" },
    { mode: "full" },
    { mode: "redacted", redact: ({ variables }) => ({ variables }) },
  ])("leave neither bytes, base64 nor signature in a row captured with %j", (policy) => {
    const { record, sink } = look(policy);
    record({ question: "What?", photo, pages: [{ url: signed }] });
    const kept = JSON.stringify(sink.row);
    expect(sink.gaps).toEqual([]);
    for (const secret of [bytes.toString("base64").slice(0, 24), bytes.toString("utf8").slice(0, 12)]) {
      expect(kept).not.toContain(secret);
    }
    expect(kept).not.toContain(JSON.stringify([...bytes.subarray(0, 6)]).slice(1, -1));
    expect(kept).not.toMatch(/topsecret|key:word/);
  });

  it("move the hashes of input and messages, by their content alone", () => {
    const hashes = (variables: Variables, history?: readonly Message[]) => {
      const { record, sink } = look({ mode: "hash" });
      record(variables, history);
      return [sink.row.contents?.inputDigest, sink.row.renderedHash];
    };
    const one = hashes({ question: "What?", photo });
    expect(hashes({ question: "What?", photo: { ...photo, bytes: Buffer.from(bytes) } })).toEqual(one);
    const other = hashes({ question: "What?", photo: { ...photo, bytes: Buffer.from("others") } });
    expect(other[0]).not.toBe(one[0]);
    expect(other[1]).not.toBe(one[1]);
  });

  it("do not move the hash of messages without media", () => {
    const { record, sink } = look({ mode: "hash" });
    record({ question: "What?" });
    expect(sink.row.renderedHash).toBe(
      sha(JSON.stringify([{ role: "user", content: "What?" }])).slice(0, 32),
    );
  });

  it("of the history move the hash of the messages and are no parts of the prompt", () => {
    const past = (content: Uint8Array): readonly Message[] => [
      {
        role: "user",
        content: "[old]",
        parts: [
          {
            type: "media",
            media: { name: "old", source: { bytes: content }, mediaType: "image/png", filename: null },
          },
        ],
      },
    ];
    const row = (history: readonly Message[]) => {
      const stage = openStage(documentOf({}));
      const withSlot = textOf(`{{history}}{{role "user"}}${body}`, { input });
      const declaration = declarationOf(KEY, withSlot, { capture: { mode: "full" } });
      const call = stage.runtime.resolve<Variables>(declaration);
      call.record({ question: "What?", photo }, () => "x", { history });
      return stage.sink.row;
    };
    const [one, same, other] = ["a", "a", "b"].map((content) => row(past(Buffer.from(content))));
    expect(one?.parts.map((part) => part.name)).toEqual(["photo"]);
    expect(same?.renderedHash).toBe(one?.renderedHash);
    expect(other?.renderedHash).not.toBe(one?.renderedHash);
  });

  it("are told from a value that is none and that no text prints, which is kept as nothing", () => {
    const stage = openStage(documentOf({}));
    const declaration = declarationOf(KEY, textOf("{{question}}", { input }), { capture: { mode: "full" } });
    const wrong = { question: "What?", photo: bytes.toString("base64"), pages: "x" };
    stage.runtime.resolve<object>(declaration).record(wrong, () => "x");
    expect(JSON.parse(stage.sink.row.contents?.variables ?? "")).toEqual({
      question: "What?",
      photo: null,
      pages: null,
    });
  });
});

describe("a retry with media", () => {
  const long = "What is in this picture, and is it the one that the customer sent?";

  it("is the same question about the same medium, also where there is nothing but the medium", () => {
    const { record, sink } = look({ mode: "none" });
    record({ question: long, photo });
    record({ question: long, photo: { ...photo, bytes: Buffer.from(bytes) } });
    record({ question: "", photo });
    record({ question: "", photo });
    expect(sink.outcomes.map((outcome) => [outcome.name, outcome.execution])).toEqual([
      ["retried", sink.rows[0]?.id],
      ["retried", sink.rows[2]?.id],
    ]);
  });

  it("is no question about another medium, and no other question about the same", () => {
    const { record, sink } = look({ mode: "none" });
    record({ question: long, photo });
    record({ question: long, photo: { url: "https://img.example/1.png" } });
    record({ question: long, photo: { url: "https://img.example/2.png" } });
    record({ question: "How much does it cost to send a parcel abroad?", photo });
    expect(sink.outcomes).toEqual([]);
  });
});

describe("a version with media", () => {
  it("is skipped with its reason by code that passes a text", () => {
    const asText = textOf("{{question}}{{photo}}", {
      input: {
        ...input,
        properties: { ...input.properties, photo: { type: "string" } },
        required: ["question", "photo"],
      },
    });
    const stage = openStage(documentOf({ [KEY]: { versions: { 1: text }, releases: { development: 1 } } }));
    const { resolution } = stage.runtime.resolve(declarationOf(KEY, asText));
    expect(resolution).toMatchObject({ tier: "default", reason: "misfit" });
    expect(resolution.considered).toContainEqual(
      expect.objectContaining({ reason: "{{photo}} is a medium in the version and no medium in the code" }),
    );
  });
});
