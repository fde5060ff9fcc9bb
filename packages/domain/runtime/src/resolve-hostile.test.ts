/** Tests that no context and no snapshot makes a resolution throw. */
import { canonicalJson, unitDraw } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResolveContext } from "./declaration.ts";
import { readContext } from "./read-context.ts";
import { readPin } from "./read-pin.ts";
import type { ResolveSpace } from "./resolution.ts";
import { resolve } from "./resolve.ts";
import { declarationOf, documentOf, openStage, textOf } from "./runtime.fixture.ts";
import { buildSnapshot, type Snapshot } from "./snapshot.ts";

const KEY = "support.triage";
const plan = { rollout: "r", salt: "s", arms: [{ version: 2, share: 0.5 }], control: 0.1, where: null };
const release = { version: 1, model: null, inherited: null, plan };
const document = documentOf({
  [KEY]: {
    versions: { 1: textOf("one {{ticket}}"), 2: textOf("two {{ticket}}") },
    releases: { development: release },
    overrides: [{ kind: "user", subject: "42", version: 2, environment: null, expires: null }],
  },
});
const snapshot = buildSnapshot(document);
const declaration = declarationOf(KEY, textOf("code {{ticket}}"));

function spaceOf(given: Snapshot): ResolveSpace {
  return {
    snapshot: given,
    stale: false,
    environment: "development",
    now: 0,
    draw: unitDraw,
    off: false,
    pins: new Map(),
    declarations: new Map(),
  };
}
const decide = (context: unknown, given = snapshot) =>
  resolve(declaration, context as ResolveContext, spaceOf(given));

const explode = (): never => {
  throw new Error("boom");
};
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

