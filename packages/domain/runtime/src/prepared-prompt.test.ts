/** Tests what a prepared prompt says where a wire is missing. */
import { describe, expect, it } from "vitest";
import { declarationOf, documentOf, openStage, textOf } from "./runtime.fixture.ts";
import { anthropic } from "./wire/anthropic/anthropic-wire.ts";
import { openai } from "./wire/openai/openai-wire.ts";
import type { Wire } from "./wire/wire.ts";

function prepared(wires: readonly Wire[]) {
  const { runtime } = openStage(documentOf({}), { wires });
  return runtime
    .resolve<{ ticket: string }>(declarationOf("k", textOf("{{ticket}}")))
    .render({ ticket: "T" });
}

describe("a client's arguments", () => {
  it("need the client's wire, and say which one", () => {
    const p = prepared([]);
    const named = (wire: string) =>
      expect.objectContaining({
        code: "wire-missing",
        message: expect.stringContaining(`import { ${wire} } from "colophon/${wire}"`),
      });
    expect(() => p.openai()).toThrow(named("openai"));
    expect(() => p.responses()).toThrow(named("openai"));
    expect(() => p.anthropic()).toThrow(named("anthropic"));
  });

  it("are written by the wires that are there", () => {
    const p = prepared([anthropic]);
    expect(p.anthropic().messages).toEqual([{ role: "user", content: "T" }]);
    expect(() => p.responses()).toThrow("p.responses() needs a wire that open() was not given here");
    expect(prepared([openai, anthropic]).responses().input).toEqual([{ role: "user", content: "T" }]);
  });
});
