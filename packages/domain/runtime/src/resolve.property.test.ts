/** Random histories against a plain reading of the log: invariants of resolution. */
import {
  applyRecord,
  emptyRegistryState,
  hashBody,
  hashCaller,
  hashText,
  type OverrideData,
  overrideScope,
  type Pseudonym,
  projectPrompt,
  projectRecords,
  type RecordDraft,
  type RegistryRecord,
  type SnapshotDocument,
  type SubjectKind,
  textMisfits,
  textsNeeded,
  unitDraw,
  type VersionText,
} from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Declaration, ResolveContext } from "./declaration.ts";
import { type ResolveSpace, resolve } from "./resolve.ts";
import { buildSnapshot, type Snapshot } from "./snapshot.ts";

const BY = { id: "test", via: "system" } as const;
const KEY = "support.triage";
const ENVIRONMENTS = ["development", "staging", "production"];
const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const model = { provider: "openai", id: "gpt-5-mini" };

/** Versions 1 and 2 fit; 3 reads an unknown variable; 4 wants another provider; 5 does not parse. */
const TEXTS: readonly VersionText[] = [
  { body: "one {{ticket}}", model, input },
  { body: "two {{ticket}}", model, input },
  { body: "three {{ticket}} {{lang}}", model, input },
  { body: "four {{ticket}}", model: { provider: "anthropic", id: "claude-x" }, input },
  { body: "five {{#if ticket}}", model, input },
  { body: "six {{> shared.tone}} {{ticket}}", model, input },
];
const SERVABLE = new Set([1, 2]);

const caller = { input, providers: ["openai"], tools: [] };
const text: VersionText = { body: "default {{ticket}}", model, input };

function declaration(): Declaration {
  return {
    key: KEY,
    text,
    hash: hashText(text),
    bodyHash: hashBody(text),
    caller,
    callerHash: hashCaller(caller),
    variables: new Set(["ticket"]),
    checkInput: null,
    checkOutput: null,
    binders: {},
    capture: null,
    pinned: null,
    servables: new Map(),
  };
}

