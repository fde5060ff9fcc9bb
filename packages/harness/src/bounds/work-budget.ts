/** Counts the steps that holding a value against a schema takes, and ends it where they are too many. */
import { canonicalJson, HarnessError } from "@colophon/kernel";
import { readPattern } from "@colophon/methods";
import type { Ajv2020 } from "ajv/dist/2020.js";
import { WORK_KEYWORD, type Work } from "./bound-schema.ts";

/** A step is a microsecond at the most, where what does not fit is written down. */
const MOST_STEPS = 2_000_000;
/** Characters that are looked through in one step. */
const SEEN = 64;
/** Characters, times the size of the pattern, that are looked for in one step. */
const MATCHED = 80;

export class WorkBudget {
  #left = MOST_STEPS;

  /** Before each value. */
  renew(): void {
    this.#left = MOST_STEPS;
  }

  /** @throws HarnessError `too-large` where nothing is left. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) {
      throw new HarnessError(
        "too-large",
        "The value takes too much work to be held against its schema; shorten the value or simplify the schema.",
      );
    }
  }

  /** A pattern that takes its time from here. @throws HarnessError `schema-unsupported`. */
  pattern(text: string): { test(value: string): boolean } {
    const read = readPattern(text, "u");
    if (read.kind === "fault") {
      throw new HarnessError(
        "schema-unsupported",
        `The pattern /${text}/ of the schema cannot be looked for: ${read.why}; write it without that.`,
      );
    }
    return {
      test: (value) => {
        this.spend(value.length * Math.max(1 / SEEN, read.pattern.size / MATCHED));
        return read.pattern.test(value);
      },
      // By this the patterns of a schema are told apart.
      toString: () => `/${text}/u`,
    } as { test(value: string): boolean };
  }

  /** Makes each look at a value by a subschema, and what grows faster than the value, take from here. */
  oversee(ajv: Ajv2020): void {
    ajv.addKeyword({
      keyword: WORK_KEYWORD,
      schemaType: "array",
      errors: false,
      validate: ([once, each]: Work, value: unknown) => {
        this.spend(once + each * sizeOf(value));
        return true;
      },
    });
    putFirst(ajv, WORK_KEYWORD);
    // The package's own compares each item with each other.
    ajv.removeKeyword("uniqueItems");
    ajv.addKeyword({
      keyword: "uniqueItems",
      type: "array",
      schemaType: "boolean",
      error: { message: "must NOT have duplicate items" },
      validate: (on: boolean, items: readonly unknown[]) => !on || this.#areUnique(items),
    });
  }

  #areUnique(items: readonly unknown[]): boolean {
    const names = new Set<string>();
    for (const item of items) {
      const name = canonicalJson(item);
      this.spend(1 + name.length / SEEN);
      names.add(name);
    }
    return names.size === items.length;
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length / SEEN;
  if (Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

/** Keywords without a type come after all others, which end the look where they fail. */
function putFirst({ RULES }: Ajv2020, keyword: string): void {
  for (const group of RULES.rules) {
    const at = group.rules.findIndex((rule) => rule.keyword === keyword);
    if (at >= 0) RULES.rules.unshift({ rules: group.rules.splice(at, 1) });
    if (at >= 0) return;
  }
}
