/** Tests each tier, pin, lane and locale of a resolution by a case that a person can read. */
import type { SnapshotDocument, VersionText } from "@colophon/kernel";
import { hashText, unitDraw } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import type { Declaration, ResolveContext } from "./declaration.ts";
import type { Resolution, ResolveSpace } from "./resolution.ts";
import { resolve } from "./resolve.ts";
import { declarationOf, documentOf, type PromptPlan, pinnedHandle, textOf } from "./runtime.fixture.ts";
import { buildSnapshot, type FindOverride } from "./snapshot.ts";

const KEY = "support.triage";
const T: Readonly<Record<number, VersionText>> = {
  1: textOf("one {{ticket}}"),
  2: textOf("two {{ticket}}"),
  3: textOf("three {{ticket}}"),
  4: textOf("four {{ticket}} {{lang}}"),
  5: textOf("five {{ticket}}", { model: "claude-x" }),
};
const code = textOf("in the code {{ticket}}");

function spaceOf(document: SnapshotDocument | undefined, more: Partial<ResolveSpace> = {}): ResolveSpace {
  return {
    snapshot: document && buildSnapshot(document),
    stale: false,
    environment: "development",
    now: 1_000,
    draw: unitDraw,
    off: false,
    pins: new Map(),
    declarations: new Map(),
    ...more,
  };
}

interface Case {
  readonly plan?: Partial<PromptPlan>;
  readonly context?: ResolveContext;
  readonly space?: Partial<ResolveSpace>;
  readonly declaration?: Declaration;
}

function decide({
  plan = {},
  context = {},
  space = {},
  declaration = declarationOf(KEY, code),
}: Case): Resolution {
  const document = documentOf({ [KEY]: { versions: T, ...plan } });
  return resolve(declaration, context, spaceOf(document, space)).resolution;
}

type Override = NonNullable<PromptPlan["overrides"]>[number];
function override(
  kind: Override["kind"],
  subject: string,
  more: Partial<Override> & { version: number },
): Override {
  return { kind, subject, environment: null, expires: null, ...more };
}

describe("the tiers, in their order", () => {
  const overrides = [
    override("document", "d1", { version: 1 }),
    override("documentType", "invoice", { version: 2 }),
    override("user", "ada", { version: 3 }),
    override("tenant", "acme", { version: 1 }),
  ];
  const plan = { overrides, releases: { development: 2 } };

  it.each([
    [{ document: "d1", documentType: "invoice", user: "ada", tenant: "acme" }, 1, "document"],
    [{ document: "d2", documentType: "invoice", user: "ada", tenant: "acme" }, 2, "document"],
    [{ document: "d2", documentType: "letter", user: "ada", tenant: "acme" }, 3, "user"],
    [{ user: "bob", tenant: "acme" }, 1, "user"],
    [{ user: "bob", tenant: "other" }, 2, "environment"],
    [{}, 2, "environment"],
  ] as const)("for %j serve v%i by tier %s", (context, version, tier) => {
    expect(decide({ plan, context })).toMatchObject({ version, tier });
  });

  it("end at the text in the code when nothing is released", () => {
    const resolution = decide({ context: { user: "ada" } });
    expect(resolution).toMatchObject({
      version: null,
      hash: hashText(code),
      tier: "default",
      lane: null,
      reason: "no-release",
      errorCode: null,
    });
    expect(resolution.considered).toEqual([
      { tier: "document", outcome: "not-asked" },
      { tier: "user", outcome: "absent" },
      { tier: "environment", outcome: "absent" },
      { tier: "default", outcome: "chosen" },
    ]);
  });

  it("say live for a release, and inherited for one from another environment", () => {
    expect(decide({ plan })).toMatchObject({ lane: "live", reason: "live", revision: 1, stale: false });
    const inherited = { version: 2, model: null, inherited: "staging", plan: null };
    expect(decide({ plan: { releases: { development: inherited } } })).toMatchObject({
      reason: "inherited",
      lane: "live",
    });
  });

  it("serve the model that the release names", () => {
    const model = { provider: "openai", id: "gpt-5-turbo" };
    const release = { version: 2, model, inherited: null, plan: null };
    expect(decide({ plan: { releases: { development: release } } }).model).toEqual(model);
    expect(decide({ plan }).model).toEqual({ provider: "openai", id: "gpt-5-mini" });
  });

  it("ask the environment of the context before that of the process", () => {
    const releases = { development: 1, production: 2 };
    expect(decide({ plan: { releases }, context: { environment: "production" } })).toMatchObject({
      version: 2,
      environment: "production",
    });
    expect(decide({ plan: { releases } })).toMatchObject({ version: 1, environment: "development" });
  });
});

