/** Reads documents that are well and documents that are not. */
import { promptFileValue } from "@colophon/harness";
import { expect, test } from "vitest";
import { parseText } from "./read-document.ts";

test("JSON with tabs and a byte order mark, and YAML, are read", () => {
  expect(parseText('\uFEFF{\n\t"a": ["b", 1]\n}', "x.json")).toEqual({ a: ["b", 1] });
  expect(parseText("a: |\n  one\n  two\nb: [1, true, null]\n", "x.yaml")).toEqual({
    a: "one\ntwo\n",
    b: [1, true, null],
  });
});

test.each([
  ['{"a": nul}', 1, 10],
  ['{"a": "b', 1, 8],
  ['{"a": 1}\n{"b": 2}', 2, 1],
  ["[1,]", 1, 4],
  ['{"a": 1, "a": 2}', 1, 10],
])("%j is malformed at line %d, column %d", (text, line, column) => {
  expect(() => parseText(text, "x.json")).toThrow(
    expect.objectContaining({
      code: "input-malformed",
      message: expect.stringContaining(`line ${line}, column ${column}`),
    }),
  );
});

test("a billion laughs are not laughed", () => {
  const laughs = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [name, before] of ["ba", "cb", "dc", "ed", "fe", "gf"]) {
    laughs.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`);
  }
  expect(() => parseText(laughs.join("\n"), "x.yaml")).toThrow(
    expect.objectContaining({ code: "input-malformed" }),
  );
});

test("a prompt file with a conflict that nobody has settled is no prompt", () => {
  const source = [
    "---\nmodel: gpt-5-mini\n---",
    "<<<<<<< ours",
    "Sort it.",
    "=======",
    "Sort them.",
    ">>>>>>> theirs",
  ];
  expect(() => promptFileValue({ source: source.join("\n"), file: "a.prompt", key: "a" })).toThrow(
    expect.objectContaining({
      code: "prompt-invalid",
      message: expect.stringMatching(/^a\.prompt:4 has a conflict/),
    }),
  );
});
