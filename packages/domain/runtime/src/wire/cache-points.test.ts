/** Tests where a prompt cache may end, by the breakpoints of a text and the history of a call. */
import { compileBody, type TextParts } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { textOf } from "../runtime.fixture.ts";
import { cachePoints } from "./cache-points.ts";

function pointsOf(
  body: TextParts["body"],
  cache: TextParts["cache"],
  { turns = 0, ticket = "T" }: { readonly turns?: number; readonly ticket?: string } = {},
): readonly number[] {
  const text = textOf(body, cache === undefined ? {} : { cache });
  const history = Array.from({ length: turns }, () => ({ role: "user" as const, content: "before" }));
  const body_ = compileBody(text.body);
  const messages = body_.render({ ticket }, body_.takesHistory ? { history } : {});
  return [...cachePoints({ messages, text })];
}

const chat = [
  { role: "system", content: "a" },
  { role: "system", content: "b" },
  "history",
  { role: "user", content: "{{ticket}}" },
] as const;
const text = '{{role "system"}}a{{history}}{{role "user"}}{{ticket}}';

describe("cachePoints", () => {
  it("are none without breakpoints", () => {
    expect(pointsOf("{{ticket}}", undefined)).toEqual([]);
  });

  it("are the messages of these numbers, and the last system message", () => {
    expect(pointsOf(chat, [0, "system"])).toEqual([1, 0]);
    expect(pointsOf("{{ticket}}", [0])).toEqual([0]);
  });

  it.each([[0], [1], [5]])("stay with their message behind a history of %i turns", (turns) => {
    expect(pointsOf(chat, [3], { turns })).toEqual([2 + turns]);
    expect(pointsOf(text, [2], { turns })).toEqual([1 + turns]);
    expect(pointsOf(text, [0, "system"], { turns })).toEqual([0]);
    expect(pointsOf(`b ${text}`, [1, 3], { turns })).toEqual([1, 2 + turns]);
    const spaced = text.replace(
      "{{history}}",
      "\\{{history}}{{#if history.a}}{{role.a}}{{/if}}{{ history }}",
    );
    expect(pointsOf(spaced, [2], { turns })).toEqual([1 + turns]);
  });

  it("never lie outside of the messages", () => {
    expect(pointsOf(chat, [3], { ticket: " " })).toEqual([1]);
    expect(pointsOf("{{ticket}}", ["system"])).toEqual([]);
    expect(pointsOf("{{ticket}}", [7])).toEqual([]);
  });
});
