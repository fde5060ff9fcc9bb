/** Holds queries to what a client wrote: what goes out as text comes in as the value that it was. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readQuery } from "./read-query.ts";

const SCHEMA = z.object({
  text: z.string(),
  count: z.int().exactOptional(),
  share: z.number().nullable(),
  open: z.boolean().optional(),
  names: z.array(z.string()),
  numbers: z.array(z.int()).exactOptional(),
  who: z.object({ kind: z.enum(["user", "tenant"]), value: z.string() }).exactOptional(),
  many: z.array(z.object({ at: z.int() })).exactOptional(),
  moment: z.union([z.int(), z.string()]).exactOptional(),
  order: z.enum(["newest-first", "oldest-first"]).default("newest-first"),
  labels: z.record(z.string(), z.string()).exactOptional(),
});

/** As the client writes it: lists as repeated names, objects as JSON, nothing for what is null or missing. */
function written(fields: object): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      query.append(name, typeof one === "object" ? JSON.stringify(one) : String(one));
    }
  }
  return query;
}

const anyText = fc.string({ unit: "grapheme" });
const anyFields = fc.record(
  {
    text: anyText,
    count: fc.integer(),
    share: fc.option(
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
    ),
    open: fc.boolean(),
    names: fc.array(anyText),
    numbers: fc.array(fc.integer(), { minLength: 1 }),
    who: fc.record({ kind: fc.constantFrom("user", "tenant"), value: anyText }),
    many: fc.array(fc.record({ at: fc.integer() }), { minLength: 1 }),
    moment: fc.oneof(
      fc.integer(),
      fc.string().filter((text) => !/^-?[\d.]/.test(text)),
    ),
    order: fc.constantFrom("newest-first", "oldest-first"),
    // The schema's library leaves that one name out of what it reads.
    labels: fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      anyText,
    ),
  },
  { requiredKeys: ["text", "share", "names", "order"] },
);

describe("readQuery", () => {
  it("gives back what a client wrote", () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        const read = readQuery(SCHEMA.shape, new URLSearchParams(written(fields).toString()));
        expect(SCHEMA.strict().parse(read)).toEqual({ ...fields });
      }),
    );
  });

  it("lets no name reach a prototype", () => {
    const query = new URLSearchParams("__proto__=x&constructor=y&text=z");
    const read = readQuery(SCHEMA.shape, query);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(SCHEMA.strict().safeParse(read).success).toBe(false);
  });

  it("leaves what is no number to the schema", () => {
    expect(readQuery(SCHEMA.shape, new URLSearchParams("count=seven"))).toMatchObject({ count: "seven" });
    expect(readQuery(SCHEMA.shape, new URLSearchParams("count="))).toMatchObject({ count: "" });
  });
});
