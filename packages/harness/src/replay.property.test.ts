/** Invariant: every row, resolved again under its own revision and caller, gives the version it records. */
import {
  buildText,
  createIdSource,
  type Execution,
  hashBody,
  hashCaller,
  hashText,
  type OverrideData,
  projectPrompt,
  type RecordDraft,
  type RegistryState,
  type SnapshotDocument,
  type SubjectKind,
  textsNeeded,
  unitDraw,
  type VersionText,
} from "@colophon/kernel";
import {
  buildSnapshot,
  createRuntime,
  type Declaration,
  type ResolveContext,
  recorder,
  resolve,
} from "@colophon/runtime";
import { createMemoryStore } from "@colophon/storage/memory";
import { aRolloutDraft, fixedClock, seededRandom } from "@colophon/testkit";
import fc from "fast-check";
import { expect, it } from "vitest";

const KEY = "support.triage";
const BY = { id: "test", via: "system" } as const;
const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
const TEXTS = ["one", "two", "three"].map((word) =>
  buildText({ body: `${word} {{ticket}}`, model: "gpt-5", input }),
);
const MISFIT = buildText({ body: "{{unknown}}", model: "gpt-5", input: { type: "object" } });
const ALL: readonly VersionText[] = [...TEXTS, MISFIT];
const DEFAULT = buildText({ body: "default {{ticket}}", model: "gpt-5", input });

