/** Property test: no door of a protected environment lets a version out that the rules do not. */
import { type EvidenceData, errorCodeOf, type RegistryRecord, type Verdict } from "@colophon/kernel";
import fc from "fast-check";
import { expect, it } from "vitest";
import { grave, KEY, pseudonym } from "../delivery-log.fixture.ts";
import { ENV, MINUTE, planOf, RolloutLog, reading } from "./rollout-log.fixture.ts";

const TYPE = pseudonym("7".repeat(32));
const TENANT = pseudonym("8".repeat(32));
const SCOPES = [
  null,
  { tenant: TENANT },
  { documentType: "contract" },
  { documentType: "contract", tenant: TENANT },
];
const version = fc.integer({ min: 1, max: 4 });
const verdict = fc.constantFrom<(Verdict | null)[]>("ship", "ship", "block", "inconclusive", null);
const exception = fc.constantFrom(null, null, null, "outage");

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("start" as const),
      version,
      verdict,
      exception,
      scope: fc.constantFrom(...SCOPES),
    }),
  },
  { weight: 9, arbitrary: fc.record({ do: fc.constant("go on" as const), version, verdict }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("release" as const), version, verdict, exception }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("override" as const),
      version,
      verdict,
      exception,
      kind: fc.constantFrom("user" as const, "tenant" as const, "documentType" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("review" as const),
      version,
      found: fc.constantFrom("nothing" as const, "nothing" as const, "accepted" as const, "open" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rollback" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abort" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("approve" as const), version }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The evidence that a step brings, against what is live. */
function evidenceOf(log: RolloutLog, taken: Step): readonly EvidenceData[] {
  if (!("verdict" in taken) || taken.verdict === null) return [];
  const { verdict, version } = taken;
  const id = `${verdict} v${version} against v${log.live()}`;
  return [log.ship(version, { id, verdict, baseline: `v${log.live()}` })];
}

function take(log: RolloutLog, taken: Step): void {
  const evidence = evidenceOf(log, taken);
  const passes = log.passes(...evidence);
  switch (taken.do) {
    case "start":
      log.start({
        members: [{ key: KEY, versions: [taken.version] }],
        passes,
        breakGlass: taken.exception,
        where: taken.scope,
        documentType: taken.scope?.documentType === undefined ? null : TYPE,
      });
      return;
    case "go on": {
      const tried = log.rollout.arms[0]?.version ?? 0;
      const cleared = reading({ version: tried, state: "cleared" });
      log
        .wait(11 * MINUTE)
        .advance({ sights: [log.sight({ readings: [cleared] })], passes, documentType: TYPE });
      return;
    }
    case "release":
      log.release(taken.version, ENV, { evidence, breakGlass: taken.exception });
      return;
    case "override": {
      const subject = taken.kind === "documentType" ? TYPE : TENANT;
      const to = { kind: taken.kind, subject, environment: ENV, evidence, breakGlass: taken.exception };
      log.override(taken.version, to);
      return;
    }
    case "review": {
      const found = taken.found === "nothing" ? [] : [grave()];
      // An hour: some are over when they are looked at.
      const accepted = [{ of: "secret", reason: "known", expires: log.now + 60 * MINUTE }];
      log.found.push(
        log.review(taken.version, found, { suppressions: taken.found === "open" ? [] : accepted }),
      );
      return;
    }
    case "rollback":
      log.rollback(ENV);
      return;
    case "abort":
      log.abort();
      return;
    case "approve":
      log.approve({ version: taken.version });
  }
}

/** The version and base that a piece of evidence is about, when it says ship. */
function shipped(ids: readonly string[], version: number, live: number | null | undefined): boolean {
  return ids.includes(`ship v${version} against v${live}`);
}

/** Whether the newest review of a version has nothing grave that nobody has accepted. */
function isClean(log: RolloutLog, version: number): boolean {
  const hash = log.state.prompts.get(KEY)?.versions.get(version)?.hash;
  const review = log.reviews().findLast((one) => one.hash === hash);
  const [grave] = review?.findings ?? [];
  return grave === undefined || (review?.suppressions ?? []).some(({ expires }) => (expires ?? 0) > log.now);
}

/** What a record newly serves to more than named users; null for nothing, or by exception. */
function newlyServed(record: RegistryRecord): number | null {
  if (record.kind === "release" && record.data.rollbackFrom === null) {
    return record.data.breakGlass === null ? record.data.version : null;
  }
  if (record.kind === "override" && record.data.kind !== "user") {
    return record.data.breakGlass === null ? record.data.version : null;
  }
  if (record.kind !== "rollout" || record.data.cause !== "started" || record.data.breakGlass !== null)
    return null;
  return record.data.arms.find(({ share }) => share > 0)?.version ?? null;
}

function checkRecord(
  record: RegistryRecord,
  append: readonly RegistryRecord[],
  live: number | null | undefined,
): string {
  if (record.kind === "rollout") {
    const tried = record.data.arms.find(({ share }) => share > 0);
    if (tried === undefined || record.data.state === "completed") return "";
    expect(record.data.breakGlass !== null || shipped(record.data.evidence, tried.version, live)).toBe(true);
    return "canary";
  }
  if (record.kind === "override" && record.data.version !== null && record.data.kind !== "user") {
    const { breakGlass, evidence, version } = record.data;
    expect(breakGlass !== null || shipped(evidence, version, live)).toBe(true);
    return "override";
  }
  if (record.kind !== "release" || record.data.version === null || record.data.rollbackFrom !== null)
    return "";
  const { breakGlass, evidence, version } = record.data;
  const through = append.some(
    (one) =>
      one.kind === "rollout" && one.data.state === "completed" && one.data.arms[0]?.version === version,
  );
  expect(breakGlass !== null || (through && shipped(evidence, version, live))).toBe(true);
  return through ? "completed" : "exception";
}

it("lets out only what evidence says ship to, what came through its rollout, or a written exception", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 50, size: "max" }), (steps) => {
      const log = new RolloutLog();
      log.version("v3 {{ticket}}");
      log.version("v4 {{ticket}}");
      log.guard();
      log.plan = planOf();
      for (const taken of steps) {
        const [length, live] = [log.records.length, log.live()];
        try {
          take(log, taken);
        } catch (error) {
          if (errorCodeOf(error) === undefined && !(error as Error).message.includes("has no rollout"))
            throw error;
        }
        const append = log.records.slice(length);
        for (const record of append) {
          const served = newlyServed(record);
          if (served !== null) expect(isClean(log, served)).toBe(true);
          const what = checkRecord(record, append, live);
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
      }
    }),
    { numRuns: 600, seed: 4 },
  );
  // Each door was opened now and then: rules that refuse everything would pass as well.
  for (const what of ["canary", "override", "completed", "exception"]) {
    expect(seen.get(what) ?? 0, what).toBeGreaterThan(10);
  }
});