const kind = fc.constantFrom<SubjectKind>("document", "documentType", "user", "tenant");
const subject = fc.constantFrom("s1", "s2");
const version = fc.integer({ min: 1, max: TEXTS.length });
const environment = fc.constantFrom(...ENVIRONMENTS);
const step = fc.oneof(
  fc.record({ do: fc.constant("release" as const), environment, version: fc.option(version, { freq: 6 }) }),
  fc.record({
    do: fc.constant("override" as const),
    kind,
    subject,
    version: fc.option(version, { freq: 4 }),
    environment: fc.option(environment, { freq: 2 }),
    expires: fc.option(fc.integer({ min: 0, max: 400 }), { freq: 2 }),
  }),
  fc.record({ do: fc.constant("withdraw" as const), version }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const context = fc.record(
  {
    environment: fc.constantFrom(...ENVIRONMENTS, "nowhere"),
    document: subject,
    documentType: subject,
    user: subject,
    tenant: subject,
  },
  { requiredKeys: ["environment"] },
);

function draftOf(one: Step): RecordDraft {
  switch (one.do) {
    case "release":
      return {
        kind: "release",
        by: BY,
        data: {
          key: KEY,
          environment: one.environment,
          lane: "live",
          version: one.version,
          model: null,
          fingerprint: null,
          reason: "r",
          evidence: [],
          breakGlass: null,
          rollbackFrom: null,
          set: null,
        },
      };
    case "override":
      return {
        kind: "override",
        by: BY,
        data: {
          key: KEY,
          version: one.version,
          kind: one.kind,
          subject: one.subject as Pseudonym,
          environment: one.environment,
          expires: one.expires,
          reason: null,
          evidence: [],
          breakGlass: null,
        },
      };
    case "withdraw":
      return { kind: "withdrawal", by: BY, data: { key: KEY, version: one.version, reason: "r" } };
  }
}

const SETUP: readonly RecordDraft[] = [
  ...ENVIRONMENTS.map(
    (name): RecordDraft => ({
      kind: "environment",
      by: BY,
      data: {
        name,
        inherits: name === "staging" ? "production" : null,
        gate: "never",
        approvals: 0,
        modes: null,
      },
    }),
  ),
  ...TEXTS.map(
    (one, index): RecordDraft => ({
      kind: "version",
      by: BY,
      data: {
        key: KEY,
        version: index + 1,
        hash: hashText(one),
        bodyHash: hashBody(one),
        author: "t",
        message: null,
        parent: null,
        source: "file",
        commit: null,
      },
    }),
  ),
];

/** Each record one tick of 10 ms after the one before. */
function logOf(steps: readonly Step[]): readonly RegistryRecord[] {
  return [...SETUP, ...steps.map(draftOf)].map(
    (draft, index) => ({ ...draft, revision: index + 1, at: (index + 1) * 10 }) as RegistryRecord,
  );
}

function documentOf(records: readonly RegistryRecord[]): SnapshotDocument {
  const state = projectRecords(records);
  const prompt = state.prompts.get(KEY);
  const entry = prompt && projectPrompt(state, prompt, { reveal: (pseudonym) => pseudonym });
  const needed = textsNeeded(entry === undefined ? [] : [entry]);
  const texts = TEXTS.filter((one) => needed.has(hashText(one))).map((one) => [hashText(one), one] as const);
  return {
    format: 1,
    revision: state.revision,
    at: state.at,
    environments: [...state.environments.keys()],
    prompts: entry === undefined ? {} : { [KEY]: entry },
    texts: Object.fromEntries(texts),
  };
}

function spaceOf(snapshot: Snapshot | undefined, now: number): ResolveSpace {
  return {
    snapshot,
    stale: false,
    environment: "development",
    now,
    draw: unitDraw,
    off: false,
    pins: new Map(),
    declarations: new Map(),
  };
}

interface Expected {
  readonly version: number | null;
  readonly tier: string;
}

/** The rules read straight off the log, entry by entry, as a person would. */
function reference(records: readonly RegistryRecord[], asked: ResolveContext, now: number): Expected {
  const withdrawn = new Set(
    records.flatMap((record) => (record.kind === "withdrawal" ? [record.data.version] : [])),
  );
  const good = (number: number | null): number is number =>
    number !== null && SERVABLE.has(number) && !withdrawn.has(number);
  if (!ENVIRONMENTS.includes(asked.environment ?? "")) return { version: null, tier: "default" };
  const tiers = [
    [
      "document",
      [
        ["document", asked.document],
        ["documentType", asked.documentType],
      ],
    ],
    [
      "user",
      [
        ["user", asked.user],
        ["tenant", asked.tenant],
      ],
    ],
  ] as const;
  for (const [tier, subjects] of tiers) {
    for (const [kindOf, subjectOf] of subjects) {
      if (subjectOf === undefined) continue;
      for (const scope of [asked.environment, null]) {
        let standing: OverrideData[] = [];
        for (const record of records) {
          if (record.kind !== "override") continue;
          const { data } = record;
          if (data.kind !== kindOf || data.subject !== subjectOf || data.environment !== scope) continue;
          standing = data.version === null ? [] : [data, ...standing];
        }
        const hit = standing.find(
          (data) => (data.expires === null || data.expires > now) && good(data.version),
        );
        if (hit !== undefined) return { version: hit.version, tier };
      }
    }
  }
  for (const from of asked.environment === "staging" ? ["staging", "production"] : [asked.environment]) {
    const releases = records.filter(
      (record) => record.kind === "release" && record.data.environment === from,
    );
    const last = releases.at(-1);
    if (last?.kind !== "release") continue;
    return good(last.data.version)
      ? { version: last.data.version, tier: "environment" }
      : { version: null, tier: "default" };
  }
  return { version: null, tier: "default" };
}

describe("resolution over random histories", () => {
  it("serves what the log says, at its end and at every revision before", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25 }),
        context,
        fc.record({ back: fc.nat(40), now: fc.nat(500) }),
        (steps, asked, { back, now }) => {
          const log = logOf(steps);
          const records = log.slice(0, Math.max(SETUP.length, log.length - back));
          const { resolution } = resolve(
            declaration(),
            asked,
            spaceOf(buildSnapshot(documentOf(records)), now),
          );
          expect({ version: resolution.version, tier: resolution.tier }).toEqual(
            reference(records, asked, now),
          );
          expect(resolution.revision).toBe(records.length);
          expect(resolution.considered.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("comes out the same from a snapshot that was changed record by record", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), context, fc.nat(400), (steps, asked, now) => {
        const log = logOf(steps);
        let snapshot = buildSnapshot(documentOf(log.slice(0, SETUP.length)));
        for (let end = SETUP.length + 1; end <= log.length; end++) {
          snapshot = buildSnapshot(documentOf(log.slice(0, end)), snapshot);
        }
        const kept = declaration();
        const changed = resolve(kept, asked, spaceOf(snapshot, now)).resolution;
        expect(resolve(kept, asked, spaceOf(buildSnapshot(documentOf(log)), now)).resolution).toEqual(
          changed,
        );
      }),
      { numRuns: 500 },
    );
  });

  it("never serves a text that does not fit the code", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), context, fc.nat(400), (steps, asked, now) => {
        const { servable } = resolve(
          declaration(),
          asked,
          spaceOf(buildSnapshot(documentOf(logOf(steps))), now),
        );
        expect(servable).not.toBeNull();
        expect(textMisfits(servable?.text ?? text, caller)).toEqual([]);
        expect(servable?.body(undefined).compiled.render({ ticket: "T" })[0]?.content).toContain("T");
      }),
      { numRuns: 1_000 },
    );
  });

  it("does not throw, whatever stands in the snapshot", () => {
    const anything = fc.dictionary(fc.string(), fc.anything());
    const shaken = fc.record({
      steps: fc.array(step, { maxLength: 10 }),
      texts: anything,
      asked: context,
      pin: fc.string(),
    });
    fc.assert(
      fc.property(shaken, ({ steps, texts, asked, pin }) => {
        const document = documentOf(logOf(steps));
        const hashes = Object.keys(document.texts);
        const broken = Object.values(texts).map((value, index) => [hashes[index] ?? "x", value]);
        const snapshot = buildSnapshot({
          ...document,
          texts: Object.fromEntries(broken) as SnapshotDocument["texts"],
        });
        const resolved = resolve(declaration(), { ...asked, pin }, spaceOf(snapshot, 0));
        expect(resolved.resolution.key).toBe(KEY);
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps one state when records are applied one by one or projected as a whole", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const log = logOf(steps);
        const state = emptyRegistryState();
        for (const record of log) applyRecord(state, record);
        expect(state).toEqual(projectRecords(log));
        const scopes = [...(state.prompts.get(KEY)?.overrides.keys() ?? [])];
        expect(scopes.every((scope) => /^(document|documentType|user|tenant):s[12]$/.test(scope))).toBe(true);
        expect(overrideScope("user", "s1")).toBe("user:s1");
      }),
    );
  });
});
