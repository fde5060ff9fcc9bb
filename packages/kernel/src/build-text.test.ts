/** Tests that the same prompt comes to the same text however it is written. */
import { describe, expect, it } from "vitest";
import { buildText } from "./build-text.ts";
import { hashText } from "./version-text.ts";

const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const plain = { model: "gpt-5-mini", body: "Sort this:\n{{ticket}}", input };

describe("buildText", () => {
  it("gives body, model and contract, and leaves out everything that was not said", () => {
    expect(buildText(plain)).toEqual({
      body: "Sort this:\n{{ticket}}",
      model: { provider: "openai", id: "gpt-5-mini" },
      input,
    });
  });

  it("comes to the same hash for empty lists, Windows line ends, $schema and another order of sets", () => {
    const two = {
      ...plain,
      body: "{{a}}\n{{b}}",
      input: { type: "object", properties: { a: {}, b: {} }, required: ["a", "b"] },
      untrusted: ["a", "b"],
      cache: ["system", 1] as const,
    };
    const other = {
      ...two,
      body: "{{a}}\r\n{{b}}",
      input: { $schema: "https://json-schema.org/draft/2020-12/schema", ...two.input, required: ["b", "a"] },
      untrusted: ["b", "a", "b"],
      cache: [1, "system"] as const,
      tools: [],
      locales: {},
      partialHashes: {},
    };
    expect(hashText(buildText(other))).toBe(hashText(buildText(two)));
  });

  it("normalises schemas at every depth but leaves values in them alone", () => {
    const nested = {
      type: "object",
      properties: {
        required: { type: "array", items: { type: "object", properties: { x: {} }, required: [] } },
        kind: { const: { $schema: "kept", required: ["b", "a"] } },
      },
      anyOf: [{ required: ["b", "a"] }],
    };
    expect(buildText({ ...plain, input: nested }).input).toEqual({
      type: "object",
      properties: {
        required: { type: "array", items: { type: "object", properties: { x: {} } } },
        kind: { const: { $schema: "kept", required: ["b", "a"] } },
      },
      anyOf: [{ required: ["a", "b"] }],
    });
  });

  it("keeps the order of messages, tools and enum values, which have a meaning", () => {
    const text = buildText({
      messages: [{ role: "system", content: "b" }, "history", { role: "user", content: "a" }],
      model: "gpt-5-mini",
      tools: [
        { name: "z", input: {} },
        { name: "a", input: {} },
      ],
      output: { type: "string", enum: ["b", "a"] },
    });
    expect(text.body).toEqual([{ role: "system", content: "b" }, "history", { role: "user", content: "a" }]);
    expect(text.tools?.map((tool) => tool.name)).toEqual(["z", "a"]);
    expect(text.output).toEqual({ type: "string", enum: ["b", "a"] });
  });

  it("merges parameters into the model, wherever they were written", () => {
    const beside = buildText({ ...plain, parameters: { temperature: 0 } });
    const inside = buildText({ ...plain, model: { id: "gpt-5-mini", parameters: { temperature: 0 } } });
    expect(beside).toEqual(inside);
  });

  it("refuses a prompt without a text, and one with two", () => {
    expect(() => buildText({ model: "gpt-5-mini" })).toThrow(
      expect.objectContaining({ code: "prompt-invalid", message: expect.stringContaining("no text") }),
    );
    expect(() => buildText({ ...plain, messages: [] })).toThrow(
      expect.objectContaining({ code: "prompt-invalid", message: expect.stringContaining("at once") }),
    );
  });
});