describe("overrides that a snapshot leaves to be fetched", () => {
  const known = [
    override("user", "ada", { version: 3 }),
    override("documentType", "invoice", { version: 2 }),
  ];
  const find: FindOverride = (_, kind, subject) =>
    kind === "document" ? undefined : known.filter((one) => one.subject === subject);
  const decideFetched = (context: ResolveContext, findOverride: FindOverride | undefined): Resolution => {
    const plan = {
      versions: T,
      releases: { development: 1 },
      overrides: [override("user", "bob", { version: 2 })],
    };
    const document = documentOf({ [KEY]: plan }, { overrides: "fetched" });
    return resolve(declarationOf(KEY, code), context, spaceOf(document, { findOverride })).resolution;
  };

  it("serve where they were fetched, also where there are none", () => {
    expect(decideFetched({ user: "ada" }, find)).toMatchObject({ version: 3, reason: "override" });
    expect(decideFetched({ user: "eve" }, find)).toMatchObject({
      version: 1,
      considered: [
        { tier: "document", outcome: "not-asked" },
        { tier: "user", outcome: "absent" },
        { tier: "environment", outcome: "chosen" },
      ],
    });
  });

  it("are said to be unknown where nobody fetched them, and the next that is known serves", () => {
    const unknown = { tier: "document", outcome: "override-unknown", reason: "document" };
    expect(decideFetched({ document: "d" }, find).considered).toEqual([
      unknown,
      { tier: "user", outcome: "not-asked" },
      { tier: "environment", outcome: "chosen" },
    ]);
    expect(decideFetched({ document: "d", documentType: "invoice" }, find)).toMatchObject({
      version: 2,
      considered: [unknown, { tier: "document", outcome: "chosen" }],
    });
    expect(decideFetched({ user: "bob" }, undefined)).toMatchObject({
      version: 1,
      reason: "live",
      considered: [
        { tier: "document", outcome: "not-asked" },
        { tier: "user", outcome: "override-unknown", reason: "user" },
        { tier: "environment", outcome: "chosen" },
      ],
    });
  });
});

describe("overrides in a tier", () => {
  const decideUser = (overrides: readonly Override[]): Resolution =>
    decide({ plan: { overrides }, context: { user: "ada" } });

  it("for this environment beat those for all, also newer ones", () => {
    const overrides = [
      override("user", "ada", { version: 1 }),
      override("user", "ada", { version: 2, environment: "development" }),
      override("user", "ada", { version: 3, environment: "production" }),
    ];
    expect(decideUser(overrides)).toMatchObject({ version: 2, tier: "user", reason: "override", lane: null });
  });

  it("within a tenant decide nothing for others", () => {
    const overrides = [
      override("documentType", "contract", { version: 2, tenant: "acme" }),
      override("documentType", "contract", { version: 3 }),
    ];
    const decideFor = (tenant?: string) =>
      decide({ plan: { overrides }, context: { documentType: "contract", ...(tenant ? { tenant } : {}) } })
        .version;
    expect([decideFor("acme"), decideFor("other"), decideFor()]).toEqual([2, 3, 3]);
  });

  it("that are newer beat older ones", () => {
    expect(
      decideUser([override("user", "ada", { version: 1 }), override("user", "ada", { version: 2 })]).version,
    ).toBe(1);
  });

  it("fall back on the older one once they expire, at that very millisecond", () => {
    const at = (expires: number): Resolution =>
      decideUser([override("user", "ada", { version: 1, expires }), override("user", "ada", { version: 2 })]);
    expect(at(1_001).version).toBe(1);
    expect(at(1_000).version).toBe(2);
  });

  it("that stand no more are named in what was considered", () => {
    expect(decideUser([override("user", "ada", { version: 1, expires: 999 })]).considered).toContainEqual({
      tier: "user",
      outcome: "expired",
      version: 1,
    });
  });

  it("find subjects named like built-in properties, and only where they were set", () => {
    for (const subject of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const overrides = [override("user", subject, { version: 1 })];
      expect(decide({ plan: { overrides }, context: { user: subject } })).toMatchObject({
        version: 1,
        tier: "user",
      });
      expect(decide({ plan: {}, context: { user: subject } })).toMatchObject({
        version: null,
        tier: "default",
      });
    }
  });
});

