/** Tests of the plain object of a prompt: reading it comes to the same prompt. */
import { canonicalJson, hashText } from "@colophon/kernel";
import fc from "fast-check";
import { expect, it } from "vitest";
import { anySpec } from "./prompt-file/prompt-spec.fixture.ts";
import { promptSpecValue } from "./prompt-spec-value.ts";
import { readPromptSpec } from "./read-prompt-spec.ts";

it("is read back as the same prompt, also after it went over a wire", () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      for (const value of [promptSpecValue(spec), JSON.parse(JSON.stringify(promptSpecValue(spec)))]) {
        const read = readPromptSpec(value, "any.json");
        expect(canonicalJson(read)).toBe(canonicalJson(spec));
        expect(hashText(read.text)).toBe(hashText(spec.text));
      }
    }),
    { numRuns: 100 },
  );
});

it("leaves the hashes of pinned partials to registration", () => {
  const { key, text, metadata } = readPromptSpec({ key: "a", model: "m", body: "{{> b@v1}}" }, "a.yaml");
  const pinned = { key, metadata, text: { ...text, partials: { "b@v1": "0".repeat(64) } } };
  expect(promptSpecValue(pinned)).toEqual(promptSpecValue({ key, text, metadata }));
});
