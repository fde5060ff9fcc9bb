/** Tests that every value of a record moves its chain. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainStart, executionLink, outcomeLink, recordLink, type Seal, sealLink } from "./chain.ts";
import { timeOfId } from "./ids.ts";
import type { Execution } from "./records/execution.ts";
import { everyRecord, FULL_EXECUTION, FULL_OUTCOME } from "./records/records.fixture.ts";
import { sha256 } from "./sha256.ts";

const START = chainStart("writer", sha256);

interface ChainVectors {
  readonly start: { readonly name: string; readonly hash: string };
  readonly execution: { readonly row: Execution; readonly link: string; readonly chain: string };
  readonly outcome: { readonly row: typeof FULL_OUTCOME; readonly link: string; readonly chain: string };
}
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/chain.json", import.meta.url), "utf8"),
) as ChainVectors;

/** Every value inside, by its path, so that a test can change each. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

function otherValue(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return `${value}x`;
  return "was null";
}

function changedAt(row: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return change(row);
  const copy = (Array.isArray(row) ? [...row] : { ...(row as object) }) as Record<string, unknown>;
  copy[head] = changedAt(copy[head], rest, change);
  return copy;
}

describe("the chain of executions", () => {
  it("hashes what the golden vectors say", () => {
    const { start, execution, outcome } = vectors;
    expect(chainStart(start.name, sha256)).toBe(start.hash);
    expect(executionLink(start.hash, execution.row)).toBe(execution.link);
    expect(sha256(execution.link)).toBe(execution.chain);
    expect(outcomeLink(start.hash, outcome.row)).toBe(outcome.link);
    expect(sha256(outcome.link)).toBe(outcome.chain);
  });

  // The chain is what is made; the time is the millisecond of the id, which is in the link.
  const paths = leavesOf(FULL_EXECUTION).filter(([head]) => head !== "chain" && head !== "at");

  it.each(paths.map((path) => [path.join(".")]))("changes with %s", (path) => {
    const row = changedAt(FULL_EXECUTION, path.split("."), otherValue) as Execution;
    expect(executionLink(START, row)).not.toBe(executionLink(START, FULL_EXECUTION));
  });

  it.each(
    Object.keys(FULL_EXECUTION)
      .filter((key) => !["chain", "at", "subjects", "tokens", "considered", "parts"].includes(key))
      .map((key) => [key]),
  )("tells %s apart from null", (key) => {
    const row = { ...FULL_EXECUTION, [key]: null } as Execution;
    expect(executionLink(START, row)).not.toBe(executionLink(START, FULL_EXECUTION));
  });

  it("covers the time through the id", () => {
    expect(timeOfId(FULL_EXECUTION.id)).toBe(FULL_EXECUTION.at);
  });

  it("changes with what came before, and with the order of lists", () => {
    expect(executionLink(sha256("other"), FULL_EXECUTION)).not.toBe(executionLink(START, FULL_EXECUTION));
    const lists = ["considered", "toolCalls", "parts"] as const;
    for (const list of lists) {
      const row = { ...FULL_EXECUTION, [list]: FULL_EXECUTION[list]?.toReversed() };
      expect(executionLink(START, row)).not.toBe(executionLink(START, FULL_EXECUTION));
    }
  });

  it("does not depend on the order of fields, which stores do not keep", () => {
    const backwards = Object.fromEntries(Object.entries(FULL_EXECUTION).reverse()) as unknown as Execution;
    expect(executionLink(START, backwards)).toBe(executionLink(START, FULL_EXECUTION));
  });

  it("is one line before and one of JSON, so that nothing moves from a field into its neighbour", () => {
    const text = fc.string({ unit: "grapheme" });
    const fields = fc.record({ prompt: text, locale: text, error: text, finishReason: text });
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        const [one, other] = [a, b].map((change) => executionLink(START, { ...FULL_EXECUTION, ...change }));
        expect(one === other).toBe(
          JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort()),
        );
        expect(one?.split("\n")).toHaveLength(2);
      }),
    );
  });
});

describe("the chain of outcomes", () => {
  const keys = Object.keys(FULL_OUTCOME).filter((key) => key !== "chain");

  it.each(keys)("changes with %s", (key) => {
    const row = changedAt(FULL_OUTCOME, [key], otherValue) as typeof FULL_OUTCOME;
    expect(outcomeLink(START, row)).not.toBe(outcomeLink(START, FULL_OUTCOME));
  });

  it("tells the number 1 from the text and from true", () => {
    const links = [1, "1", true].map((value) => outcomeLink(START, { ...FULL_OUTCOME, value }));
    expect(new Set(links)).toHaveLength(3);
  });
});

describe("the chain of records", () => {
  it("changes with every value of every kind of record", () => {
    for (const record of everyRecord()) {
      const link = recordLink(START, record);
      for (const path of leavesOf(record)) {
        const changed = changedAt(record, path, otherValue) as typeof record;
        expect([path.join("."), recordLink(START, changed) !== link]).toEqual([path.join("."), true]);
      }
    }
  });
});

describe("the chain of seals", () => {
  const head = { writer: "w", executions: 2, executionChain: "a", outcomes: 1, outcomeChain: "b" };
  const seal: Seal = { seq: 1, at: 2, revision: 3, recordChain: "c", heads: [head], chain: "d" };

  it("changes with every value of a seal, and with a head left out", () => {
    for (const path of leavesOf(seal).filter(([top]) => top !== "chain")) {
      const changed = changedAt(seal, path, otherValue) as Seal;
      expect(sealLink(START, changed)).not.toBe(sealLink(START, seal));
    }
    expect(sealLink(START, { ...seal, heads: [] })).not.toBe(sealLink(START, seal));
  });
});
