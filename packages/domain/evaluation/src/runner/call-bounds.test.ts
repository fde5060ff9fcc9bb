/** Tests of bounds: declared limits hold, bytes bound tokens, what was seen takes the place of guesses. */
import { buildText, type ModelRequest } from "@colophon/kernel";
import { expect, test } from "vitest";
import { CallBounds, declaredLimit } from "./call-bounds.ts";

function request(content: string, parameters?: Readonly<Record<string, unknown>>): ModelRequest {
  const model = { provider: "openai", id: "gpt-5-mini", ...(parameters && { parameters }) };
  const text = buildText({ body: "x", model });
  return { text, model: text.model, messages: [{ role: "user", content }] };
}

const usage = (input: number, output: number) => {
  return { input, output, reasoning: null, cacheRead: null, cacheWrite: null };
};

test("a token stands for at least one byte, whatever the alphabet", () => {
  const bounds = new CallBounds();
  const plain = bounds.boundOf(request("abc")).input;
  expect(bounds.boundOf(request("äöü")).input).toBe(plain + 3);
  expect(bounds.boundOf(request("日本語")).input).toBe(plain + 6);
  expect(bounds.boundOf(request("👍")).input).toBeGreaterThanOrEqual(plain + 1);
});

test.each(["max_tokens", "max_output_tokens", "max_completion_tokens"])("%s bounds the answer", (name) => {
  const asked = request("abc", { [name]: 77 });
  expect(declaredLimit(asked)).toBe(77);
  const bounds = new CallBounds();
  for (let at = 0; at < 30; at++) bounds.observe(asked, usage(3, 5));
  expect(bounds.boundOf(asked).output).toBe(77);
});

test("without a limit twice the longest of enough answers takes the place of the guess", () => {
  const bounds = new CallBounds();
  const asked = request("a".repeat(1_000));
  expect(bounds.boundOf(asked).output).toBe(4_096);
  for (let at = 0; at < 20; at++) bounds.observe(asked, usage(250, 300));
  expect(bounds.boundOf(asked)).toEqual({ input: expect.any(Number), output: 600 });
  expect(bounds.boundOf(asked).input).toBeLessThan(400);
  expect(bounds.boundOf(asked).input).toBeGreaterThan(250);
});
