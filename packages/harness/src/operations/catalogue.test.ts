/** Tests of the catalogue as a whole: what servers, clients and audit logs take for granted of each operation. */
import { SCOPES } from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import { OPERATIONS } from "./catalogue.ts";
import type { AnyOperation } from "./operation.ts";

const ALL: readonly AnyOperation[] = OPERATIONS;

/** Names in a path tell routes apart only by where they stand. */
function placeOf({ kind, method, path }: AnyOperation): string {
  const base = kind === "installation" ? "" : "/projects/{}";
  return `${method} ${base}${path.replaceAll(/\{\w+\}/g, "{}")}`;
}

function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, at) => values.indexOf(value) !== at);
}

describe("The catalogue", () => {
  test("names each operation once, and gives each a place of its own", () => {
    expect(ALL.length).toBeGreaterThan(40);
    expect(repeated(ALL.map(({ name }) => name))).toEqual([]);
    expect(repeated(ALL.map(placeOf))).toEqual([]);
  });

  test.each(ALL.map((one) => [one.name, one] as const))("%s is well-formed", (name, one) => {
    expect(name).toMatch(/^[a-z][a-zA-Z-]*(\.[a-z][a-zA-Z-]*)+$/);
    expect(one.path).toMatch(/^(\/([a-z][a-z-]*|\{\w+\}))+$/);
    expect(one.summary).toMatch(/\.$/);
    expect(SCOPES).toContain(one.scope);
    const inPath = [...one.path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field);
    expect(Object.keys(one.input.shape)).toEqual(expect.arrayContaining(inPath));
  });
});
