/** Tests what the log of the registry adds up to, at its end and at any prefix. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVERY_RECORD, everyRecord } from "./records/records.fixture.ts";
import type { OverrideData, RecordDraft, RegistryRecord, ReleaseData } from "./records/registry-records.ts";
import {
  applyRecord,
  currentRelease,
  declarationsIn,
  declaredBeside,
  emptyRegistryState,
  inheritanceOf,
  overrideScope,
  projectRecords,
} from "./registry-state.ts";
import type { Pseudonym } from "./subject.ts";

const BY = { id: "ada", via: "cli" } as const;
type Draft = {
  [K in RecordDraft["kind"]]: Omit<Extract<RecordDraft, { kind: K }>, "by">;
}[RecordDraft["kind"]];

/** A log of these records, each 10 ms after the one before. */
function logOf(drafts: readonly Draft[]): readonly RegistryRecord[] {
  return drafts.map(
    (draft, index) => ({ ...draft, by: BY, revision: index + 1, at: (index + 1) * 10 }) as RegistryRecord,
  );
}
function release(version: number | null, more: Partial<ReleaseData> = {}): Draft {
  return { kind: "release", data: { ...EVERY_RECORD.release, version, ...more } };
}
function override(version: number | null, more: Partial<OverrideData> = {}): Draft {
  return { kind: "override", data: { ...EVERY_RECORD.override, version, ...more } };
}
const version = (number: number, hash = `h${number}`): Draft => ({
  kind: "version",
  data: { ...EVERY_RECORD.version, version: number, hash },
});

