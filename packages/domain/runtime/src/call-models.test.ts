/** Tests which models a call has: routes, backups, and those that the code cannot call. */
import { hashText, type ModelChoice, modelChoice, type SnapshotDocument } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import type { Declaration, ResolveContext } from "./declaration.ts";
import { declarationOf, documentOf, openStage, pinnedHandle, textOf } from "./runtime.fixture.ts";
import type { RuntimeParts } from "./runtime.ts";

const KEY = "support.triage";
const text = textOf("Sort {{ticket}}");
const claude = modelChoice("claude-haiku");
const nano = modelChoice("gpt-5-nano");

interface Named {
  readonly backup?: readonly ModelChoice[];
  readonly routes?: Readonly<Record<string, ModelChoice>>;
}

/** A snapshot with v1 live, and what the registry names. */
function snapshotOf(named: Named, releaseModel: ModelChoice | null = null): SnapshotDocument {
  const release = { version: 1, model: releaseModel, inherited: null, plan: null };
  const document = documentOf({ [KEY]: { versions: { 1: text }, releases: { development: release } } });
  const prompt = document.prompts[KEY] as SnapshotDocument["prompts"][string];
  return { ...document, prompts: { [KEY]: { ...prompt, ...named } } };
}

interface Asked {
  readonly code?: Partial<Declaration>;
  readonly registry?: SnapshotDocument;
  readonly context?: ResolveContext;
  readonly parts?: Partial<RuntimeParts>;
}

function callOf({ code, registry, context, parts }: Asked) {
  const caller = { input: text.input, providers: ["openai", "anthropic"], tools: [] };
  const declaration = declarationOf(KEY, text, { caller, ...code });
  return openStage(registry, parts).runtime.resolve<{ readonly ticket: string }>(declaration, context);
}
const names = (asked: Asked): readonly string[] => callOf(asked).models.map(({ model }) => model.id);

describe("the backups of a call", () => {
  it("are those of the code, in order, behind the model of the text", () => {
    const { models } = callOf({ code: { backup: [claude, nano] } });
    expect(models).toEqual([
      { model: text.model, role: "primary", misfit: null },
      { model: claude, role: "backup", misfit: null },
      { model: nano, role: "backup", misfit: null },
    ]);
    expect(names({})).toEqual(["gpt-5-mini"]);
  });

  it("are those of the registry where it names any, also when it names none any more", () => {
    const code = { backup: [claude] };
    expect(names({ code, registry: snapshotOf({ backup: [nano] }) })).toEqual(["gpt-5-mini", "gpt-5-nano"]);
    expect(names({ code, registry: snapshotOf({ backup: [] }) })).toEqual(["gpt-5-mini"]);
    expect(names({ code, registry: snapshotOf({}) })).toEqual(["gpt-5-mini", "claude-haiku"]);
  });

  it("are those of the code where the process is cut off from the registry", () => {
    const asked = {
      code: { backup: [claude] },
      registry: snapshotOf({ backup: [nano] }),
      parts: { off: true },
    };
    expect(names(asked)).toEqual(["gpt-5-mini", "claude-haiku"]);
  });

  it("stand behind the release's model", () => {
    const registry = snapshotOf({ backup: [nano] }, claude);
    expect(names({ registry })).toEqual(["claude-haiku", "gpt-5-nano"]);
  });

  it("are left out, with the reason, where the code cannot call their provider", async () => {
    const mistral = modelChoice("mistral-small");
    const call = callOf({ registry: snapshotOf({ backup: [mistral, claude] }) });
    expect(call.models.map(({ misfit }) => misfit)).toEqual([
      null,
      "model mistral-small is served by mistral, which the code does not call",
      null,
    ]);
    expect([...call.attempts()].map(({ model }) => model.id)).toEqual(["gpt-5-mini", "claude-haiku"]);
  });

  it("are tried once, but the same model with other parameters is another", () => {
    const slow = modelChoice("gpt-5-mini", { service_tier: "flex" });
    expect(names({ code: { backup: [text.model, claude, slow, claude] } })).toEqual([
      "gpt-5-mini",
      "claude-haiku",
      "gpt-5-mini",
    ]);
  });

  it("of a pinned handle are those of its text's provider", () => {
    const { runtime } = openStage(snapshotOf({ backup: [claude, nano] }));
    const { models } = runtime.resolve(pinnedHandle(KEY, 1));
    expect(models.map(({ model, misfit }) => [model.id, misfit === null])).toEqual([
      ["gpt-5-mini", true],
      ["claude-haiku", false],
      ["gpt-5-nano", true],
    ]);
  });

  it("are nobody's where there is no text to serve", () => {
    const { runtime } = openStage(documentOf({}));
    expect(runtime.resolve(pinnedHandle(KEY, 1)).models).toEqual([]);
  });

  it("that cannot be read do not cost the call", () => {
    for (const backup of [null, "gpt", 7, {}, [null, 3, { id: 4 }, { id: "x" }, nano]]) {
      const registry = snapshotOf({ backup: backup as never });
      const last = Array.isArray(backup) ? ["gpt-5-mini", "gpt-5-nano"] : ["gpt-5-mini"];
      expect(names({ registry })).toEqual(last);
    }
  });
});

