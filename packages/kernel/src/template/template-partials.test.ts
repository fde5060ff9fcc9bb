/** The partials a body names. */
import { expect, it } from "vitest";
import { templatePartials } from "./template-partials.ts";

it("partials are listed once for each reference, also out of blocks and messages", () => {
  expect(
    templatePartials("{{> a}}{{#if x}}{{> b.c@v3}}{{else}}{{> a}}{{/if}}{{#each y}}{{> a@v1}}{{/each}}"),
  ).toEqual([
    { name: "a", version: null, ref: "a" },
    { name: "b.c", version: 3, ref: "b.c@v3" },
    { name: "a", version: 1, ref: "a@v1" },
  ]);
  expect(
    templatePartials([
      { role: "system", content: "{{> s}}" },
      "history",
      { role: "user", content: "{{>u}}" },
    ]),
  ).toHaveLength(2);
  expect(templatePartials("\\{{> a}} plain")).toEqual([]);
});