describe("what cannot be served", () => {
  const everywhere = (version: number): Partial<PromptPlan> => ({
    overrides: [override("document", "d", { version }), override("user", "u", { version })],
    releases: { development: version },
  });
  const context = { document: "d", user: "u", pin: `${KEY}@v4` };

  it("is skipped at every tier, with the reason", () => {
    const resolution = decide({ plan: everywhere(4), context });
    const reason = "{{lang}} is not in the contract";
    expect(resolution).toMatchObject({
      version: null,
      tier: "default",
      reason: "misfit",
      errorCode: "misfit",
    });
    expect(resolution.considered).toEqual([
      ...(["pin", "document", "user", "environment"] as const).map((tier) => ({
        tier,
        outcome: "misfit",
        version: 4,
        reason,
      })),
      { tier: "default", outcome: "chosen" },
    ]);
  });

  it("is withdrawn at every tier, pins too", () => {
    const plan = { ...everywhere(1), withdrawn: [1] };
    const resolution = decide({ plan, context: { ...context, pin: `${KEY}@v1` } });
    expect(resolution).toMatchObject({ version: null, reason: "withdrawn", errorCode: "withdrawn" });
    expect(
      resolution.considered.filter((item) => item.outcome === "withdrawn").map((item) => item.tier),
    ).toEqual(["pin", "document", "user", "environment"]);
    expect(decide({ plan, context: {}, space: { pins: new Map([[KEY, 1]]) } }).reason).toBe("withdrawn");
  });

  it("is unknown when the snapshot lacks it", () => {
    expect(decide({ plan: everywhere(9), context: {} })).toMatchObject({
      reason: "unknown-version",
      errorCode: "version-unknown",
    });
  });

  it("falls to the next tier that can serve", () => {
    const plan = {
      overrides: [override("document", "d", { version: 4 }), override("user", "u", { version: 1 })],
    };
    expect(decide({ plan, context })).toMatchObject({ version: 1, tier: "user", errorCode: null });
  });

  it("names a provider that the code does not call, also of the release's model", () => {
    const text = decide({ plan: { releases: { development: 5 } } }).considered;
    expect(text).toContainEqual(
      expect.objectContaining({ reason: "model claude-x is served by anthropic, the code calls openai" }),
    );
    const model = { provider: "google", id: "gemini-x" };
    const release = { version: 1, model, inherited: null, plan: null };
    expect(decide({ plan: { releases: { development: release } } }).reason).toBe("misfit");
  });

  it("keeps a long list of misfits to what a row can hold", () => {
    const placeholders = Array.from({ length: 200 }, (_, index) => `{{variable_${index}}}`).join(" ");
    const plan = { versions: { 1: textOf(placeholders) }, releases: { development: 1 } };
    const reason = decide({ plan }).considered.find((item) => item.outcome === "misfit")?.reason ?? "";
    expect(reason.length).toBe(300);
    expect(reason.endsWith("…")).toBe(true);
  });

  it("is everything before the first snapshot, which is not the same as no release", () => {
    const { resolution } = resolve(declarationOf(KEY, code), { user: "u" }, spaceOf(undefined));
    expect(resolution).toMatchObject({
      version: null,
      tier: "default",
      reason: "not-ready",
      revision: null,
      errorCode: null,
    });
  });

  it("is everything in an environment that nobody added", () => {
    const resolution = decide({ plan: everywhere(1), context: { environment: "prodution", user: "u" } });
    expect(resolution).toMatchObject({
      reason: "unknown-environment",
      errorCode: "environment-unknown",
      environment: "prodution",
      version: null,
    });
  });

  it("is said to be stale when the snapshot can no longer be refreshed, and served all the same", () => {
    expect(decide({ plan: { releases: { development: 1 } }, space: { stale: true } })).toMatchObject({
      version: 1,
      stale: true,
      reason: "live",
    });
  });
});

