/** Tests that a decision from memory is the one that the tiers would come to. */
import { type SnapshotOverride, type SnapshotRelease, unitDraw } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Declaration, ResolveContext } from "./declaration.ts";
import { readContext } from "./read-context.ts";
import { remembering } from "./remembering.ts";
import type { ResolveSpace } from "./resolution.ts";
import { decide } from "./resolve.ts";
import { declarationOf, documentOf, type PromptPlan, pinnedHandle, textOf } from "./runtime.fixture.ts";
import { buildSnapshot } from "./snapshot.ts";

const KEY = "support.triage";
const TONE = "shared.tone";
const versions = {
  1: textOf("one {{ticket}}"),
  2: textOf("two {{ticket}}"),
  3: textOf("{{> shared.tone}} {{ticket}}"),
  4: textOf("four {{ticket}} {{unknown}}"),
};
const tones = { 1: textOf("kind", { input: {} }), 2: textOf("curt", { input: {} }) };
const code = declarationOf(KEY, textOf("code {{ticket}}"));

function spaceOf(plan: Partial<PromptPlan>, more: Partial<ResolveSpace> = {}): ResolveSpace {
  return {
    snapshot: buildSnapshot(documentOf({ [KEY]: { versions, ...plan } })),
    stale: false,
    environment: "development",
    now: 100,
    draw: unitDraw,
    off: false,
    pins: new Map(),
    declarations: new Map(),
    ...more,
  };
}

const somebody = fc.constantFrom("s1", "s2", "s3");
const environment = fc.constantFrom("development", "production", "nowhere");
const subjects = { document: somebody, documentType: somebody, user: somebody, tenant: somebody };
const anybody = fc.record(subjects, { requiredKeys: [] });
const context: fc.Arbitrary<ResolveContext> = fc.oneof(
  { weight: 6, arbitrary: anybody },
  { weight: 2, arbitrary: fc.record({ ...subjects, environment }, { requiredKeys: ["environment"] }) },
  {
    weight: 1,
    arbitrary: fc.record({ ...subjects, route: fc.constant("fast") }, { requiredKeys: ["route"] }),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { ...subjects, pin: fc.constantFrom(`${KEY}@v1`, `${KEY}@v2`) },
      { requiredKeys: ["pin"] },
    ),
  },
);
const version = fc.integer({ min: 1, max: 5 });
const override = fc.record({
  kind: fc.constantFrom("document" as const, "documentType" as const, "user" as const, "tenant" as const),
  subject: somebody,
  version,
  environment: fc.constantFrom("development", null),
  expires: fc.constantFrom(null, 100, 150),
});
const release = fc.record({
  version,
  model: fc.constantFrom(null, { provider: "openai", id: "gpt-5" }, { provider: "google", id: "gemini-x" }),
  inherited: fc.constantFrom(null, "staging"),
  plan: fc.constantFrom(null, null, {
    rollout: "r",
    salt: "s",
    arms: [{ version: 2, share: 0.4 }],
    control: 0.3,
    where: { documentType: "s1" },
  }),
});
/** What happens between two calls: the prompt changes, or the partial, or only the time and the connection do. */
const event = fc.oneof(
  fc.record({
    releases: fc.record({ development: release, production: release }, { requiredKeys: ["development"] }),
    overrides: fc.array(override, { maxLength: 3 }),
    withdrawn: fc.array(version, { maxLength: 1 }),
  }),
  fc.record({ tone: fc.constantFrom(1, 2) }),
  fc.record({ now: fc.constantFrom(100, 120, 200) }),
  fc.record({ stale: fc.boolean() }),
);

