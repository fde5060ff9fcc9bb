/** Asks gates afresh against a simulated model: new answers, a new look, and no answer paid for twice. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { releaseVersion } from "../../index.ts";
import { type EvaluationHouse, KEY, openEvaluationHouse } from "./evaluation-house.fixture.ts";
import { gateChallenger, listEvidence } from "./gate-challenger.ts";
import type { GateAnswer } from "./gate-request.ts";

let house: EvaluationHouse;
beforeEach(async () => {
  house = await openEvaluationHouse({ cases: 60 });
  await house.register("bare", "defined");
  await releaseVersion(house.harness, { key: KEY, version: 1, environment: "production", reason: "try" });
});
afterEach(() => house.close());

type Request = Parameters<typeof gateChallenger>[1];

function gate(more: Partial<Request> = {}): Promise<GateAnswer> {
  const request = { key: KEY, version: 2, set: "tickets", environment: "production", ...more } as Request;
  return gateChallenger(house.harness, request, house.parts);
}

const calls = (): number => house.simulator.served().length;

describe("A gate that is asked afresh", () => {
  test("takes no answer that is kept, and is one more look and one more piece of evidence", async () => {
    const first = await gate();
    const asked = calls();
    const fresh = await gate({ fresh: true });
    expect(calls()).toBe(2 * asked);
    expect(fresh).toMatchObject({ unchanged: false, testLooks: 2, progress: { spent: { cached: 0 } } });
    expect(fresh.evidenceId).not.toBe(first.evidenceId);
    expect(await listEvidence(house.harness, KEY)).toHaveLength(2);
    await gate({ fresh: true });
    expect(calls()).toBe(3 * asked);
  });

  test("is what the same question is answered with from then on", async () => {
    await gate();
    const fresh = await gate({ fresh: true });
    const asked = calls();
    expect(await gate()).toMatchObject({ unchanged: true, evidenceId: fresh.evidenceId, testLooks: 2 });
    expect(await gate({ mode: "strict" })).toMatchObject({ unchanged: false, testLooks: 2 });
    expect(calls()).toBe(asked);
  });

  test("goes on with its own answers after its budget ended", async () => {
    await gate();
    const asked = calls();
    const budget = { money: null, tokens: 9_500, milliseconds: null };
    const cut = await gate({ fresh: true, budget, concurrency: 1 });
    expect(cut.end.kind).toBe("budget");
    expect(calls()).toBeGreaterThan(asked);
    const whole = await gate({ fresh: true });
    expect(whole).toMatchObject({ end: { kind: "complete" }, testLooks: 2 });
    expect(calls()).toBe(2 * asked);
  });

  test("goes on with its own answers after it was stopped before anything was recorded", async () => {
    const stop = new AbortController();
    const parts = {
      ...house.parts,
      signal: stop.signal,
      caller: {
        call: async (request: Parameters<EvaluationHouse["parts"]["caller"]["call"]>[0]) => {
          if (calls() >= 20) stop.abort();
          return house.parts.caller.call(request);
        },
      },
    };
    const request = { key: KEY, version: 2, set: "tickets", environment: "production", fresh: true } as const;
    const stopped = await gateChallenger(house.harness, request, parts);
    expect(stopped).toMatchObject({ end: { kind: "stopped" }, evidenceId: null });
    await gate({ fresh: true });
    const asked = calls();
    await gate({ fresh: true });
    // Each round asks every question once.
    expect(calls()).toBe(2 * asked);
  });
});
