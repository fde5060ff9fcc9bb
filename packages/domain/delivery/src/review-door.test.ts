/** Tests of what the gate asks of reviews, at each of its doors. */
import { describe, expect, it } from "vitest";
import { DeliveryLog, grave, KEY, pseudonym } from "./delivery-log.fixture.ts";
import { ENV, RolloutLog } from "./rollout/rollout-log.fixture.ts";

function guarded(): DeliveryLog {
  const log = new DeliveryLog();
  log.versions(2);
  log.protect("production");
  return log;
}

function refused(words: string) {
  return expect.objectContaining({ code: "evidence-missing", message: expect.stringContaining(words) });
}

/** With all that is asked for but the review. */
function release(log: DeliveryLog, version: number, more = {}) {
  return log.release(version, "production", { evidence: [log.evidence(version)], ...more });
}

describe("A release to a protected environment", () => {
  it("needs a review of that very text", () => {
    const log = guarded();
    expect(() => release(log, 1, { reviews: [] })).toThrow(refused(`colophon review ${KEY}@v1`));
    expect(() => release(log, 1, { reviews: [log.review(2)] })).toThrow(refused("nothing says"));
    expect(() => release(log, 1, { reviews: [{ ...log.review(1), key: "other" }] })).toThrow(
      refused("nothing says"),
    );
    expect(release(log, 1, { reviews: [log.review(1)] }).version).toBe(1);
  });

  it("names a grave finding, its place, and the ways out", () => {
    const log = guarded();
    log.found.push(log.review(1, [grave("f1"), grave("f2")]));
    expect(() => release(log, 1)).toThrow(
      refused(
        `${KEY}@v1 is not let out: its review has found what is grave (secret in body, line 2, finding f1, and 1 more): mend it in a new version, or have somebody who may review accept it with a reason (\`colophon review ${KEY}@v1\` says more). Where it cannot wait, say why with --break-glass TEXT.`,
      ),
    );
  });

  it("asks nothing of findings that are less grave", () => {
    const log = guarded();
    log.found.push(log.review(1, [grave("f1", { severity: "medium" }), grave("f2", { severity: "low" })]));
    expect(release(log, 1).version).toBe(1);
  });

  it("takes what somebody has accepted, until that is over", () => {
    const log = guarded();
    const until = log.now + 5_000;
    log.found.push(
      log.review(1, [grave()], { suppressions: [{ of: "secret", reason: "known", expires: until }] }),
    );
    expect(() => release(log, 1, { now: until })).toThrow(refused("grave"));
    expect(release(log, 1, { now: until - 1 }).version).toBe(1);
  });

  it("holds to the newest review alone", () => {
    const log = guarded();
    log.found.push(log.review(1, [grave()]), log.review(1));
    expect(release(log, 1).version).toBe(1);
    log.found.push(log.review(2), log.review(2, [grave()]));
    expect(() => release(log, 2)).toThrow(refused("grave"));
  });

  it("passes by an exception, as without evidence", () => {
    const log = guarded();
    log.found.push(log.review(1, [grave()]));
    expect(release(log, 1, { breakGlass: "outage" }).breakGlass).toBe("outage");
  });

  it("says everything that is missing at once", () => {
    const log = guarded();
    log.found.push(log.review(1, [grave()]));
    expect(() => log.release(1, "production")).toThrow(/grave.*; production has no ship evidence/);
  });
});

describe("Where nothing is asked for", () => {
  it("a release to another environment needs no review", () => {
    const log = guarded();
    expect(log.release(1, "staging", { reviews: [] }).version).toBe(1);
  });

  it("a rollback goes back to a version that is found grave by now", () => {
    const log = guarded();
    release(log, 1);
    release(log, 2, { breakGlass: "no rollout in this test" });
    log.found.push(log.review(1, [grave()]));
    expect(log.rollback("production").version).toBe(1);
  });

  it("an override for one user needs none, one for a tenant does", () => {
    const log = guarded();
    const reviews = [log.review(1, [grave()])];
    const evidence = [log.evidence(1)];
    const place = { environment: "production", reviews, evidence };
    expect(log.override(1, { ...place, kind: "user", subject: pseudonym("ada") }).version).toBe(1);
    const tenant = { ...place, kind: "tenant", subject: pseudonym("acme") } as const;
    expect(() => log.override(1, tenant)).toThrow(refused("grave"));
    expect(log.override(1, { ...tenant, breakGlass: "outage" }).breakGlass).toBe("outage");
  });
});

describe("A rollout", () => {
  function started(): RolloutLog {
    const log = new RolloutLog();
    log.guard();
    return log;
  }

  it("waits where its review has found what is grave, and begins when somebody has accepted it", () => {
    const log = started();
    log.found.push(log.review(2, [grave()]));
    const begun = log.start({ passes: log.passes(log.ship()) });
    expect(begun).toMatchObject({ state: "pending", lacks: [expect.stringContaining("finding f1")] });
    expect(log.advance({ passes: log.passes(log.ship()) }).waits).toEqual([
      expect.stringContaining("finding f1"),
    ]);
    log.found.push(
      log.review(2, [grave()], { suppressions: [{ of: "f1", reason: "known", expires: null }] }),
    );
    expect(log.advance({ passes: log.passes(log.ship()) })).toMatchObject({ state: "ramping", step: 0 });
  });

  it("does not end in a release of what is found grave on its way", () => {
    const log = started();
    log.start({ passes: log.passes(log.ship()) });
    log.found.push(log.review(2, [grave()]));
    const go = () => log.wait(11 * 60_000).advance({ passes: log.passes(log.ship()) });
    go();
    go();
    expect(go()).toMatchObject({ moved: false, waits: [expect.stringContaining("finding f1")] });
    expect(log.live()).toBe(1);
  });

  it("is shadowed without one: a shadow serves nobody", () => {
    const log = started();
    const shadow = {
      rate: 0.1,
      concurrency: 1,
      calls: 10,
      budget: null,
      metric: "quality",
      margin: 0.1,
      alpha: 0.1,
      pairs: 5,
      patience: 1_000,
    };
    const begun = log.start({ plan: { ...log.plan, shadow }, passes: new Map() });
    expect(begun.state).toBe("shadowing");
  });

  it("goes in by an exception as by one without evidence", () => {
    const log = started();
    log.found.push(log.review(2, [grave()]));
    expect(log.start({ breakGlass: "outage" })).toMatchObject({ state: "ramping", breakGlass: "outage" });
    expect(log.rollout.environment).toBe(ENV);
  });
});
