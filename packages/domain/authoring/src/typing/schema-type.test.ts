/** Tests of types written from schemas: word for word, and by the compiler on values that the schemas take. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { schemaType } from "./schema-type.ts";

function object(properties: object, more: object = {}) {
  return { type: "object", properties, required: Object.keys(properties), ...more };
}

describe("schemaType", () => {
  it.each<[string, unknown, string]>([
    ["words", { type: "string", format: "email" }, "string"],
    ["whole numbers", { type: "integer", minimum: 1 }, "number"],
    ["several types", { type: ["string", "null"] }, "string | null"],
    ["what may be null by another dialect", { type: "string", nullable: true }, "string | null"],
    ["a list of words", { enum: ["a", 'b"c', 3, null] }, String.raw`"a" | "b\"c" | 3 | null`],
    ["a single value", { const: { a: [1] } }, "{ readonly a: readonly [1] }"],
    ["lists", { type: "array", items: { type: ["string", "null"] } }, "readonly (string | null)[]"],
    ["lists of lists", { items: { type: "array", items: {} } }, "readonly (readonly unknown[])[]"],
    [
      "tuples",
      { prefixItems: [{ type: "string" }, { type: "number" }], minItems: 1, items: false },
      "readonly [string, (number)?]",
    ],
    [
      "tuples that go on",
      { prefixItems: [{ type: "string" }], minItems: 1, items: { type: "number" } },
      "readonly [string, ...number[]]",
    ],
    ["anything", true, "unknown"],
    ["nothing", false, "never"],
    ["a schema that says nothing", {}, "unknown"],
    ["a type that nobody knows", { type: "date" }, "unknown"],
    [
      "objects by any name",
      { type: "object", additionalProperties: { type: "number" } },
      "Readonly<Record<string, number>>",
    ],
    [
      "objects without names",
      { type: "object", additionalProperties: false },
      "Readonly<Record<string, never>>",
    ],
    ["objects of anything", { type: "object", properties: {} }, "Readonly<Record<string, unknown>>"],
    ["alternatives", { anyOf: [{ type: "string" }, { type: "string" }, { type: "null" }] }, "string | null"],
    [
      "all of several",
      { allOf: [object({ a: { type: "string" } }), { oneOf: [true, { type: "null" }] }] },
      "{\n  readonly a: string;\n}",
    ],
    ["a schema elsewhere", { $ref: "https://example.com/x" }, "unknown"],
    ["a reference that leads nowhere", { $ref: "#/$defs/gone" }, "unknown"],
    ["a medium", { "x-media": true }, 'import("colophon").MediaValue'],
  ])("writes %s", (_, schema, type) => {
    expect(schemaType(schema)).toBe(type);
  });

  it("writes objects with what is optional, described, oddly named or open", () => {
    const schema = {
      type: "object",
      properties: {
        ticket: { type: "string", description: "What they\n wrote */ about" },
        "odd name": { type: "number" },
        constructor: { type: "boolean" },
        inner: object({ a: { type: "string" } }, { additionalProperties: true }),
      },
      required: ["ticket", "inner"],
    };
    expect(schemaType(schema)).toBe(
      [
        "{",
        "  /** What they wrote *\\/ about */",
        "  readonly ticket: string;",
        '  readonly "odd name"?: number;',
        "  readonly constructor?: boolean;",
        "  readonly inner: {",
        "    readonly a: string;",
        "    readonly [name: string]: unknown;",
        "  };",
        "}",
      ].join("\n"),
    );
  });

  it("wants of a pinned version's variables what nobody fills in, and takes none where there are none", () => {
    const schema = { type: "object", properties: { language: { type: "string", default: "en" } } };
    expect(schemaType(schema)).toContain("language?: string");
    expect(schemaType(schema, { isOfVariables: true })).toContain("language: string");
    const none = { type: "object", properties: {} };
    expect(schemaType(none, { isOfVariables: true })).toBe("Readonly<Record<string, never>>");
  });

  it("follows references, and ends where a schema goes on in itself or grows beyond all bounds", () => {
    const tree = {
      $ref: "#/$defs/node",
      $defs: {
        node: object({
          name: { type: "string" },
          children: { type: "array", items: { $ref: "#/$defs/node" } },
        }),
      },
    };
    expect(schemaType(tree)).toBe("{\n  readonly name: string;\n  readonly children: readonly unknown[];\n}");
    const doubled: Record<string, unknown> = { d0: { type: "string" } };
    for (let level = 1; level < 30; level++) {
      const inner = { $ref: `#/$defs/d${level - 1}` };
      doubled[`d${level}`] = object({ a: inner, b: inner });
    }
    expect(schemaType({ $ref: "#/$defs/d29", $defs: doubled }).length).toBeLessThan(2_000_000);
    let deep: object = { type: "string" };
    for (let level = 0; level < 400; level++) deep = { type: "array", items: deep };
    expect(schemaType(deep)).toContain("unknown");
  });
});

