/** Tests the rules of fit between bodies and contracts. */
import { describe, expect, it } from "vitest";
import {
  bodyMisfits,
  type CallerContract,
  contractVariables,
  hashCaller,
  textMisfits,
  unusedVariables,
} from "./contract.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { Body } from "./template/body.ts";
import type { PartialRef } from "./template/template.ts";
import type { VersionText } from "./version-text.ts";

const string = { type: "string" };
function object(
  properties: Readonly<Record<string, unknown>>,
  required = Object.keys(properties),
): JsonSchema {
  return { type: "object", properties, required };
}
function misfits(body: Body, input: JsonSchema): readonly string[] {
  return bodyMisfits([body], input);
}

describe("fit of placeholders", () => {
  const profile = object({ name: string, nick: string }, ["name"]);
  const input: JsonSchema = {
    ...object(
      {
        ticket: string,
        user: profile,
        maybe: profile,
        lang: { type: "string", default: "en" },
        filled: { type: "string", "x-filled": true },
        note: string,
        nullable: { type: ["string", "null"] },
        filledNull: { type: ["string", "null"], "x-filled": true },
        anyNull: { anyOf: [string, { type: "null" }] },
        refNull: { $ref: "#/$defs/Text" },
        enumNull: { enum: ["a", null] },
        nullableUser: { anyOf: [{ $ref: "#/$defs/User" }, { type: "null" }] },
        items: { type: "array", items: object({ name: string, price: { type: "number" } }, ["name"]) },
        some: { type: "array", items: string },
        gaps: { type: "array", items: { type: ["string", "null"] } },
        rows: { type: "array", items: { type: "array", items: object({ cell: string }) } },
        tree: { $ref: "#/$defs/Node" },
        open: { type: "object" },
        record: { type: "object", additionalProperties: string },
        anything: true,
        loose: {},
      },
      [
        "ticket",
        "user",
        "nullable",
        "filledNull",
        "anyNull",
        "refNull",
        "enumNull",
        "nullableUser",
        "items",
        "gaps",
        "rows",
        "tree",
        "open",
        "record",
        "anything",
        "loose",
      ],
    ),
    $defs: {
      Text: { type: ["string", "null"] },
      User: profile,
      Node: object({ label: string, children: { type: "array", items: { $ref: "#/$defs/Node" } } }),
    },
  };

  it.each([
    "{{ticket}} {{user.name}}",
    "{{#if note}}{{note}}{{/if}}",
    "{{#if maybe}}{{maybe.name}}{{/if}}",
    "{{#if user.nick}}{{user.nick}}{{/if}}",
    "{{lang}} {{filled}} {{filledNull}}",
    "{{#if nullable}}{{nullable}}{{/if}} {{#if anyNull}}{{anyNull}}{{/if}}",
    "{{#if nullableUser}}{{nullableUser.name}}{{/if}}",
    "{{#each items}}{{name}}{{#if price}}{{price}}{{/if}}{{/each}}",
    "{{#each some}}{{this}}{{/each}}",
    "{{#each gaps}}{{#if this}}{{this}}{{/if}}{{@index}}{{/each}}",
    "{{#each rows}}{{#each this}}{{cell}}{{/each}}{{/each}}",
    "{{tree.label}}{{#each tree.children}}{{label}}{{#each children}}{{label}}{{/each}}{{/each}}",
    "{{open.anything.at.all}} {{record.whatever}} {{anything}} {{anything.deep}} {{loose.deep}}",
    "{{json user}} {{json items}}",
    "{{json nullable}} {{json nullableUser}} {{#if anyNull}}{{anyNull}} {{/if}}{{json anyNull}}",
    "{{#each gaps}}{{json this}}{{/each}}",
  ])("takes %s", (body) => {
    expect(misfits(body, input)).toEqual([]);
  });

  it.each([
    ["{{tikcet}}", "{{tikcet}} is not in the contract"],
    ["{{user.nmae}}", "{{user.nmae}} is not in the contract"],
    ["{{#if nope}}x{{/if}}", "{{nope}} is not in the contract"],
    ["{{note}}", "{{note}} is optional in the contract and stands outside {{#if note}}"],
    ["{{maybe.name}}", "{{maybe.name}} is optional in the contract and stands outside {{#if maybe.name}}"],
    ["{{user.nick}}", "{{user.nick}} is optional in the contract and stands outside {{#if user.nick}}"],
    ["{{nullable}}", "{{nullable}} is optional in the contract and stands outside {{#if nullable}}"],
    ["{{anyNull}}", "{{anyNull}} is optional in the contract and stands outside {{#if anyNull}}"],
    ["{{refNull}}", "{{refNull}} is optional in the contract and stands outside {{#if refNull}}"],
    ["{{enumNull}}", "{{enumNull}} is optional in the contract and stands outside {{#if enumNull}}"],
    [
      "{{json nullable}}{{nullable}}",
      "{{nullable}} is optional in the contract and stands outside {{#if nullable}}",
    ],
    ["{{json note}}", "{{note}} is optional in the contract and stands outside {{#if note}}"],
    [
      "{{json nullableUser.name}}",
      "{{nullableUser.name}} is optional in the contract and stands outside {{#if nullableUser.name}}",
    ],
    ["{{#if nullableUser}}{{nullableUser.nmae}}{{/if}}", "{{nullableUser.nmae}} is not in the contract"],
    ["{{#each items}}{{nmae}}{{/each}}", "{{items[].nmae}} is not in the contract"],
    [
      "{{#each items}}{{price}}{{/each}}",
      "{{items[].price}} is optional in the contract and stands outside {{#if items[].price}}",
    ],
    [
      "{{#each gaps}}{{this}}{{/each}}",
      "{{gaps[]}} reads items that may be null and stands outside an {{#if}} of the item",
    ],
    ["{{#each rows}}{{#each this}}{{cel}}{{/each}}{{/each}}", "{{rows[][].cel}} is not in the contract"],
    ["{{#each tree.children}}{{lable}}{{/each}}", "{{tree.children[].lable}} is not in the contract"],
    ["{{constructor}}", "{{constructor}} is not in the contract"],
  ])("refuses %s", (body, misfit) => {
    expect(misfits(body, input)).toEqual([misfit]);
  });

  it("takes a placeholder for fit only where every place of it is guarded", () => {
    expect(misfits("{{#if note}}{{note}}{{/if}} {{note}}", input)).toHaveLength(1);
    expect(misfits("{{#unless note}}{{note}}{{/unless}}", input)).toHaveLength(1);
    expect(misfits("{{#unless note}}-{{else}}{{note}}{{/unless}}", input)).toEqual([]);
  });

  it("reads every message of a chat body and every translation", () => {
    const chat: Body = [{ role: "system", content: "{{a}}" }, "history", { role: "user", content: "{{b}}" }];
    expect(misfits(chat, object({ ticket: string }))).toHaveLength(2);
    const text = { ...plain("{{ticket}}"), locales: { de: "{{karte}}" } };
    expect(textMisfits(text, caller)).toEqual(["{{karte}} is not in the contract"]);
  });

  it("takes anything where a schema says nothing of its properties", () => {
    expect(misfits("{{whatever.deep}}", {})).toEqual([]);
    expect(misfits("{{whatever}}", { type: "object", additionalProperties: { type: "string" } })).toEqual([]);
  });

  it("reads partials where they stand, under the guards around them", () => {
    const tone = ({ ref }: PartialRef): string | undefined => (ref === "tone" ? "{{note}}" : undefined);
    expect(bodyMisfits(["{{> tone}}"], input, tone)).toHaveLength(1);
    expect(bodyMisfits(["{{#if note}}{{> tone}}{{/if}}"], input, tone)).toEqual([]);
    expect(bodyMisfits(["{{> other}}"], input, tone)).toEqual([]);
  });

  it("ends on references that go in circles", () => {
    const ring = object({ a: { $ref: "#/$defs/A" } });
    expect(
      misfits("{{a.b}}", { ...ring, $defs: { A: { $ref: "#/$defs/B" }, B: { $ref: "#/$defs/A" } } }),
    ).toEqual([]);
  });
});

