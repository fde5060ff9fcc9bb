/** The order of a trace's rows. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TraceRow, traceRows } from "./trace-rows.ts";

function row(id: string, second: number, more: Partial<TraceRow> = {}): TraceRow {
  const at = `2026-01-16T14:32:${String(second).padStart(2, "0")}.000Z`;
  return { id, at, parent: null, step: 1, attempt: 1, prompt: id, ...more };
}

const shown = (rows: readonly TraceRow[]): readonly string[] => traceRows(rows).map(({ prompt }) => prompt);

describe("traceRows", () => {
  it("puts each row under the one within which it was made, the oldest first", () => {
    const rows = [
      row("reply", 9),
      row("look-up", 3, { parent: "agent" }),
      row("judge", 4, { parent: "look-up" }),
      row("plan", 2, { parent: "agent" }),
      row("agent", 1),
    ];
    expect(shown(rows)).toEqual(["agent", "  plan", "  look-up", "    judge", "reply"]);
  });

  it("orders what began at the same time by step and attempt", () => {
    const rows = [row("c", 1, { step: 2 }), row("b", 1, { attempt: 2 }), row("a", 1)];
    expect(shown(rows)).toEqual(["a", "b", "c"]);
  });

  it("shows a row at the margin whose parent is not listed", () => {
    expect(shown([row("b", 2, { parent: "elsewhere" }), row("a", 1)])).toEqual(["a", "b"]);
  });

  it("shows every row once, whatever their parents are", () => {
    const name = fc.constantFrom("a", "b", "c", "d", "e");
    const parents = fc.dictionary(name, fc.option(name));
    fc.assert(
      fc.property(parents, (by) => {
        const rows = Object.entries(by).map(([id, parent], index) => row(id, index, { parent }));
        const ids = traceRows(rows).map(({ id }) => id);
        expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
      }),
    );
  });
});
