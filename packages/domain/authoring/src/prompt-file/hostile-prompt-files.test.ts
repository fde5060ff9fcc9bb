/** Tests of files that mean harm or are broken: each ends in one error that names its place and the limit. */
import type { HarnessError } from "@colophon/kernel";
import { expect, it } from "vitest";
import { readPromptFile } from "./read-prompt-file.ts";

const place = { name: "a.prompt", key: "a" };

function file(front: string, body = "Hello."): string {
  return `---\nmodel: m\n${front}\n---\n${body}\n`;
}

function bytes(...parts: readonly (string | number)[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap((part) => (typeof part === "number" ? [part] : [...new TextEncoder().encode(part)])),
  );
}

function laughs(): string {
  const words = "x, ".repeat(9);
  const lines = [`  a0: &a0 [${words}]`];
  for (let at = 0; at < 12; at++) lines.push(`  a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`);
  return `config:\n${lines.join("\n")}`;
}

/** Each line is 200 deep, and has the line before at its bottom. */
function nested(): string {
  const [open, close] = ["[".repeat(200), "]".repeat(200)];
  const lines = Array.from({ length: 20 }, (_, at) => `  a${at + 1}: &a${at + 1} ${open}*a${at}${close}`);
  return `config:\n  a0: &a0 x\n${lines.join("\n")}`;
}

const head = "---\nmodel: m\n---\n";