describe("pins", () => {
  const plan = { releases: { development: 1 }, overrides: [override("user", "ada", { version: 3 })] };

  it("in the code serve their version, whatever the tiers say", () => {
    const resolution = decide({ plan, declaration: pinnedHandle(KEY, 2), context: { user: "ada" } });
    expect(resolution).toMatchObject({ version: 2, tier: null, lane: null, reason: "pinned" });
    expect(resolution.considered).toEqual([{ tier: "pin", outcome: "chosen" }]);
  });

  it("in the code serve nothing else where their version is unknown, for nobody knows what that code passes", () => {
    const { resolution, servable } = resolve(
      pinnedHandle(KEY, 9),
      {},
      spaceOf(documentOf({ [KEY]: { versions: T, ...plan } })),
    );
    expect(servable).toBeNull();
    expect(resolution).toMatchObject({
      reason: "unknown-version",
      errorCode: "version-unknown",
      version: null,
    });
  });

  it("in the code fall to the tiers when their version was withdrawn, and to nothing that does not fit it", () => {
    const declaration = (): Declaration => pinnedHandle(KEY, 2);
    expect(decide({ plan: { ...plan, withdrawn: [2] }, declaration: declaration() })).toMatchObject({
      version: 1,
      tier: "environment",
    });
    const other = textOf("other {{lang}}", {
      input: { type: "object", properties: { lang: { type: "string" } }, required: ["lang"] },
    });
    const misfit = { versions: { ...T, 6: other }, withdrawn: [2], releases: { development: 6 } };
    expect(decide({ plan: misfit, declaration: declaration() })).toMatchObject({
      version: null,
      reason: "misfit",
    });
  });

  it("of the process win over the code's own and over conversations", () => {
    const space = { pins: new Map([[KEY, 3]]) };
    expect(decide({ plan, space, context: { pin: `${KEY}@v1` } })).toMatchObject({
      version: 3,
      reason: "pinned",
    });
    expect(decide({ plan, space, declaration: pinnedHandle(KEY, 2) }).version).toBe(3);
  });

  it("of a conversation keep its version", () => {
    expect(decide({ plan, context: { pin: `${KEY}@v2`, user: "ada" } })).toMatchObject({
      version: 2,
      reason: "pinned",
    });
  });

  it("of a conversation keep the text in the code, as long as the code has it", () => {
    expect(decide({ plan, context: { pin: `${KEY}@${hashText(code)}` } })).toMatchObject({
      version: null,
      hash: hashText(code),
      tier: null,
      reason: "pinned",
    });
    const gone = decide({ plan, context: { pin: `${KEY}@${"a".repeat(64)}` } });
    expect(gone).toMatchObject({ version: 1, tier: "environment" });
    expect(gone.considered[0]).toEqual({ tier: "pin", outcome: "unknown-version", reason: "a".repeat(64) });
  });

  it("of another prompt, and what is no pin, are passed over and said", () => {
    const first = (pin: string): unknown => decide({ plan, context: { pin } }).considered[0];
    expect(first("other.key@v2")).toEqual({ tier: "pin", outcome: "absent", reason: "pin of other.key" });
    for (const pin of [
      "latest",
      `${KEY}@latest`,
      `${KEY}@v0`,
      `${KEY}@v99999999999`,
      "@v1",
      `${KEY}@v1\n`,
      "x".repeat(1_000_000),
    ]) {
      expect(first(pin)).toEqual({ tier: "pin", outcome: "absent", reason: "not a pin" });
    }
  });
});

describe("COLOPHON_OFF", () => {
  const plan = { releases: { development: 1 }, overrides: [override("user", "ada", { version: 3 })] };

  it("serves the text in the code, whatever is released or pinned to a conversation", () => {
    const resolution = decide({ plan, space: { off: true }, context: { user: "ada", pin: `${KEY}@v2` } });
    expect(resolution).toMatchObject({ version: null, tier: "default", reason: "off", errorCode: null });
  });

  it("leaves to a pinned handle its version, since the code has no other", () => {
    expect(decide({ plan, space: { off: true }, declaration: pinnedHandle(KEY, 2) })).toMatchObject({
      version: 2,
    });
  });
});

