/** Tests partials, pinned and resolved through the tiers. */
import { hashText, unitDraw, type VersionText } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import type { Declaration, ResolveContext } from "./declaration.ts";
import type { Resolved, ResolveSpace } from "./resolution.ts";
import { resolve } from "./resolve.ts";
import { declarationOf, documentOf, type PromptPlan, textOf } from "./runtime.fixture.ts";
import { buildSnapshot } from "./snapshot.ts";

const KEY = "support.triage";
const TONE = "shared.tone";
const none = { type: "object", properties: {} };
const tone = (words: string): VersionText => textOf(words, { input: none });

interface Scene {
  readonly body: string;
  readonly tone?: Partial<PromptPlan>;
  readonly more?: Readonly<Record<string, PromptPlan>>;
  readonly declared?: readonly Declaration[];
  readonly context?: ResolveContext;
  readonly space?: Partial<ResolveSpace>;
}

function serve({ body, tone: plan, more = {}, declared = [], context = {}, space = {} }: Scene): Resolved {
  const document = documentOf({
    [KEY]: { versions: { 1: textOf(body) }, releases: { development: 1 } },
    ...(plan && { [TONE]: { versions: { 1: tone("kind"), 2: tone("curt"), 3: tone("warm") }, ...plan } }),
    ...more,
  });
  return resolve(declarationOf(KEY, textOf("default {{ticket}}")), context, {
    snapshot: buildSnapshot(document),
    stale: false,
    environment: "development",
    now: 0,
    draw: unitDraw,
    off: false,
    pins: new Map(),
    declarations: new Map(declared.map((one) => [one.key, one])),
    ...space,
  });
}

function words({ servable }: Resolved): string | undefined {
  return servable?.body(undefined).compiled.render({ ticket: "T" })[0]?.content;
}

describe("a pinned partial", () => {
  const body = "{{> shared.tone@v2}} {{ticket}}";

  it("is that version, whatever is released", () => {
    const resolved = serve({ body, tone: { releases: { development: 1 } } });
    expect(words(resolved)).toBe("curt T");
    expect(resolved.servable?.parts).toEqual([
      { kind: "partial", name: TONE, version: 2, hash: hashText(tone("curt")) },
    ]);
  });

  it("that is withdrawn takes the version with it, also when it was served a moment ago", () => {
    const declaration = declarationOf(KEY, textOf("default {{ticket}}"));
    const scene = (withdrawn: readonly number[]): Resolved => {
      const document = documentOf({
        [KEY]: { versions: { 1: textOf(body) }, releases: { development: 1 } },
        [TONE]: { versions: { 2: tone("curt") }, withdrawn },
      });
      return resolve(
        declaration,
        {},
        {
          snapshot: buildSnapshot(document),
          stale: false,
          environment: "development",
          now: 0,
          draw: unitDraw,
          off: false,
          pins: new Map(),
          declarations: new Map(),
        },
      );
    };
    expect(scene([]).resolution).toMatchObject({ version: 1, reason: "live" });
    expect(scene([2]).resolution).toMatchObject({ version: null, reason: "misfit" });
    expect(scene([]).resolution).toMatchObject({ version: 1, reason: "live" });
  });

  it("that nobody has makes a misfit that names it", () => {
    const { resolution } = serve({ body });
    expect(resolution.considered).toContainEqual({
      tier: "environment",
      outcome: "misfit",
      version: 1,
      reason: "partial {{> shared.tone@v2}} is not known",
    });
  });
});