it.each<readonly [string, string | Uint8Array, RegExp]>([
  ["no file at all", "", /:1:1: the front matter is missing/],
  ["nothing but blanks", " \n\n", /:1:1: the front matter is missing/],
  ["no front matter", "Hello.", /:1:1: the front matter is missing/],
  ["four hyphens", "----\nmodel: m\n----\nx", /:1:1: the front matter is missing/],
  ["a directive", "%YAML 1.1\n---\nmodel: m\n---\nx", /:1:1: the front matter is missing/],
  ["a directive inside", file("%TAG ! x"), /:3:1: /],
  ["front matter without an end", "#\n---\nmodel: m\n", /:2:1: the front matter that begins here never ends/],
  ["no body", "---\nmodel: m\n---", /:4:1: the body is empty/],
  ["no fields", "---\n- a\n---\nx", /:2:1: the front matter has no fields/],
  ["a text of 10 MB", "x".repeat(10_000_000), /:1:1: the file has 10000000 characters, and at most 2000000/],
  ["10 MB of bytes", new Uint8Array(10_000_000).fill(0x61), /:1:1: .* bytes, and at most 6000000 are read/],
  ["a name of 1 MB", file(`? ${"x".repeat(1_000_000)}\n: 1`), /:3:3: x{60}… is no field here/],
  ["a key of 1 MB", file(`name: ${"x".repeat(1_000_000)}`), /:3:1: The key "x{40}…" has 1000000 characters/],
  ["a word of 1 MB", file(`colophon.risk: ${"x".repeat(1_000_000)}`), /:3:1: colophon.risk is "x+…: use low/],
  [
    "a type of 1 MB",
    file(`input: { schema: { a: ${"x".repeat(1_000_000)} } }`),
    /:3:20: input.schema.a is "x+…/,
  ],
  ["UTF-16", bytes(0xff, 0xfe, 0x2d, 0, 0x2d, 0), /:1:1: the file is UTF-16/],
  ["UTF-16 of the other kind", bytes(0xfe, 0xff, 0, 0x2d), /:1:1: the file is UTF-16/],
  ["UTF-16 without a mark", bytes(0x2d, 0, 0x2d, 0, 0x2d, 0), /:1:2: here is a NUL character/],
  ["Latin-1", bytes(`${head}Gr`, 0xfc, "n"), /:4:3: here is a byte that is no UTF-8/],
  ["a cut-off character", bytes(`${head}é`, 0xc3), /:4:2: here is a byte that is no UTF-8/],
  ["NUL in the front matter", file("a: b\0"), /:3:5: here is a NUL character/],
  ["NUL in the body", file("config: {}", "a\0b"), /:5:2: here is a NUL character/],
  ["half a surrogate pair", file("config: {}", "a\ud800b"), /:5:2: here is half a surrogate pair/],
  ["a billion laughs", file(laughs()), /with its aliases the front matter has more than 100000 values/],
  [
    "a long text many times over",
    file(`config:\n  a: &a ${"x".repeat(10_000)}\n  b: [${"*a, ".repeat(5_000)}]`),
    /:5:\d+: with its aliases the front matter has more than 2000000 characters/,
  ],
  [
    "aliases that nest one in another",
    file(nested()),
    /:\d+:\d+: the front matter nests more than 500 deep here/,
  ],
  [
    "an alias of what it stands in",
    file("config: &a { b: [*a] }"),
    /:3:18: \*a stands inside of what it names/,
  ],
  ["deep lists", file(`config: ${"[".repeat(20_000)}`), /:3:508: the front matter nests more than 500 deep/],
  ["deep fields", file(`config: ${"{a: ".repeat(10_000)}`), /the front matter nests more than 500 deep/],
  [
    "deep items",
    file(`config:\n ${"- ".repeat(20_000)}x`),
    /:4:\d+: the front matter nests more than 500 deep/,
  ],
  ["deep questions", file(`config:\n ${"? ".repeat(20_000)}`), /the front matter nests more than 500 deep/],
  [
    "many fields",
    file(Array.from({ length: 30_000 }, (_, at) => `k${at}: 1`).join("\n")),
    /the front matter has more than 100000 tokens/,
  ],
  ["many comments", file("#\n".repeat(60_000)), /the front matter has more than 100000 tokens/],
  [
    "many unknown fields",
    file(Array.from({ length: 9_000 }, (_, at) => `k${at}: 1`).join("\n")),
    /… and 8980 more\.$/,
  ],
  ["tabs", file("config:\n\t- a"), /:4:1: Tabs are not allowed as indentation/],
  ["many lines before the front matter", "#\n".repeat(900_000), /:1:1: the front matter is missing/],
  ["deep blocks", file("config: {}", "{{#if a}}".repeat(10_000)), /:5:901: .*blocks nest at most 100 deep/],
  ["many tags", file("config: {}", "{{a}}".repeat(30_000)), /:5:1: .* have 30000 tags, and at most 20000/],
  ["braces alone", file("config: {}", "{".repeat(1_000_000)), /have 500000 tags, and at most 20000/],
  [
    "many tags in a translation",
    file(`colophon.locales: { de: "${"{{a}}".repeat(30_000)}" }`),
    /have 30000 tags, and at most 20000/,
  ],
  ["a tag that never ends", file("config: {}", "{{".repeat(10_000)), /:5:1: .* is never closed/],
  ["carriage returns alone", file("config: {}", "\r".repeat(1_000_000)), /:5:1: the body is empty/],
])("%s ends in one clear error", (_, source, sentence) => {
  let error: HarnessError | undefined;
  try {
    readPromptFile(source, place);
  } catch (thrown) {
    error = thrown as HarnessError;
  }
  expect(error?.code).toMatch(/^(?:prompt-invalid|template-syntax)$/);
  expect(error?.message).toMatch(sentence);
  expect(error?.message).toMatch(/^a\.prompt(?: is no valid prompt:\n- a\.prompt)?:\d+:\d+: /);
  expect(error?.message.length).toBeLessThan(20_000);
});

it("reads what is large and well", () => {
  const long = "x".repeat(1_900_000);
  expect(readPromptFile(file("config: {}", long), place).text.body).toBe(long);
  const deep = `${"[".repeat(490)}${"]".repeat(490)}`;
  expect(JSON.stringify(readPromptFile(file(`config: { a: ${deep} }`), place).text.model.parameters)).toBe(
    `{"a":${deep}}`,
  );
  const keys = Array.from({ length: 10_000 }, (_, at) => `  k${at}: ${at}`).join("\n");
  const { parameters } = readPromptFile(file(`config:\n${keys}`), place).text.model;
  expect(Object.keys(parameters ?? {})).toHaveLength(10_000);
});