describe("a rollout", () => {
  const arms = [{ version: 2, share: 0.25 }];
  const release = (where: { documentType?: string; tenant?: string } | null = null) => ({
    version: 1,
    model: null,
    inherited: null,
    plan: { rollout: "r", salt: "s", arms, control: 0.25, where },
  });
  const at = (
    draw: number,
    context: ResolveContext = { user: "ada" },
    where: Parameters<typeof release>[0] = null,
  ): Resolution =>
    decide({ plan: { releases: { development: release(where) } }, context, space: { draw: () => draw } });

  it.each([
    { draw: 0, version: 2, lane: "canary", probability: 0.25 },
    { draw: 0.2499, version: 2, lane: "canary", probability: 0.25 },
    { draw: 0.25, version: 1, lane: "live", probability: 0.5 },
    { draw: 0.75, version: 1, lane: "live", probability: 0.5 },
    { draw: 0.7501, version: 1, lane: "control", probability: 0.25 },
    { draw: 0.9999, version: 1, lane: "control", probability: 0.25 },
  ])("at a draw of $draw serves v$version in the lane $lane", ({ draw, version, lane, probability }) => {
    expect(at(draw)).toMatchObject({
      version,
      lane,
      reason: lane,
      tier: "environment",
      assignment: { salt: "s", draw, probability },
    });
  });

  it("draws from salt and unit: the unit given, else user, session, document", () => {
    const draws: string[] = [];
    const draw = (text: string): number => draws.push(text);
    const all = { unit: "given", user: "u", session: "s", document: "d", tenant: "t" };
    for (const name of ["unit", "user", "session", "document", "tenant"] as const) {
      decide({ plan: { releases: { development: release() } }, context: { ...all }, space: { draw } });
      delete (all as ResolveContext & Record<string, string>)[name];
    }
    expect(draws).toEqual(["s:given", "s:u", "s:s", "s:d"]);
  });

  it("keeps to live whoever has no unit, without a draw", () => {
    expect(at(0, {})).toMatchObject({ version: 1, lane: "live", assignment: null });
  });

  it("takes in only those whom it is about", () => {
    const invoices = { documentType: "invoice" };
    expect(at(0, { user: "ada", documentType: "invoice" }, invoices).lane).toBe("canary");
    expect(at(0, { user: "ada", documentType: "letter" }, invoices)).toMatchObject({
      lane: "live",
      assignment: null,
    });
    expect(at(0, { user: "ada" }, invoices).lane).toBe("live");
    const both = { documentType: "invoice", tenant: "acme" };
    expect(at(0, { user: "ada", documentType: "invoice", tenant: "acme" }, both).lane).toBe("canary");
    expect(at(0, { user: "ada", documentType: "invoice", tenant: "other" }, both).lane).toBe("live");
  });

  it("serves live where the challenger does not fit, says what stood against it, and keeps the draw", () => {
    const misfit = { ...release(), plan: { ...release().plan, arms: [{ version: 4, share: 1 }] } };
    const plan = { releases: { development: misfit } };
    const resolution = decide({ plan, context: { user: "a" }, space: { draw: () => 0.5 } });
    const assignment = { salt: "s", draw: 0.5, probability: 1 };
    expect(resolution).toMatchObject({ version: 1, lane: "live", reason: "live", assignment });
    expect(resolution.considered).toContainEqual(expect.objectContaining({ outcome: "misfit", version: 4 }));
  });

  it("yields to overrides and pins", () => {
    const plan = {
      releases: { development: release() },
      overrides: [override("user", "ada", { version: 3 })],
    };
    expect(decide({ plan, context: { user: "ada" }, space: { draw: () => 0 } })).toMatchObject({
      version: 3,
      assignment: null,
    });
    expect(decide({ plan, context: { user: "b", pin: `${KEY}@v1` }, space: { draw: () => 0 } }).version).toBe(
      1,
    );
  });
});

describe("locales", () => {
  const text = textOf("en {{ticket}}", {
    locales: { de: "de {{ticket}}", "pt-BR": "br {{ticket}}" },
    defaultLocale: "en",
  });
  const plan = { versions: { 1: text }, releases: { development: 1 } };

  it.each([
    [undefined, "en x", "en"],
    ["de", "de x", "de"],
    ["de-AT", "de x", "de"],
    ["pt-BR", "br x", "pt-BR"],
    ["pt", "en x", "en"],
    ["en-GB", "en x", "en"],
    ["fr", "en x", "en"],
    ["__proto__", "en x", "en"],
  ])("asked for %s serve %j", (locale, words, served) => {
    const { servable } = resolve(declarationOf(KEY, code), { locale }, spaceOf(documentOf({ [KEY]: plan })));
    const body = servable?.body(locale);
    expect([body?.compiled.render({ ticket: "x" })[0]?.content, body?.locale]).toEqual([words, served]);
  });

  it("are null for a text that names none", () => {
    const { servable } = resolve(declarationOf(KEY, code), { locale: "de" }, spaceOf(undefined));
    expect(servable?.body("de").locale).toBeNull();
  });
});