function declaration(): Declaration {
  const caller = { input, providers: ["openai"], tools: [] };
  return {
    key: KEY,
    text: DEFAULT,
    hash: hashText(DEFAULT),
    bodyHash: hashBody(DEFAULT),
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

const version = fc.integer({ min: 1, max: ALL.length });
const subject = fc.constantFrom("ada", "bob", "cy");
const kind = fc.constantFrom<SubjectKind>("document", "documentType", "user", "tenant");
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("call" as const),
      user: fc.option(subject),
      document: fc.option(subject),
      tenant: fc.option(subject),
      documentType: fc.option(subject),
      session: fc.option(subject),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("release" as const), version: fc.option(version, { freq: 8 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("override" as const),
      kind,
      subject,
      version: fc.option(version, { freq: 4 }),
      days: fc.option(fc.integer({ min: 1, max: 5 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("withdraw" as const), version }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("rollout" as const),
      version,
      share: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      other: fc.option(version),
      draws: fc.constantFrom("unit" as const, "call" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 60 }) }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

const HOUR = 3_600_000;

async function play(events: readonly Event[]) {
  const clock = fixedClock(Date.UTC(2026, 0, 1));
  const store = createMemoryStore({
    clock,
    ids: createIdSource({ clock, random: seededRandom(7) }),
    random: seededRandom(8),
  });
  const append = (...drafts: RecordDraft[]) =>
    store.records.append(() => ({ drafts, texts: ALL, result: null }));
  await append(
    ...ALL.map(
      (text, index): RecordDraft => ({
        kind: "version",
        by: BY,
        data: {
          key: KEY,
          version: index + 1,
          hash: hashText(text),
          bodyHash: hashBody(text),
          author: "t",
          message: null,
          parent: null,
          source: "file",
          commit: null,
        },
      }),
    ),
  );
  const runtime = createRuntime({
    clock,
    ids: createIdSource({ clock, random: seededRandom(9) }),
    recorder,
    sink: store.sink,
    source: store.source,
    environment: "development",
    onNotice: () => undefined,
  });
  const one = declaration();
  for (const step of events) {
    clock.advance(1_000);
    await act(step, { append, clock, store });
    if (step.do !== "call") continue;
    const { do: _, ...context } = step;
    const given = Object.fromEntries(
      Object.entries(context).filter(([, value]) => value !== null),
    ) as ResolveContext;
    runtime.resolve<{ ticket: string }>(one, given).record({ ticket: "x" }, () => "answer");
  }
  await runtime.flush();
  return store;
}

interface Stage {
  readonly append: (...drafts: RecordDraft[]) => Promise<unknown>;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly store: ReturnType<typeof createMemoryStore>;
}

async function act(step: Event, { append, clock, store }: Stage): Promise<void> {
  switch (step.do) {
    case "call":
      return;
    case "wait":
      clock.advance(step.hours * HOUR);
      return;
    case "withdraw":
      await append({ kind: "withdrawal", by: BY, data: { key: KEY, version: step.version, reason: "t" } });
      return;
    case "release":
      await append({
        kind: "release",
        by: BY,
        data: {
          key: KEY,
          environment: "development",
          lane: "live",
          version: step.version,
          model: null,
          fingerprint: null,
          reason: "t",
          evidence: [],
          breakGlass: null,
          rollbackFrom: null,
          set: null,
        },
      });
      return;
    case "override": {
      const pseudonym = await store.records.findPseudonym(
        { kind: step.kind, value: step.subject },
        { create: true },
      );
      const expires = step.days === null ? null : clock.now() + step.days * 24 * HOUR;
      await append({
        kind: "override",
        by: BY,
        data: {
          key: KEY,
          version: step.version,
          kind: step.kind,
          subject: pseudonym as OverrideData["subject"],
          environment: null,
          expires,
          reason: null,
          evidence: [],
          breakGlass: null,
        },
      });
      return;
    }
    case "rollout":
      await append({
        ...aRolloutDraft({
          key: KEY,
          environment: "development",
          salt: `s${step.version}`,
          arms: [
            { version: step.version, share: step.share },
            ...(step.other === null ? [] : [{ version: step.other, share: step.share / 2 }]),
          ],
          control: step.share / 2,
          draws: step.draws,
        }),
        by: BY,
      });
  }
}

/** The snapshot of a revision in which subjects are known by their pseudonyms, as in the row. */
function documentAt(state: RegistryState): SnapshotDocument {
  const prompt = state.prompts.get(KEY);
  const entry = prompt && projectPrompt(state, prompt, { reveal: (pseudonym) => pseudonym });
  const needed = entry === undefined ? new Set() : textsNeeded([entry]);
  return {
    format: 1,
    revision: state.revision,
    at: state.at,
    environments: [...state.environments.keys()],
    prompts: entry === undefined ? {} : { [KEY]: entry },
    texts: Object.fromEntries(
      ALL.filter((text) => needed.has(hashText(text))).map((text) => [hashText(text), text]),
    ),
  };
}

function contextOf(row: Execution): ResolveContext {
  const known = Object.entries(row.subjects).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(known), environment: row.environment };
}

it("gives the recorded version, tier, lane and reason for every row of random histories", async () => {
  let rows = 0;
  let drawn = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
      const store = await play(events);
      for (const row of await store.ledger.listExecutions({ limit: 1_000 })) {
        rows++;
        if (row.assignment !== null) drawn++;
        const one = declaration();
        expect(row.caller).toBe(one.callerHash);
        const state = await store.records.stateAt({ revision: row.revision ?? 0 });
        const { resolution } = resolve(one, contextOf(row), {
          snapshot: buildSnapshot(documentAt(state)),
          stale: false,
          environment: row.environment,
          now: row.at,
          off: false,
          // Where chance chose, the row holds what was drawn; the unit itself is nobody's business.
          draw: () => row.assignment?.draw ?? unitDraw("nobody"),
          fresh: () => "a call of its own",
          pins: new Map(),
          declarations: new Map(),
        });
        const { version: again, tier, lane, reason, hash } = resolution;
        expect({ again, tier, lane, reason, hash }).toEqual({
          again: row.version,
          tier: row.tier,
          lane: row.lane,
          reason: row.reason,
          hash: row.hash,
        });
      }
      expect(await store.care.verify()).toMatchObject({ findings: [] });
    }),
    { numRuns: 150 },
  );
  expect(rows).toBeGreaterThan(500);
  expect(drawn).toBeGreaterThan(20);
});
