/** Tests that variables are checked by name and never quoted. */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkVariables } from "./check-variables.ts";
import type { Declaration } from "./declaration.ts";
import { declarationOf, textOf } from "./runtime.fixture.ts";

const text = textOf("{{ticket}}");
const schema = z.object({ ticket: z.string(), lang: z.string().default("en") });
const base: Partial<Declaration> = {
  variables: new Set(["ticket", "lang"]),
  checkInput: (value) => schema["~standard"].validate(value),
};
const check = (variables: unknown, more: Partial<Declaration> = {}) =>
  checkVariables(
    declarationOf("support.triage", text, { ...base, ...more }),
    variables as Record<string, unknown>,
  );
const code = (expected: string) => expect.objectContaining({ code: expected });

describe("checkVariables", () => {
  it("gives the variables as the schema hands them out, defaults filled in", () => {
    expect(check({ ticket: "T" })).toEqual({ ticket: "T", lang: "en" });
  });

  it("gives them as they are where the code has no schema to check with", () => {
    const variables = { ticket: 5 };
    expect(check(variables, { checkInput: null })).toBe(variables);
  });

  it("refuses one that the contract does not name, by its name", () => {
    expect(() => check({ ticket: "T", tikcet: "secret" })).toThrowError(code("variable-extra"));
    expect(() => check({ ticket: "T", tikcet: "secret" })).toThrowError(
      /has no variable "tikcet"; its contract names ticket, lang/,
    );
    expect(() => check({ ticket: "T", __proto__: null, constructor: 1 })).toThrowError(/"constructor"/);
  });

  it("takes any where the contract is open", () => {
    expect(check({ whatever: 1 }, { variables: null, checkInput: null })).toEqual({ whatever: 1 });
  });

  it("passes over what is inherited", () => {
    expect(
      check(Object.create({ inherited: 1 }, { ticket: { value: "T", enumerable: true } })),
    ).toMatchObject({ ticket: "T" });
  });

  it("says which variable is missing, and that a bound one wants bind()", () => {
    expect(() => check({})).toThrowError(code("variable-missing"));
    expect(() => check({})).toThrowError(
      'support.triage needs the variable "ticket"; pass it with the others.',
    );
    expect(() => check({}, { binders: { ticket: () => "x" } })).toThrowError(/await call.bind\(\) first/);
  });

  it.each([
    [undefined, "undefined"],
    [null, "object"],
    ["text", "string"],
    [5, "number"],
  ])("refuses %s for variables", (given, kind) => {
    expect(() => check(given)).toThrowError(
      `The variables of support.triage are ${kind}; pass an object of them.`,
    );
  });

  const secret = "hunter2 is my password";
  it.each([
    ["zod", z.object({ ticket: z.enum(["a", "b"]) })],
    ["valibot", toStandardJsonSchema(v.object({ ticket: v.picklist(["a", "b"]) }))],
    ["arktype", type({ ticket: "'a'|'b'" })],
    [
      "an own message",
      z.object({ ticket: z.string().refine(() => false, { error: (issue) => `not ${issue.input}` }) }),
    ],
  ])("names the variable and never its value, whatever %s says", (_, own) => {
    const checkInput: Declaration["checkInput"] = (value) => own["~standard"].validate(value) as never;
    for (const ticket of [secret, `${secret}\n"quoted"`]) {
      let message = "";
      try {
        check({ ticket }, { checkInput });
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/^support.triage: ticket does not fit the contract/);
      expect(message).not.toContain("hunter2");
    }
  });

  it("hides numbers too, and leaves the limits that a message names", () => {
    const limited = z.object({ ticket: z.number().max(100) });
    const own = toStandardJsonSchema(v.object({ ticket: v.pipe(v.number(), v.maxValue(100)) }));
    for (const one of [limited, own]) {
      const checkInput: Declaration["checkInput"] = (value) => one["~standard"].validate(value) as never;
      expect(() => check({ ticket: 4711 }, { checkInput })).toThrowError(/100/);
      expect(() => check({ ticket: 4711 }, { checkInput })).toThrowError(
        expect.not.objectContaining({ message: expect.stringContaining("4711") }),
      );
    }
  });

  it("names the way into a nested value", () => {
    const nested = z.object({ ticket: z.object({ lines: z.array(z.string()) }) });
    const checkInput: Declaration["checkInput"] = (value) => nested["~standard"].validate(value);
    expect(() => check({ ticket: { lines: ["a", 5] } }, { checkInput })).toThrowError(
      /^support.triage: ticket.lines.1 does not fit/,
    );
  });

  it("refuses a schema that wants to wait, and leaves no failure behind it", async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", listen);
    const checkInput: Declaration["checkInput"] = () => Promise.reject(new Error("later"));
    expect(() => check({ ticket: "T" }, { checkInput })).toThrowError(/checks asynchronously/);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listen);
    expect(unhandled).toEqual([]);
  });
});