describe("the registry's state", () => {
  it("keeps every version of an eval set, and the facts that were recorded last of each", () => {
    const set = (number: number, owner: string): Draft => ({
      kind: "eval-set",
      data: { ...EVERY_RECORD["eval-set"], name: "triage", version: number, owner },
    });
    const { evalSets } = projectRecords(logOf([set(1, "ada"), set(2, "ada"), set(2, "bob")]));
    expect(evalSets.get("triage")).toMatchObject([
      { version: 1, owner: "ada", made: 10, at: 10 },
      { version: 2, owner: "bob", made: 20, at: 30 },
    ]);
  });

  it("keeps candidates by their number, with what was decided about each last", () => {
    const decide = (decision: "hold" | "promote"): Draft => ({
      kind: "decision",
      data: { ...EVERY_RECORD.decision, decision },
    });
    const log = logOf([
      { kind: "candidate", data: EVERY_RECORD.candidate },
      { kind: "candidate", data: { ...EVERY_RECORD.candidate, candidate: 2 } },
      decide("hold"),
      decide("promote"),
    ]);
    const candidates = projectRecords(log).prompts.get("k")?.candidates;
    expect(candidates?.get(1)).toMatchObject({ revision: 1, decision: { decision: "promote", revision: 4 } });
    expect(candidates?.get(2)).toMatchObject({ revision: 2, decision: null });
  });

  it("says which prompt each kind of record touches, and moves revision and time with all", () => {
    const state = emptyRegistryState();
    const touched = everyRecord().map((record) => {
      const key = applyRecord(state, record);
      expect([state.revision, state.at]).toEqual([record.revision, record.at]);
      return [record.kind, key];
    });
    const served = [
      "declaration",
      "retirement",
      "metadata",
      "version",
      "withdrawal",
      "release",
      "override",
      "rollout",
    ];
    expect(
      touched
        .filter(([, key]) => key === "k")
        .map(([kind]) => kind)
        .sort(),
    ).toEqual(served.sort());
    expect(touched.filter(([, key]) => key !== "k" && key !== null)).toEqual([]);
  });

  it("keeps each record with where, when and by whom it was made", () => {
    const state = projectRecords(everyRecord());
    const prompt = state.prompts.get("k");
    const stamp = { by: { id: "ada", via: "cli" } };
    expect(state.environments.get("preview")).toMatchObject({
      ...EVERY_RECORD.environment,
      ...stamp,
      revision: 1,
    });
    expect(prompt?.declarations.get("preview")).toMatchObject([
      { ...EVERY_RECORD.declaration, revision: 2, unsigned: false },
    ]);
    expect(prompt?.metadata).toMatchObject({ ...EVERY_RECORD.metadata, revision: 3 });
    expect(prompt?.versions.get(1)).toMatchObject({ ...EVERY_RECORD.version, revision: 4 });
    expect(prompt?.versionByHash.get("h")).toBe(1);
    expect(prompt?.releases).toMatchObject([{ ...EVERY_RECORD.release, revision: 5, at: 50 }]);
    expect(prompt?.versions.get(1)?.withdrawn).toMatchObject({ reason: "wrong", revision: 6, at: 60 });
    expect(prompt?.overrides.get(overrideScope("user", "1".repeat(32)))).toMatchObject([{ revision: 7 }]);
    expect(prompt?.rollouts.get("preview")).toMatchObject({ state: "ramping", revision: 9 });
  });

  it("takes the newest release of a lane as current, an emptied one too", () => {
    const log = logOf([
      release(1),
      release(2, { lane: "canary" }),
      release(3),
      release(null, { environment: "staging" }),
    ]);
    const prompt = projectRecords(log).prompts.get("k");
    expect(prompt && currentRelease(prompt, "preview")?.version).toBe(3);
    expect(prompt && currentRelease(prompt, "preview", "canary")?.version).toBe(2);
    expect(prompt && currentRelease(prompt, "staging")?.version).toBeNull();
    expect(prompt && currentRelease(prompt, "production")).toBeUndefined();
  });

  it("clears an override in its own environment alone", () => {
    const log = logOf([
      override(1),
      override(2, { environment: "staging" }),
      override(3, { environment: "staging" }),
      override(null, { environment: "staging" }),
    ]);
    const scope = overrideScope("user", "1".repeat(32));
    const versionsAt = (end: number): unknown =>
      projectRecords(log.slice(0, end))
        .prompts.get("k")
        ?.overrides.get(scope)
        ?.map((entry) => entry.version);
    expect([1, 2, 3, 4].map(versionsAt)).toEqual([[1], [2, 1], [3, 2, 1], [1]]);
    const cleared = projectRecords([...log, ...logOf([override(null)])]).prompts.get("k");
    expect(cleared?.overrides.has(scope)).toBe(false);
  });

  it("clears an override within a tenant alone, or with those everywhere", () => {
    const tenant = "2".repeat(32) as Pseudonym;
    const scope = overrideScope("user", "1".repeat(32));
    const left = (...cleared: Parameters<typeof override>) =>
      projectRecords(logOf([override(1), override(2, { tenant }), override(...cleared)]))
        .prompts.get("k")
        ?.overrides.get(scope)
        ?.map(({ version }) => version);
    expect(left(null, { tenant })).toEqual([1]);
    expect(left(null)).toBeUndefined();
  });

  it("keeps standing guards with the versions that they fired about, until they are set anew", () => {
    const guard = (more: object = {}): Draft => ({ kind: "guard", data: { ...EVERY_RECORD.guard, ...more } });
    const alert = (more: object): Draft => ({ kind: "alert", data: { ...EVERY_RECORD.alert, ...more } });
    const fired = (...drafts: readonly Draft[]) =>
      [...(projectRecords(logOf(drafts)).prompts.get("k")?.guards.values() ?? [])].map((one) => one.fired);
    const about = { guard: EVERY_RECORD.guard.id, version: 2 };
    expect(fired(guard(), alert(about), alert(about), alert({ ...about, version: 3 }))).toEqual([[2, 3]]);
    expect(fired(guard(), alert({ ...about, guard: "other" }), alert({ ...about, version: null }))).toEqual([
      [],
    ]);
    expect(fired(guard(), alert(about), guard({ limit: 0.2 }))).toEqual([[]]);
    expect(fired(guard(), guard({ active: false }))).toEqual([]);
    expect(fired(alert(about))).toEqual([]);
    const release = (more: object): Draft => ({
      kind: "release",
      data: { ...EVERY_RECORD.release, ...more },
    });
    const { environment } = EVERY_RECORD.guard;
    const out = { environment, lane: "live", version: 2, rollbackFrom: null } as const;
    expect(fired(release(out), guard(), alert(about), release({ ...out, version: 1 }), release(out))).toEqual(
      [[]],
    );
    // Nobody lets it out again: a rollback, another lane or place, the end of a drill.
    expect(fired(guard(), alert(about), release({ ...out, rollbackFrom: 1 }))).toEqual([[2]]);
    expect(fired(guard(), alert(about), release({ ...out, lane: "canary" }))).toEqual([[2]]);
    expect(fired(guard(), alert(about), release({ ...out, environment: "elsewhere" }))).toEqual([[2]]);
    const drilled = release({ ...out, version: 1, drill: "d1" });
    expect(fired(release(out), guard(), alert(about), drilled, release(out))).toEqual([[2]]);
  });

  describe("of what applications declare", () => {
    const declaration = (
      application: string | null | undefined,
      hash: string,
      environment = "preview",
    ): Draft => {
      const { application: _, ...unsigned } = EVERY_RECORD.declaration;
      const signed = application === undefined ? {} : { application };
      return { kind: "declaration", data: { ...unsigned, ...signed, hash, environment } };
    };
    const retirement = (application: string | null): Draft => ({
      kind: "retirement",
      data: { ...EVERY_RECORD.retirement, application },
    });
    const declared = (...drafts: readonly Draft[]): unknown =>
      declarationsIn(projectRecords(logOf(drafts)).prompts.get("k"), "preview").map((one) => [
        one.application,
        one.hash,
      ]);

    it("keeps the last of each, the newest at the end", () => {
      const log = [declaration("shop", "1"), declaration("admin", "2"), declaration(null, "3")];
      const all = [
        ["shop", "1"],
        ["admin", "2"],
        [null, "3"],
      ];
      expect(declared(...log, declaration("shop", "4", "staging"))).toEqual(all);
      expect(declared(...log, declaration("shop", "5"))).toEqual([...all.slice(1), ["shop", "5"]]);
    });

    it("lets an unsigned one stand until somebody signs", () => {
      expect(declared(declaration(undefined, "1"), declaration(undefined, "2"))).toEqual([[null, "2"]]);
      expect(declared(declaration(undefined, "1"), declaration("shop", "2"))).toEqual([["shop", "2"]]);
      expect(
        declared(declaration("shop", "1"), declaration(undefined, "2"), declaration("shop", "1")),
      ).toEqual([["shop", "1"]]);
      expect(declared(declaration(null, "1"), declaration(undefined, "2"))).toEqual([
        [null, "1"],
        [null, "2"],
      ]);
    });

    it("forgets an application that is retired, and no other", () => {
      const log = [declaration("shop", "1"), declaration("admin", "2"), declaration(null, "3")];
      expect(declared(...log, retirement("shop"))).toEqual([
        ["admin", "2"],
        [null, "3"],
      ]);
      expect(declared(...log, retirement(null), retirement("admin"))).toEqual([["shop", "1"]]);
      expect(declared(declaration(undefined, "1"), retirement(null))).toEqual([]);
      expect(declared(...log, retirement("shop"), declaration("shop", "1"))).toHaveLength(3);
    });

    it("finds beside a declaration what the same application declares of another prompt", () => {
      const state = projectRecords(logOf([declaration("shop", "1"), declaration("admin", "2")]));
      const prompt = state.prompts.get("k");
      const [shop, admin] = declarationsIn(prompt, "preview");
      expect(declaredBeside(shop, prompt, "preview")).toBe(shop);
      expect(declaredBeside(undefined, prompt, "preview")).toBe(admin);
      expect(shop && declaredBeside({ ...shop, application: "web" }, prompt, "preview")).toBeUndefined();
      expect(shop && declaredBeside({ ...shop, unsigned: true }, prompt, "preview")).toBe(admin);
    });
  });

  it("keeps subjects of one id and different kinds apart", () => {
    const subject = "1".repeat(32) as Pseudonym;
    const log = logOf([override(1, { subject }), override(2, { subject, kind: "tenant" })]);
    expect([...(projectRecords(log).prompts.get("k")?.overrides.keys() ?? [])]).toHaveLength(2);
  });

  it("withdraws a version that is there, and ignores one that nobody registered", () => {
    const withdrawal = (number: number): Draft => ({
      kind: "withdrawal",
      data: { key: "k", version: number, reason: "r" },
    });
    const state = projectRecords(logOf([version(1), version(2), withdrawal(2), withdrawal(3)]));
    const versions = state.prompts.get("k")?.versions;
    expect([...(versions?.values() ?? [])].map((entry) => entry.withdrawn?.reason ?? null)).toEqual([
      null,
      "r",
    ]);
  });

  it("takes keys that are names of built-in properties for keys like any other", () => {
    const named = (key: string): Draft => ({ kind: "version", data: { ...EVERY_RECORD.version, key } });
    const state = projectRecords(logOf([named("__proto__"), named("constructor")]));
    expect([...state.prompts.keys()]).toEqual(["__proto__", "constructor"]);
  });

  it("at any prefix is what a log that ends there comes to", () => {
    const draft = fc.oneof(
      fc.integer({ min: 1, max: 4 }).map((number) => version(number)),
      fc.option(fc.integer({ min: 1, max: 4 })).map((number) => release(number)),
      fc.option(fc.integer({ min: 1, max: 4 })).map((number) => override(number)),
      fc.constantFrom<Draft>(
        ...(Object.entries(EVERY_RECORD).map(([kind, data]) => ({ kind, data })) as Draft[]),
      ),
    );
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 30 }), fc.nat(30), (drafts, end) => {
        const log = logOf(drafts);
        const whole = emptyRegistryState();
        let then: unknown = structuredClone(whole);
        for (const [index, record] of log.entries()) {
          applyRecord(whole, record);
          if (index < end) then = structuredClone(whole);
        }
        expect(projectRecords(log.slice(0, end))).toEqual(then);
      }),
    );
  });
});

describe("inheritance of environments", () => {
  const environment = (name: string, inherits: string | null): Draft => ({
    kind: "environment",
    data: { ...EVERY_RECORD.environment, name, inherits },
  });

  it("goes from the nearest to the farthest", () => {
    const state = projectRecords(
      logOf([environment("a", "b"), environment("b", "c"), environment("c", null)]),
    );
    expect(inheritanceOf(state, "a")).toEqual(["a", "b", "c"]);
  });

  it("ends where a ring closes, and at a name nobody added", () => {
    const state = projectRecords(
      logOf([environment("a", "b"), environment("b", "a"), environment("x", "gone")]),
    );
    expect(inheritanceOf(state, "a")).toEqual(["a", "b"]);
    expect(inheritanceOf(state, "x")).toEqual(["x", "gone"]);
  });

  it("follows the newest record of an environment", () => {
    const state = projectRecords(logOf([environment("a", "b"), environment("a", null)]));
    expect(inheritanceOf(state, "a")).toEqual(["a"]);
  });
});