const caller: CallerContract = {
  input: object({ ticket: string }),
  providers: ["openai"],
  tools: ["refund"],
};
function plain(body: Body): VersionText {
  return { body, model: { provider: "openai", id: "gpt-5" }, input: object({ ticket: string }) };
}

describe("textMisfits", () => {
  it("finds none in a text that the code can serve", () => {
    expect(textMisfits({ ...plain("{{ticket}}"), tools: [{ name: "refund", input: {} }] }, caller)).toEqual(
      [],
    );
  });

  it("names a provider and tools that the code does not have, and every placeholder", () => {
    const text: VersionText = {
      ...plain("{{a}} {{b}}"),
      model: { provider: "anthropic", id: "claude-x" },
      tools: [{ name: "ban", input: {} }],
    };
    expect(textMisfits(text, caller)).toEqual([
      "{{a}} is not in the contract",
      "{{b}} is not in the contract",
      "model claude-x is served by anthropic, the code calls openai",
      "tool ban is not one the code has",
    ]);
  });

  it("holds a text against what the caller declares, not against its own input", () => {
    const text = { ...plain("{{lang}}"), input: object({ lang: string }) };
    expect(textMisfits(text, caller)).toHaveLength(1);
  });
});

describe("unusedVariables", () => {
  it("names required variables that no body reads, and no optional one", () => {
    const input = object({ ticket: string, user: object({ name: string }), rows: {}, note: string }, [
      "ticket",
      "user",
      "rows",
    ]);
    expect(unusedVariables(["{{ticket}}"], input)).toEqual(["user", "rows"]);
    expect(unusedVariables(["{{ticket}}", "{{user.name}} {{#each rows}}{{this}}{{/each}}"], input)).toEqual(
      [],
    );
    expect(unusedVariables(["{{> p}}"], input, () => "{{ticket}}{{user.name}}{{#if rows}}{{/if}}")).toEqual(
      [],
    );
  });
});

describe("contractVariables", () => {
  it("lists them, and which are always there", () => {
    const input = object({ a: string, b: string, c: { default: 1 }, d: { "x-filled": true }, e: true }, [
      "a",
      "zzz",
    ]);
    expect(contractVariables(input)).toEqual({ all: ["a", "b", "c", "d", "e"], required: ["a", "c", "d"] });
  });

  it("follows a reference at the top", () => {
    const input = { $ref: "#/$defs/In", $defs: { In: object({ a: string }) } };
    expect(contractVariables(input).required).toEqual(["a"]);
  });
});

describe("hashCaller", () => {
  it("does not depend on the order of providers, tools and keywords", () => {
    const one = hashCaller({
      input: { type: "object", properties: {} },
      providers: ["a", "b"],
      tools: ["x", "y"],
    });
    const other = hashCaller({
      input: { properties: {}, type: "object" },
      providers: ["b", "a"],
      tools: ["y", "x"],
    });
    expect(other).toBe(one);
    expect(hashCaller({ input: {}, providers: ["a"], tools: [] })).not.toBe(
      hashCaller({ input: {}, providers: [], tools: ["a"] }),
    );
  });
});
