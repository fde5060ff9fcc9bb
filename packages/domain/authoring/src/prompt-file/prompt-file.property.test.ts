/** Invariants of prompt files: printing and reading lose nothing, and schemas come back as they were. */
import { canonicalJson, errorCodeOf, hashBody, hashText } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PromptSpec } from "../read-prompt-spec.ts";
import { printFileSchema } from "./print-file-schema.ts";
import { printPromptFile } from "./print-prompt-file.ts";
import { keyOfPath, pathOfKey } from "./prompt-file-path.ts";
import { anyKey, anySchema, anySpec, picoSchema } from "./prompt-spec.fixture.ts";
import { readFileSchema } from "./read-file-schema.ts";
import { readPromptFile } from "./read-prompt-file.ts";

const place = { name: "any.prompt", key: "any.key" };

describe("a prompt", () => {
  it("comes back from its file as it was, with the same hashes", () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const read = readPromptFile(printPromptFile(spec), place);
        expect(canonicalJson(read)).toBe(canonicalJson(spec));
        expect([hashText(read.text), hashBody(read.text)]).toEqual([
          hashText(spec.text),
          hashBody(spec.text),
        ]);
      }),
      { numRuns: 150 },
    );
  });

  it("is printed as the same file once more, also from bytes with a mark and line ends of another system", () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const file = printPromptFile(spec);
        expect(printPromptFile(readPromptFile(file, place))).toBe(file);
        fc.pre(!file.includes("\r"));
        const bytes = new TextEncoder().encode(`\uFEFF${file.replaceAll("\n", "\r\n")}`);
        expect(canonicalJson(readPromptFile(bytes, place))).toBe(canonicalJson(spec));
      }),
      { numRuns: 80 },
    );
  });
});

describe("a file that somebody changed anywhere", () => {
  const pieces = fc.constantFrom(
    "\n",
    "---\n",
    "{{",
    "}}",
    ":",
    " ",
    "\t",
    "- ",
    "[",
    "{",
    "&a ",
    "*a",
    "!t ",
    "# ",
    '"',
    "|",
    "\r",
    "\0",
    "%",
    "?",
    "null",
    "\uD800",
  );
  const change = fc.record({
    at: fc.nat(),
    cut: fc.nat(3),
    put: fc.oneof(pieces, fc.string({ maxLength: 3 })),
  });

  it("is a prompt that comes back from its own print, or an error with its place", () => {
    fc.assert(
      fc.property(anySpec, fc.array(change, { minLength: 1, maxLength: 3 }), (spec, changes) => {
        const source = changes.reduce((text, { at, cut, put }) => {
          const start = at % (text.length + 1);
          return text.slice(0, start) + put + text.slice(start + cut);
        }, printPromptFile(spec));
        const read = outcomeOf(() => readPromptFile(source, place));
        if (typeof read === "string") {
          expect(read).toMatch(
            /^(?:prompt-invalid|template-syntax) any\.prompt(?::\d+:\d+: | is no valid prompt:\n)/,
          );
        } else {
          expect(canonicalJson(readPromptFile(printPromptFile(read), place))).toBe(canonicalJson(read));
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The error as its code and its message, where it is one of ours. */
function outcomeOf(work: () => PromptSpec): PromptSpec | string {
  try {
    return work();
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    return `${code} ${(error as Error).message}`;
  }
}

describe("a schema", () => {
  it("comes back from a file as it was", () => {
    fc.assert(
      fc.property(anySchema, (schema) => {
        const problems: string[] = [];
        const read = readFileSchema({ value: printFileSchema(schema), path: "schema", problems });
        expect(problems).toEqual([]);
        expect(canonicalJson(read)).toBe(canonicalJson(schema));
      }),
      { numRuns: 500 },
    );
  });

  it("is written as Picoschema where that can say it", () => {
    fc.assert(
      fc.property(picoSchema, (schema) => {
        const printed = printFileSchema(schema);
        expect(printed).not.toHaveProperty("type");
        expect(printed).not.toHaveProperty("properties");
      }),
      { numRuns: 200 },
    );
  });
});

describe("a key", () => {
  it("has a path inside of the folder, which leads back where its file says no name", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const path = pathOfKey(key);
        expect(path).toMatch(/^(?:[A-Za-z0-9_-]+\/)*[A-Za-z0-9_-]+\.prompt$/);
        if (/^[a-z]{4,}(?:\.[a-z]{4,})*$/.test(key)) expect(keyOfPath(path)).toBe(key);
      }),
    );
  });
});
