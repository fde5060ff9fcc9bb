/** However a span is cut, its pieces come to the span again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { cutSpan, fillSpan, type SpanPiece } from "./cut-span.ts";

const UNITS = [24, 6, 1];
const spans = fc
  .record({ from: fc.nat(300), length: fc.nat(300), units: fc.nat(UNITS.length - 1) })
  .map(({ from, length, units }) => ({ from, until: from + length, units: UNITS.slice(0, units + 1) }));

/** How often each moment is in, pieces to be taken away counted as less than nothing. */
function counted(pieces: readonly SpanPiece[]): readonly number[] {
  return Array.from({ length: 650 }, (_, at) =>
    pieces.reduce((sum, { from, until, sign }) => sum + (from <= at && at < until ? sign : 0), 0),
  );
}

test("Its pieces, added and taken away, hold each moment of the span once and no other", () => {
  fc.assert(
    fc.property(spans, ({ units, ...span }) => {
      expect(counted(cutSpan(span, units))).toEqual(counted([{ ...span, unit: null, sign: 1 }]));
    }),
  );
});

test("Pieces of a unit lie on its borders, and what is left over is at most half a unit at each end", () => {
  fc.assert(
    fc.property(spans, ({ units, ...span }) => {
      const pieces = cutSpan(span, units);
      for (const { from, until, unit } of pieces) {
        if (unit !== null) expect([from % unit, until % unit]).toEqual([0, 0]);
      }
      const largest = units[0] as number;
      if (!pieces.some(({ unit }) => unit === largest)) return;
      for (const { from, until, unit } of pieces) {
        if (unit !== largest) expect(until - from).toBeLessThanOrEqual(largest / 2);
      }
    }),
  );
});

test("Filled with whole units, nothing is taken away from it", () => {
  fc.assert(
    fc.property(spans, ({ units, ...span }) => {
      const pieces = fillSpan(span, units);
      expect(counted(pieces)).toEqual(counted([{ ...span, unit: null, sign: 1 }]));
      for (const { from, until, unit, sign } of pieces) {
        expect(sign).toBe(1);
        if (unit !== null) expect([from % unit, until % unit]).toEqual([0, 0]);
      }
    }),
  );
});

test("An empty span has no pieces", () => {
  expect(cutSpan({ from: 30, until: 30 }, UNITS)).toEqual([]);
  expect(cutSpan({ from: 31, until: 30 }, UNITS)).toEqual([]);
  expect(fillSpan({ from: 31, until: 30 }, UNITS)).toEqual([]);
});