describe("an unpinned partial", () => {
  const body = "{{> shared.tone}} {{ticket}}";

  it("is resolved through the tiers for the same context", () => {
    const overrides = [
      { kind: "user" as const, subject: "ada", version: 3, environment: null, expires: null },
    ];
    const plan = { releases: { development: 1 }, overrides };
    expect(words(serve({ body, tone: plan }))).toBe("kind T");
    const forAda = serve({ body, tone: plan, context: { user: "ada" } });
    expect(words(forAda)).toBe("warm T");
    expect(forAda.servable?.parts).toMatchObject([{ name: TONE, version: 3 }]);
  });

  it("heeds the pins of the process, and not those of the conversation", () => {
    const plan = { releases: { development: 1 } };
    expect(words(serve({ body, tone: plan, space: { pins: new Map([[TONE, 2]]) } }))).toBe("curt T");
    const context = { pin: `${KEY}@v1` };
    expect(words(serve({ body, tone: plan, context }))).toBe("kind T");
  });

  it("is the default in the code where nothing is released, told apart from the same text released", () => {
    const declared = [declarationOf(TONE, tone("kind"))];
    const hash = hashText(tone("kind"));
    const declaration = declarationOf(KEY, textOf("default {{ticket}}"));
    const parts = (releases: Readonly<Record<string, number>>): unknown => {
      const document = documentOf({
        [KEY]: { versions: { 1: textOf(body) }, releases: { development: 1 } },
        [TONE]: { versions: { 1: tone("kind") }, releases },
      });
      return resolve(
        declaration,
        {},
        {
          snapshot: buildSnapshot(document),
          stale: false,
          environment: "development",
          now: 0,
          draw: unitDraw,
          off: false,
          pins: new Map(),
          declarations: new Map(declared.map((one) => [one.key, one])),
        },
      ).servable?.parts;
    };
    expect(parts({})).toEqual([{ kind: "partial", name: TONE, version: null, hash }]);
    expect(parts({ development: 1 })).toEqual([{ kind: "partial", name: TONE, version: 1, hash }]);
  });

  it("that is nowhere makes a misfit, and the default of the code is served", () => {
    const resolved = serve({ body });
    expect(resolved.resolution).toMatchObject({ tier: "default", reason: "misfit" });
    expect(words(resolved)).toBe("default T");
  });

  it("brings its own partials, and the row names them all", () => {
    const more = {
      "shared.a": { versions: { 1: tone("a {{> shared.b}}") }, releases: { development: 1 } },
      "shared.b": { versions: { 1: tone("b {{> shared.tone@v2}}") }, releases: { development: 1 } },
    };
    const resolved = serve({ body: "{{> shared.a}} {{ticket}}", tone: {}, more });
    expect(words(resolved)).toBe("a b curt T");
    expect(resolved.servable?.parts.map((part) => part.name).sort()).toEqual(["shared.a", "shared.b", TONE]);
  });

  it("that includes itself by a ring is refused", () => {
    const more = {
      "shared.a": { versions: { 1: tone("a {{> shared.b}}") }, releases: { development: 1 } },
      "shared.b": { versions: { 1: tone("b {{> shared.a}}") }, releases: { development: 1 } },
      "shared.self": { versions: { 1: tone("{{> shared.self}}") }, releases: { development: 1 } },
      "shared.host": { versions: { 1: tone(`{{> ${KEY}}}`) }, releases: { development: 1 } },
    };
    for (const name of ["shared.a", "shared.self", "shared.host"]) {
      expect(serve({ body: `{{> ${name}}} {{ticket}}`, more }).resolution).toMatchObject({
        reason: "misfit",
      });
    }
  });

  it("is resolved once, however many name it: thirty steps of two ways each do not take a billion", () => {
    const names = Array.from({ length: 30 }, (_, index) => `step.p${index}`);
    const more = Object.fromEntries(
      names.map((name, index) => {
        const next = names[index + 1];
        const words = next === undefined ? "end" : `{{> ${next}}}`;
        return [name, { versions: { 1: tone(words) }, releases: { development: 1 } }];
      }),
    );
    const counted = new Map<string, number>();
    const pins = { get: (key: string) => void counted.set(key, (counted.get(key) ?? 0) + 1) };
    const resolved = serve({
      body: `{{> ${names[0]}}} {{> ${names[1]}}} {{ticket}}`,
      more,
      space: { pins: pins as unknown as ReadonlyMap<string, number> },
    });
    expect(resolved.resolution).toMatchObject({ version: 1, reason: "live" });
    expect([...counted.values()].every((count) => count === 1)).toBe(true);
  });

  it("that the text in the code needs and nobody has is named", () => {
    const code = declarationOf(KEY, textOf("{{> shared.tone}} {{ticket}}"));
    const space = { stale: false, environment: "development", now: 0, draw: unitDraw, off: false };
    const { resolution, servable } = resolve(
      code,
      {},
      { ...space, snapshot: buildSnapshot(documentOf({})), pins: new Map(), declarations: new Map() },
    );
    expect(servable).toBeNull();
    expect(resolution).toMatchObject({ reason: "no-release", errorCode: "partial-missing" });
    expect(resolution.considered.at(-1)).toEqual({
      tier: "default",
      outcome: "misfit",
      reason: "partial {{> shared.tone}} is not known",
    });
  });

  describe("with translations", () => {
    const body = "{{> shared.tone}} {{ticket}}";
    const host = textOf(body, { defaultLocale: "en", locales: { de: `de ${body}` } });
    const kind = textOf("kind", { input: none, locales: { de: "nett", "de-AT": "liab", fr: "gentil" } });
    const inLocale = (locale: string | undefined, partial = kind): unknown => {
      const more = {
        [KEY]: { versions: { 1: host }, releases: { development: 1 } },
        [TONE]: { versions: { 1: partial }, releases: { development: 1 } },
      };
      const { servable, resolution } = serve({ body, more });
      const served = servable?.body(locale);
      return served === undefined
        ? resolution.reason
        : [served.compiled.render({ ticket: "T" })[0]?.content, served.locale];
    };

    it.each([
      [undefined, "kind T", "en"],
      ["en", "kind T", "en"],
      ["de", "de nett T", "de"],
      ["de-AT", "de liab T", "de"],
      ["de-CH", "de nett T", "de"],
      ["fr-CA", "gentil T", "en"],
      ["es", "kind T", "en"],
      ["constructor", "kind T", "en"],
    ])("follows the call's locale %s", (locale, words, named) => {
      expect(inLocale(locale)).toEqual([words, named]);
    });

    it("must fit in each of them", () => {
      const unfit = textOf("kind", { input: none, locales: { fr: "{{who}}" } });
      expect(inLocale(undefined, unfit)).toEqual(["default T", null]);
    });
  });

  it("must fit what the host's code passes", () => {
    const plan = { versions: { 1: textOf("for {{lang}}", { input: none }) }, releases: { development: 1 } };
    const more = { "shared.lang": plan };
    expect(serve({ body: "{{> shared.lang}} {{ticket}}", more }).resolution.reason).toBe("misfit");
  });
});
