/** Tests of what is said to differ between two texts. */

import { buildText, type TextParts } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBodies, type TextPiece } from "./compare-bodies.ts";
import { compareTexts } from "./compare-texts.ts";

const base: TextParts = {
  model: { id: "gpt-5-mini", parameters: { temperature: 0, seed: 1 } },
  body: "Sort this.\nBe kind.\n{{ticket}}",
  input: {
    type: "object",
    properties: {
      ticket: { type: "string" },
      user: { type: "object", properties: { name: { type: "string" } } },
    },
    required: ["ticket"],
  },
};

function compare(change: Partial<TextParts>, from: TextParts = base) {
  return compareTexts(buildText(from), buildText({ ...from, ...change }));
}

describe("compareTexts", () => {
  it("finds nothing between equal texts", () => {
    expect(compare({})).toMatchObject({
      same: true,
      sameBody: true,
      body: { same: true },
      locales: [],
      model: [],
      tools: [],
      input: [],
      output: [],
      cache: [],
      untrusted: [],
      partials: [],
    });
  });

  it("shows the changed line and the changed word", () => {
    const { body, same, sameBody } = compare({ body: "Sort this.\nBe brief.\n{{ticket}}" });
    expect({ same, sameBody }).toEqual({ same: false, sameBody: false });
    expect(body.messages[0]?.lines).toEqual([
      { change: "same", text: "Sort this." },
      { change: "removed", text: "Be kind." },
      { change: "added", text: "Be brief." },
      { change: "same", text: "{{ticket}}" },
    ]);
    expect(body.messages[0]?.words.filter((piece) => piece.change !== "same")).toEqual([
      { change: "removed", text: "kind" },
      { change: "added", text: "brief" },
    ]);
  });

  it("takes a line added at the end for one line", () => {
    const { body } = compare({ body: `${base.body}\nEnd.` });
    expect(body.messages[0]?.lines.filter((piece) => piece.change !== "same")).toEqual([
      { change: "added", text: "End." },
    ]);
  });

  it("names changed model, parameters and default locale", () => {
    const { model } = compare({
      model: { id: "claude-haiku-4-5", parameters: { temperature: 1, top_p: 0.5 } },
      defaultLocale: "en",
    });
    expect(model).toEqual([
      { path: "model.provider", change: "changed", before: "openai", after: "anthropic" },
      { path: "model.id", change: "changed", before: "gpt-5-mini", after: "claude-haiku-4-5" },
      { path: "parameters.temperature", change: "changed", before: 0, after: 1 },
      { path: "parameters.seed", change: "removed", before: 1, after: null },
      { path: "parameters.top_p", change: "added", before: null, after: 0.5 },
      { path: "defaultLocale", change: "added", before: null, after: "en" },
    ]);
  });

  it("tells properties that were added, removed, changed, and made optional", () => {
    const { input } = compare({
      input: {
        type: "object",
        properties: {
          ticket: { type: "string" },
          user: { type: "object", properties: { name: { type: "number" }, age: { type: "number" } } },
          items: { type: "array", items: { type: "object", properties: { id: { type: "string" } } } },
        },
      },
    });
    expect(input.map((change) => `${change.path} ${change.change}`)).toEqual([
      "ticket changed",
      "user.name changed",
      "user.age added",
      "items added",
      "items[] added",
      "items[].id added",
    ]);
    expect(input[0]).toMatchObject({
      requirednessChanged: true,
      before: { required: true },
      after: { required: false },
    });
    expect(input[1]).toMatchObject({ requirednessChanged: false });
    expect(compare({ input: { type: "object", properties: {} } }).input.map((one) => one.change)).toEqual([
      "removed",
      "removed",
      "removed",
    ]);
  });

  it("shows an output contract, tools, cache, untrusted names and partials that came", () => {
    const look = { name: "look", input: { type: "object" } };
    const diff = compare({
      output: { type: "string" },
      tools: [look],
      toolChoice: "auto",
      cache: [0],
      untrusted: ["ticket"],
      partialHashes: { "tone@v1": "ab" },
    });
    expect(diff.output).toMatchObject([{ path: "", change: "added" }]);
    expect(diff.tools).toMatchObject([
      { path: "look", change: "added", after: look },
      { path: "toolChoice" },
    ]);
    expect(diff.cache).toMatchObject([{ path: "cache", change: "added" }]);
    expect(diff.untrusted).toMatchObject([{ path: "ticket", change: "added" }]);
    expect(diff.partials).toEqual([{ path: "tone@v1", change: "added", before: null, after: "ab" }]);
  });

  it("shows another order of the same tools", () => {
    const [a, b] = ["a", "b"].map((name) => ({ name, input: {} }));
    if (a === undefined || b === undefined) throw new Error("two tools");
    const from = { ...base, tools: [a, b] };
    expect(compare({ tools: [b, a] }, from).tools).toMatchObject([{ path: "order", change: "changed" }]);
  });

  it("shows translations that came, went and changed", () => {
    const from = { ...base, locales: { de: "{{ticket}} eins", fr: "{{ticket}}" } };
    const { locales, sameBody } = compare({ locales: { de: "{{ticket}} zwei", es: "{{ticket}}" } }, from);
    expect(locales.map(({ locale, change }) => `${locale} ${change}`)).toEqual([
      "de changed",
      "fr removed",
      "es added",
    ]);
    expect(sameBody).toBe(false);
  });
});

describe("compareBodies", () => {
  it("keeps equal messages together when one comes between them", () => {
    const { messages } = compareBodies(
      [
        { role: "system", content: "a" },
        { role: "user", content: "b" },
      ],
      [
        { role: "system", content: "a" },
        { role: "user", content: "new" },
        "history",
        { role: "user", content: "b" },
      ],
    );
    expect(messages.map(({ role, change }) => `${role} ${change}`)).toEqual([
      "system same",
      "user added",
      "history added",
      "user same",
    ]);
  });

  it("says when a message changed its role", () => {
    const { messages } = compareBodies([{ role: "system", content: "a" }], [{ role: "user", content: "a" }]);
    expect(messages).toMatchObject([{ role: "user", roleBefore: "system", change: "changed" }]);
  });

  it("loses nothing: its pieces add up to both sides, by line and by word", () => {
    const text = fc
      .array(fc.constantFrom("one", "two", " ", "\n", "{{x}}", ".", "  ", "Ü"), { maxLength: 30 })
      .map((words) => words.join(""));
    const side = (pieces: readonly TextPiece[], not: "added" | "removed", glue: string): string =>
      pieces
        .filter((piece) => piece.change !== not)
        .map((piece) => piece.text)
        .join(glue);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [message] = compareBodies(a, b).messages;
        if (message === undefined) throw new Error("a text body is one message");
        expect(side(message.words, "added", "")).toBe(a);
        expect(side(message.words, "removed", "")).toBe(b);
        expect(side(message.lines, "added", "\n")).toBe(a);
        expect(side(message.lines, "removed", "\n")).toBe(b);
      }),
    );
  });
});

it("says of texts with thousands of changes that one is gone and the other is new", () => {
  const many = (word: string) => Array.from({ length: 5_000 }, (_, line) => `${word}${line}`).join("\n");
  const { messages } = compareBodies(many("a"), many("b"));
  expect(messages[0]?.words.map(({ change }) => change)).toEqual(["removed", "added"]);
  expect(new Set(messages[0]?.lines.slice(0, 5_000).map(({ change }) => change))).toEqual(
    new Set(["removed"]),
  );
});