/** A schema with a value that it takes. */
interface Sample {
  readonly schema: object;
  readonly value: unknown;
}

const name = fc.constantFrom("a", "b", "odd name", "x-y", "constructor", "1st", "ünï", 'q"uote', "class");

const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.string().map((value) => ({ schema: { type: "string" }, value })),
    fc.integer().map((value) => ({ schema: { type: "integer" }, value })),
    fc.boolean().map((value) => ({ schema: { type: ["boolean", "null"] }, value })),
    fc.jsonValue({ maxDepth: 2 }).map((value) => ({ schema: { const: value }, value })),
    fc
      .array(fc.string(), { minLength: 1, maxLength: 3 })
      .map((values) => ({ schema: { enum: values }, value: values[0] })),
    tie("sample").map(({ schema, value }) => ({
      schema: { type: "array", items: schema },
      value: [value, value],
    })),
    fc
      .tuple(tie("sample"), tie("sample"))
      .map(([one, other]) => ({ schema: { anyOf: [one.schema, other.schema] }, value: other.value })),
    fc.dictionary(name, tie("sample"), { maxKeys: 4 }).map((fields) => ({
      schema: object(Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema]))),
      value: Object.fromEntries(Object.entries(fields).map(([key, { value }]) => [key, value])),
    })),
    fc.array(tie("sample"), { minLength: 1, maxLength: 3 }).map((items) => ({
      schema: { prefixItems: items.map(({ schema }) => schema) },
      value: items.map(({ value }) => value),
    })),
  ),
}));

describe("A type of a schema", () => {
  it("is one that the compiler reads, and takes the values that the schema takes", {
    timeout: 60_000,
  }, () => {
    const samples = fc.sample(sample, { numRuns: 150, seed: 7 });
    const lines = samples.map(
      ({ schema, value }, index) =>
        `export const value${index}: ${schemaType(schema)} = ${JSON.stringify(value).replaceAll(/"__proto__":/g, '["__proto__"]:')};`,
    );
    const strict = {
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      additionalProperties: false,
    };
    const refused = ["{ a: 1 }", "{}", '{ a: "x", b: 1 }'].map(
      (value, index) =>
        `// @ts-expect-error it does not fit\nexport const refused${index}: Strict = ${value};`,
    );
    lines.push(`type Strict = ${schemaType(strict)};`);
    expect(compile([...lines, ...refused].join("\n"))).toBe("");
  });
});

/** What the compiler says against a module. */
function compile(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), "colophon-types-"));
  try {
    const compilerOptions = { strict: true, noEmit: true, target: "ES2024", types: [], skipLibCheck: true };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["samples.ts"] }));
    writeFileSync(join(folder, "samples.ts"), source);
    const compiler = createRequire(import.meta.url)
      .resolve("typescript/package.json")
      .replace("package.json", "bin/tsc");
    const ran = spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8",
    });
    return `${ran.stdout}${ran.stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
