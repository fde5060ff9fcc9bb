/** Tests where a contract says that media are, and what it may not say of them. */
import { describe, expect, it } from "vitest";
import { bodyMisfits, type CallerContract, textMisfits, unusedVariables } from "./contract.ts";
import type { JsonSchema } from "./json-schema.ts";
import { MEDIA_SCHEMAS, mediaContractProblems, mediaPaths } from "./media-contract.ts";
import { hashText, type VersionText } from "./version-text.ts";

const { one: medium, list: pages } = MEDIA_SCHEMAS;
const string = { type: "string" };

function object(properties: Readonly<Record<string, unknown>>, required = Object.keys(properties)) {
  return { type: "object", properties, required };
}

function textOf(body: VersionText["body"], input: JsonSchema): VersionText {
  return { body, model: { provider: "openai", id: "gpt-5" }, input };
}

function callerOf(input: JsonSchema): CallerContract {
  return { input, providers: ["openai"], tools: [] };
}

describe("the media of a contract", () => {
  it("are whole variables and the items of lists, also behind references", () => {
    const input = {
      ...object({ photo: medium, pages, scan: { $ref: "#/$defs/image" }, note: string, any: true }),
      $defs: { image: { "x-media": true, description: "A scan." } },
    };
    expect([...mediaPaths(input)]).toEqual(["photo", "pages[]", "scan"]);
    expect(mediaContractProblems(input)).toEqual([]);
  });

  it("may have the name of the keyword, which is then no keyword", () => {
    expect(mediaContractProblems(object({ "x-media": string }))).toEqual([]);
    expect([...mediaPaths(object({ "x-media": string }))]).toEqual([]);
  });

  it.each([
    [object({ photo: { "x-media": "yes" } }), "properties.photo has x-media with another value than true"],
    [
      object({ photo: { type: "string", "x-media": true } }),
      "properties.photo has x-media and a type of its own; leave the type out",
    ],
    [
      object({ card: object({ photo: medium }) }),
      "properties.card.properties.photo has x-media; only a whole variable or the items of a list can be media",
    ],
    [
      object({ photo: { anyOf: [medium, string] } }),
      "properties.photo.anyOf.0 has x-media; only a whole variable or the items of a list can be media",
    ],
    [{ "x-media": true }, "input has x-media; only a whole variable or the items of a list can be media"],
  ])("cannot be said by %j", (input, problem) => {
    expect(mediaContractProblems(input)).toEqual([problem]);
  });

  it("move the hash of a text", () => {
    const as = (schema: JsonSchema) => hashText(textOf("{{photo}}", object({ photo: schema })));
    expect(new Set([as(medium), as(string), as(pages)]).size).toBe(3);
  });
});

describe("fit of media", () => {
  it("holds for a medium that is printed, asked for, or an item", () => {
    const input = object({ photo: medium, scan: medium, pages }, ["photo", "pages"]);
    const body =
      "{{photo}}{{#if scan}}{{scan}}{{/if}}{{#each pages}}{{@index}} {{this}}{{/each}}{{pages.length}}";
    expect(bodyMisfits([body], input)).toEqual([]);
    expect(unusedVariables(["{{#if scan}}{{scan}}{{/if}}"], input)).toEqual(["photo", "pages"]);
  });

  it("asks for an {{#if}} around an optional medium", () => {
    expect(bodyMisfits(["{{photo}}"], object({ photo: medium }, []))).toEqual([
      "{{photo}} is optional in the contract and stands outside {{#if photo}}",
    ]);
  });

  it.each([
    [
      "{{json photo}}",
      "{{json photo}} at line 1, column 1 is not supported: photo is a medium; write {{photo}}.",
    ],
    [
      "Look:\n{{photo.url}}",
      "{{photo.url}} at line 2, column 1 is not supported: photo.url is of a medium, which has no fields; write {{photo}}.",
    ],
    [
      "{{pages}}",
      "{{pages}} at line 1, column 1 is not supported: pages is a list of media; write {{#each pages}}{{this}}{{/each}}.",
    ],
    [
      "{{#each pages}}{{json this}}{{/each}}",
      "{{json this}} at line 1, column 16 is not supported: pages[] is a medium; write {{this}}.",
    ],
    [
      '{{role "system"}}{{photo}}',
      "{{photo}} at line 1, column 18 is not supported: photo is a medium, and a message of role system holds only text.",
    ],
  ])("refuses %s with what to write instead", (body, message) => {
    expect(() => bodyMisfits([body], object({ photo: medium, pages }))).toThrow(
      expect.objectContaining({ code: "template-syntax", message }),
    );
  });

  it("fails where version and code disagree on what a placeholder holds, in either direction", () => {
    const asMedia = object({ photo: medium });
    const asText = object({ photo: string });
    const asList = object({ photo: pages });
    expect(textMisfits(textOf("{{photo}}", asMedia), callerOf(asText))).toEqual([
      "{{photo}} is a medium in the version and no medium in the code",
    ]);
    expect(textMisfits(textOf("{{json photo}}", asText), callerOf(asMedia))).toEqual([
      "{{photo}} is no medium in the version and a medium in the code",
    ]);
    expect(textMisfits(textOf("{{photo}}", asMedia), callerOf(asList))).toEqual([
      "{{photo}} is a medium in the version and a list of media in the code",
    ]);
    expect(textMisfits(textOf("{{photo}}", asMedia), callerOf(asMedia))).toEqual([]);
    expect(textMisfits(textOf("No picture.", asMedia), callerOf(asText))).toEqual([]);
    // A contract that names no variables leaves them to the code's.
    expect(textMisfits(textOf("{{photo}}", {}), callerOf(asMedia))).toEqual([]);
    expect(() => textMisfits(textOf("{{json photo}}", {}), callerOf(asMedia))).toThrow("photo is a medium");
    const partials = new Map([["p", "{{json photo}}"]]);
    expect(() => textMisfits(textOf("{{> p}}", object({})), callerOf(asMedia), partials)).toThrow(
      "photo is a medium",
    );
  });

  it("takes no variable for one that every object has", () => {
    const caller = callerOf(object({ constructor: medium }));
    expect(textMisfits(textOf("{{constructor}}", object({ a: string })), caller)).toEqual([]);
  });

  it("is asked of partials too", () => {
    const partials = new Map([["p", "{{photo}}"]]);
    const text = textOf("{{> p}}", object({ photo: string }));
    expect(textMisfits(text, callerOf(object({ photo: medium })), partials)).toEqual([
      "{{photo}} is no medium in the version and a medium in the code",
    ]);
  });
});
