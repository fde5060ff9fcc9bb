/** Tests of reading prompts from files: what is right is taken as code would say it, what is wrong is named. */
import { buildText, hashText } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { readPromptSpec } from "./read-prompt-spec.ts";

const good = {
  key: "support.triage",
  model: "gpt-5-mini",
  body: "Sort this:\n{{ticket}}",
  input: { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] },
};

function problemsOf(value: unknown): readonly string[] {
  try {
    readPromptSpec(value, "triage.yaml");
  } catch (error) {
    expect(error).toMatchObject({ code: "prompt-invalid", message: expect.stringContaining("triage.yaml") });
    return (
      (error as { readonly details?: { readonly problems?: readonly string[] } }).details?.problems ?? []
    );
  }
  return [];
}

describe("readPromptSpec", () => {
  it("comes to the same hash as the same prompt in code", () => {
    const { key: _, ...parts } = good;
    expect(hashText(readPromptSpec(good, "triage.yaml").text)).toBe(hashText(buildText(parts)));
  });

  it("reads every field", () => {
    const spec = readPromptSpec(
      {
        key: "support.triage",
        messages: [
          { role: "system", content: "Be kind." },
          "history",
          { role: "user", content: "{{ticket}}" },
        ],
        model: { id: "m-1", provider: "house", parameters: { top_p: 1 } },
        parameters: { temperature: 0.2 },
        input: good.input,
        output: { type: "object", properties: { label: { type: "string" } } },
        tools: [{ name: "look", description: "Looks up.", input: { type: "object" } }],
        toolChoice: { tool: "look" },
        untrusted: ["ticket"],
        cache: ["system", 0],
        locales: { de: [{ role: "user", content: "{{ticket}}" }] },
        defaultLocale: "en",
        purpose: "Sorts tickets.",
        owner: "support",
        risk: "high",
        tags: ["tickets"],
        evalSet: null,
        backup: ["claude-haiku-4-5"],
        routes: { long: { id: "gpt-5" } },
      },
      "triage.json",
    );
    expect(spec.text).toMatchObject({
      model: { provider: "house", id: "m-1", parameters: { top_p: 1, temperature: 0.2 } },
      toolChoice: { tool: "look" },
      untrusted: ["ticket"],
      cache: ["system", 0],
      locales: { de: [{ role: "user", content: "{{ticket}}" }] },
      defaultLocale: "en",
    });
    expect(spec.metadata).toEqual({
      purpose: "Sorts tickets.",
      owner: "support",
      risk: "high",
      tags: ["tickets"],
      evalSet: null,
      backup: [{ provider: "anthropic", id: "claude-haiku-4-5" }],
      routes: { long: { provider: "openai", id: "gpt-5" } },
    });
  });

  it("says nothing of metadata that the file does not mention", () => {
    expect(readPromptSpec(good, "triage.yaml").metadata).toEqual({});
  });

  it("refuses an unknown field by name and offers the one that was meant", () => {
    expect(problemsOf({ ...good, boddy: "x" })).toEqual(["boddy is no field here: did you mean body?"]);
    expect(problemsOf({ ...good, wholly: 1 })[0]).toMatch(/^wholly is no field here: use key, body, /);
    expect(problemsOf({ ...good, model: { id: "m", temperature: 1 } })[0]).toMatch(
      /^model\.temperature is no field/,
    );
  });

  it.each([
    [{ ...good, key: "a b" }, 'The key "a b"'],
    [{ model: "m", body: "x" }, "key is missing"],
    [{ ...good, model: undefined }, "model is missing"],
    [{ ...good, model: 5 }, "model is 5"],
    [{ ...good, body: undefined }, "body is missing"],
    [{ ...good, body: "" }, 'body is ""'],
    [{ ...good, messages: [{ role: "user", content: "x" }] }, "body and messages are both there"],
    [{ ...good, body: [{ role: "sytem", content: "x" }] }, 'body[0].role is "sytem": did you mean "system"?'],
    [{ ...good, body: [{ role: "user" }] }, "body[0].content is undefined"],
    [{ ...good, body: ["histori"] }, 'body[0] is "histori"'],
    [{ ...good, input: [] }, "input is []"],
    [{ ...good, input: { type: "string" } }, 'input.type is "string"'],
    [{ ...good, input: { properties: { a: "string" } } }, 'input.properties.a is "string"'],
    [{ ...good, input: { required: "a" } }, 'input.required is "a": give a list.'],
    [{ ...good, tools: [{ description: "x" }] }, "tools[0].name is undefined"],
    [{ ...good, toolChoice: "atuo" }, 'toolChoice is "atuo": did you mean "auto"?'],
    [{ ...good, cache: [-1] }, "cache[0] is -1"],
    [{ ...good, risk: "hgih" }, 'risk is "hgih": did you mean "high"?'],
    [{ ...good, tags: "a" }, 'tags is "a": give a list.'],
    [{ ...good, owner: 5 }, "owner is 5: give a text."],
    [{ ...good, parameters: { temperature: Number.NaN } }, "JSON cannot hold NaN"],
  ])("names the field and the value of a bad prompt (%#)", (value, sentence) => {
    expect(problemsOf(value)).toEqual([expect.stringContaining(sentence)]);
  });

  it("says all problems at once", () => {
    expect(problemsOf({ key: "a b", model: "m", body: "x", risk: 1 })).toHaveLength(2);
  });

  it.each([null, "text", [good], 3])("refuses %j, which is no object", (value) => {
    expect(() => readPromptSpec(value, "-")).toThrow(
      expect.objectContaining({
        code: "prompt-invalid",
        message: expect.stringContaining("holds no prompt"),
      }),
    );
  });
});