describe("remembering", () => {
  it("decides as the tiers do, whatever happens between calls of whomever", () => {
    const round = fc.tuple(event, fc.array(context, { minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(round, { maxLength: 12 }), (rounds) => {
        const recall = remembering();
        const handle = pinnedHandle(KEY, 2);
        const tone = (number: 1 | 2) => ({ versions: tones, releases: { development: number } });
        let space = spaceOf({ releases: { development: 1 } });
        let revision = 1;
        for (const [happened, contexts] of rounds) {
          if ("now" in happened || "stale" in happened) space = { ...space, ...happened };
          else {
            const changed =
              "tone" in happened
                ? { [TONE]: tone(happened.tone as 1 | 2) }
                : { [KEY]: { versions, ...happened } };
            const change = documentOf(changed as never, { revision: ++revision });
            space = { ...space, snapshot: buildSnapshot(change, space.snapshot) };
          }
          for (const declared of [code, handle]) {
            for (const asked of [...contexts, ...contexts]) {
              const read = readContext(asked);
              expect(recall(declared, read, space)).toEqual(decide(declared, read, space));
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  const asker = (space: ResolveSpace) => {
    const recall = remembering();
    return (asked: ResolveContext = {}, declaration: Declaration = code) =>
      recall(declaration, readContext(asked), space);
  };

  it("walks the tiers once for calls that nothing tells apart", () => {
    const ask = asker(spaceOf({ releases: { development: 1, production: 2 } }));
    const first = ask({ user: "ada", session: "a" });
    expect(ask({ tenant: "acme", session: "b" })).toBe(first);
    expect(ask({ user: "ada", document: "d" })).not.toBe(first);
    expect(ask({ user: "ada", environment: "production" })).not.toBe(first);
    expect(ask({ user: "ada" }, { ...code, servables: new Map() })).not.toBe(first);
  });

  it("remembers no draw, and nothing with partials", () => {
    const plan = { rollout: "r", salt: "s", arms: [{ version: 2, share: 1 }], control: 0, where: null };
    const drawn: SnapshotRelease = { version: 1, model: null, inherited: null, plan };
    for (const releases of [{ development: drawn }, { development: 3 }]) {
      const declarations = new Map([[TONE, declarationOf(TONE, tones[1])]]);
      const ask = asker(spaceOf({ releases }, { declarations }));
      const first = ask();
      expect(first.resolution).toMatchObject({ tier: "environment", lane: "live" });
      expect(ask()).not.toBe(first);
    }
  });

  it("remembers nothing of environments that the registry does not have, which contexts may name without end", () => {
    const ask = asker(spaceOf({ releases: { development: 1 } }));
    const handle = pinnedHandle(KEY, 2);
    for (const environment of ["nowhere", "constructor"]) {
      const first = ask({ environment }, handle);
      expect(first.resolution).toMatchObject({ version: 2, environment });
      expect(ask({ environment }, handle)).not.toBe(first);
    }
    const { snapshot } = spaceOf({});
    const broken = spaceOf({}, { snapshot: { ...snapshot, environments: undefined } as never });
    expect(asker(broken)({}, handle).resolution.version).toBe(2);
  });

  it("looks for fetched overrides with each call", () => {
    const { snapshot } = spaceOf({ releases: { development: 1 } });
    let listed: readonly SnapshotOverride[] = [];
    const space = { snapshot: snapshot && { ...snapshot, overrides: "fetched" as const } };
    const ask = asker(spaceOf({}, { ...space, findOverride: () => listed }));
    expect(ask({ user: "ada" }).resolution.version).toBe(1);
    listed = [{ kind: "user", subject: "ada", version: 2, environment: null, expires: null }];
    expect(ask({ user: "ada" }).resolution.version).toBe(2);
  });

  it("hands out what nobody can change for others", () => {
    const { resolution } = asker(spaceOf({ releases: { development: 1 } }))();
    expect(() => Object.assign(resolution, { version: 9 })).toThrow(TypeError);
    expect(() => (resolution.considered as unknown[]).push(null)).toThrow(TypeError);
    expect(() => Object.assign(resolution.considered[0] as object, { outcome: "chosen" })).toThrow(TypeError);
  });
});