describe("a route", () => {
  const registry = snapshotOf({ routes: { cheap: nano, odd: modelChoice("mistral-small") } });

  it("serves the resolved version on its model, which the row says was asked", () => {
    const stage = openStage(registry);
    const call = stage.runtime.resolve<{ readonly ticket: string }>(declarationOf(KEY, text), {
      route: "cheap",
    });
    expect(call.resolution).toMatchObject({
      version: 1,
      tier: "environment",
      model: nano,
      route: { name: "cheap", outcome: "chosen" },
    });
    expect(call.record({ ticket: "T" }, (p) => p.openai().model)).toBe("gpt-5-nano");
    expect(stage.sink.row).toMatchObject({ version: 1, hash: hashText(text), requestedModel: "gpt-5-nano" });
  });

  it("that nobody named leaves the primary model, and the resolution says so", () => {
    for (const route of ["dear", "constructor", "__proto__", "toString"]) {
      const { resolution } = callOf({ registry, context: { route } });
      expect(resolution).toMatchObject({ model: text.model, route: { name: route, outcome: "absent" } });
    }
  });

  it("to a model that the code cannot call leaves the primary one, and the resolution says why", () => {
    const { resolution } = callOf({ registry, context: { route: "odd" } });
    expect(resolution.model).toEqual(text.model);
    expect(resolution.route).toEqual({
      name: "odd",
      outcome: "misfit",
      reason: "model mistral-small is served by mistral, which the code does not call",
    });
  });

  it("is null where none was asked for", () => {
    for (const route of [undefined, "", {} as never, null as never]) {
      const { resolution } = callOf({ registry, context: { route } });
      expect([resolution.route, resolution.model]).toEqual([null, text.model]);
    }
  });

  it("is the code's where the registry never named one", () => {
    const code = { routes: { cheap: claude } };
    const asked = { code, context: { route: "cheap" } };
    expect(callOf({ ...asked, registry: snapshotOf({}) }).resolution.model).toEqual(claude);
    expect(callOf(asked).resolution.model).toEqual(claude);
    expect(callOf({ ...asked, registry }).resolution.model).toEqual(nano);
    expect(callOf({ ...asked, registry, parts: { off: true } }).resolution.model).toEqual(claude);
  });

  it("goes before the primary model and its backups", () => {
    const asked = { registry: snapshotOf({ routes: { cheap: nano }, backup: [claude, nano] }) };
    expect(
      callOf({ ...asked, context: { route: "cheap" } }).models.map(({ model, role }) => [model.id, role]),
    ).toEqual([
      ["gpt-5-nano", "route"],
      ["gpt-5-mini", "primary"],
      ["claude-haiku", "backup"],
    ]);
  });

  it("that cannot be read leaves the primary model", () => {
    for (const model of [null, 3, "gpt-5-nano", { id: 4 }]) {
      const broken = snapshotOf({ routes: { cheap: model as never } });
      const { resolution } = callOf({ registry: broken, context: { route: "cheap" } });
      expect(resolution).toMatchObject({ version: 1, model: text.model, route: { outcome: "absent" } });
    }
  });

  it("of nothing that can be served is absent", () => {
    const { runtime } = openStage(documentOf({}));
    const { resolution } = runtime.resolve(pinnedHandle(KEY, 1), { route: "cheap" });
    expect(resolution.route).toEqual({ name: "cheap", outcome: "absent" });
  });
});
