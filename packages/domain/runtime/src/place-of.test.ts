/** Where calls stand in traces. */
import type { ExecutionId } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import type { ResolveContext } from "./declaration.ts";
import { type PlacedCall, placeOf } from "./place-of.ts";
import { TraceSteps } from "./trace-steps.ts";
import type { AsyncPlace, Telemetry, TracePlace } from "./tracing.ts";

const T1 = "1".repeat(32);
const T2 = "2".repeat(32);
const S1 = "a".repeat(16);
const S2 = "b".repeat(16);
const E1 = "019b76da-a800-7000-8000-000000000001" as ExecutionId;
const E2 = "019b76da-a800-7000-8000-000000000002" as ExecutionId;

interface Around {
  readonly active?: TracePlace;
  readonly own?: TracePlace;
}

function spaceOf({ active, own }: Around) {
  const telemetry: Telemetry = {
    active: () => active,
    begin: () => undefined,
    enclose: () => undefined,
    measure: () => undefined,
  };
  const traces: AsyncPlace = { getStore: () => own, run: (_place, task) => task() };
  return { telemetry, traces, traceSteps: new TraceSteps() };
}

function place(around: Around, context: ResolveContext = {}, call: Partial<PlacedCall> = {}) {
  return placeOf({ key: "a", ...call }, context, spaceOf(around));
}

const otel = (more: Partial<TracePlace> = {}): TracePlace => {
  return { trace: T1, span: S1, parent: null, steps: null, ...more };
};
const mine = (more: Partial<TracePlace> = {}): TracePlace => {
  return { trace: T2, span: null, parent: null, steps: new Map(), ...more };
};

describe("placeOf", () => {
  it("is nowhere where nothing is active", () => {
    expect(place({})).toEqual({ trace: null, span: null, parent: null, step: null });
  });

  it("is in the active span, else in the trace of the application's own", () => {
    expect(place({ active: otel({ parent: E1 }), own: mine() })).toEqual({
      trace: T1,
      span: S1,
      parent: E1,
      step: 1,
    });
    expect(place({ own: mine({ parent: E2 }) })).toEqual({ trace: T2, span: null, parent: E2, step: 1 });
  });

  it("is where the application says before all else", () => {
    const said = { trace: T2, span: S2, parent: E2, step: 7 };
    expect(place({ active: otel({ parent: E1 }), own: mine() }, said)).toEqual(said);
  });

  it("heeds nothing that no row can hold, and reads hex digits in either case", () => {
    const said = { trace: "t", span: "xyz", parent: "p" as ExecutionId, step: 1.5 };
    expect(place({}, said)).toEqual({ trace: null, span: null, parent: null, step: null });
    expect(place({}, { trace: 5 as never, parent: {} as never })).toMatchObject({
      trace: null,
      parent: null,
    });
    expect(place({}, { trace: "A".repeat(32) })).toMatchObject({ trace: "a".repeat(32), step: 1 });
  });

  it("takes no span of another trace", () => {
    expect(place({ active: otel() }, { trace: T2 })).toMatchObject({ trace: T2, span: null });
    expect(place({ active: otel(), own: mine({ span: S2 }) }, { trace: T2 })).toMatchObject({ span: S2 });
  });

  it("counts in the trace of the application's own while it is in it, and by the trace otherwise", () => {
    const own = mine();
    const space = spaceOf({ own });
    expect([1, 2, 3].map(() => placeOf({ key: "a" }, {}, space).step)).toEqual([1, 2, 3]);
    expect(own.steps?.get("a")).toBe(3);
    expect(placeOf({ key: "a" }, { trace: T1 }, space).step).toBe(1);
    expect(placeOf({ key: "a" }, { trace: T1 }, space).step).toBe(2);
    expect(placeOf({ key: "a" }, { trace: T2 }, space).step).toBe(4);
  });

  it("takes a provider call within a record for the next step, under the first of its record", () => {
    const space = spaceOf({ own: mine({ parent: E2 }) });
    expect(placeOf({ key: "a" }, {}, space)).toMatchObject({ step: 1, parent: E2 });
    const of = { step: 2, attempt: 1, parent: E1 };
    expect(placeOf({ key: "a", of }, {}, space)).toMatchObject({ step: 2, parent: E1 });
    expect(placeOf({ key: "a", of: { ...of, attempt: 2 } }, {}, space)).toMatchObject({ step: 2 });
    expect(placeOf({ key: "a" }, {}, space)).toMatchObject({ step: 3, parent: E2 });
  });

  it("takes a record's own step where no trace counts, and goes on from the one that was said", () => {
    const of = { step: 3, attempt: 1, parent: E1 };
    expect(place({}, {}, { of })).toEqual({ trace: null, span: null, parent: E1, step: 3 });
    expect(place({}, { step: 5 }, { of })).toMatchObject({ step: 7 });
  });
});