describe("a hostile context", () => {
  it.each<readonly [string, () => unknown]>([
    ["null", () => null],
    ["undefined", () => undefined],
    ["a text", () => "user"],
    ["a symbol", () => Symbol("s")],
    ["a function", () => explode],
    [
      "getters that throw",
      () => ({
        get user() {
          return explode();
        },
        get pin() {
          return explode();
        },
      }),
    ],
    [
      "a proxy that throws at everything",
      () => new Proxy({}, { get: explode, has: explode, ownKeys: explode }),
    ],
    ["a revoked proxy", revoked],
    [
      "symbols for ids",
      () => ({ user: Symbol("u"), unit: Symbol("u"), pin: Symbol("p"), environment: Symbol("e") }),
    ],
    [
      "objects without a prototype",
      () => ({ user: Object.create(null), unit: Object.create(null), pin: Object.create(null) }),
    ],
    [
      "objects that throw as texts",
      () => ({ user: { toString: explode }, environment: { toString: explode }, locale: { split: explode } }),
    ],
    ["a class that is frozen", () => Object.freeze(new Map())],
  ])("of %s is as good as none", (_, make) => {
    const { resolution } = decide(make());
    expect(resolution).toMatchObject({
      version: 1,
      tier: "environment",
      lane: "live",
      environment: "development",
    });
  });

  it("loses no field that can be read beside one that cannot", () => {
    const context = {
      get tenant() {
        return explode();
      },
      user: "42",
    };
    expect(decide(context).resolution).toMatchObject({ version: 2, tier: "user" });
  });

  it("whose ids are numbers means their texts", () => {
    expect(decide({ user: 42 }).resolution).toMatchObject({ version: 2, tier: "user" });
    expect(decide({ user: 42n }).resolution).toMatchObject({ version: 2, tier: "user" });
  });

  it("whose ids are empty names nobody: those without a name are not one unit", () => {
    const { resolution } = decide({ user: "", unit: "", environment: "" });
    expect(resolution).toMatchObject({ lane: "live", assignment: null, environment: "development" });
    expect(resolution.considered).toContainEqual({ tier: "user", outcome: "not-asked" });
  });

  it("of huge texts is answered, and leaves nothing huge in what was considered", () => {
    const huge = "x".repeat(5_000_000);
    const { resolution } = decide({
      user: huge,
      unit: huge,
      pin: `${huge}@v1`,
      locale: huge,
      environment: huge,
    });
    expect(JSON.stringify(resolution).length).toBeLessThan(1_000);
    expect(resolution.reason).toBe("unknown-environment");
  });

  it("is read once: what it says later changes nothing", () => {
    const given = { user: "42", session: "s" };
    const read = readContext(given);
    given.user = "someone else";
    expect(read).toMatchObject({ user: "42", session: "s" });
    expect(readContext(read)).toEqual(read);
  });

  it("of anything at all gets an answer, and so does the call that is recorded with it", () => {
    const field = fc.anything({
      withBigInt: true,
      withNullPrototype: true,
      withMap: true,
      withObjectString: true,
    });
    const names = [
      "user",
      "tenant",
      "document",
      "documentType",
      "session",
      "unit",
      "environment",
      "locale",
      "pin",
      "trace",
      "span",
      "parent",
      "step",
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), field), (context) => {
        const stage = openStage(document);
        const call = stage.runtime.resolve<{ ticket: string }>(declaration, context as ResolveContext);
        expect(call.record({ ticket: "t" }, () => "answer")).toBe("answer");
        const row = canonicalJson(stage.sink.row);
        expect(canonicalJson(JSON.parse(JSON.stringify(stage.sink.row)))).toBe(row);
        expect(Object.values(stage.sink.row)).not.toContain(undefined);
        expect(stage.sink.gaps).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a broken snapshot", () => {
  const broken = (change: (entry: Record<string, unknown>) => void): Snapshot => {
    const copy = structuredClone(document);
    change(copy.prompts[KEY] as unknown as Record<string, unknown>);
    return buildSnapshot(copy);
  };

  it.each<readonly [string, (entry: Record<string, unknown>) => void]>([
    [
      "a release of null",
      (entry) => {
        entry.releases = { development: null };
      },
    ],
    [
      "a release without a plan",
      (entry) => {
        entry.releases = { development: { version: 1, model: null, inherited: null } };
      },
    ],
    [
      "a plan without arms",
      (entry) => {
        entry.releases = { development: { ...release, plan: { salt: "s", where: null } } };
      },
    ],
    [
      "versions of null",
      (entry) => {
        entry.versions = { 1: null, 2: null };
      },
    ],
  ])("with %s costs at most its tiers", (_, change) => {
    const { resolution, servable } = decide({ user: "ada" }, broken(change));
    expect(resolution.key).toBe(KEY);
    expect(servable?.body(undefined).compiled.render({ ticket: "t" })[0]?.content).toContain("t");
  });

  it("says so in what was considered", () => {
    const given = broken((entry) => {
      entry.releases = { development: { ...release, plan: {} } };
    });
    const { resolution } = decide({ user: "ada" }, given);
    expect(resolution).toMatchObject({ tier: "default", reason: "misfit", revision: 1 });
    expect(resolution.considered).toContainEqual({
      tier: "environment",
      outcome: "misfit",
      reason: "snapshot: TypeError",
    });
  });

  const garbage = [
    null,
    5,
    "text",
    [],
    { body: 5 },
    { body: "{{#if" },
    { body: "x", input: null },
    { body: ["history", 5] },
  ];
  it.each(garbage.map((text) => ({ text })))("whose texts are $text is skipped", ({ text }) => {
    const copy = structuredClone(document) as unknown as { texts: Record<string, unknown> };
    for (const hash of Object.keys(copy.texts)) copy.texts[hash] = text;
    const given = buildSnapshot(copy as never);
    const fresh = { ...declaration, servables: new Map() };
    const context = { user: "ada", pin: `${KEY}@v2` };
    expect(resolve(fresh, context, spaceOf(given)).resolution).toMatchObject({
      tier: "default",
      version: null,
    });
    const handle = { ...fresh, text: null, caller: null, pinned: 1, servables: new Map() };
    expect(resolve(handle, {}, spaceOf(given)).servable).toBeNull();
  });
});

describe("readPin", () => {
  it("reads what call.pin writes, for any key", () => {
    const key = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/);
    const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(key, fc.integer({ min: 1, max: 999_999_999 }), hash, (name, version, text) => {
        expect(readPin(`${name}@v${version}`)).toEqual({ key: name, version, hash: "" });
        expect(readPin(`${name}@${text}`)).toEqual({ key: name, version: null, hash: text });
      }),
    );
  });

  it.each([undefined, null, 5, {}, Symbol("s"), "", "k@", "k@7", "k@v1.0", "k@v-1"])(
    "reads nothing in %s",
    (pin) => {
      expect(readPin(pin as string)).toBeUndefined();
    },
  );
});
