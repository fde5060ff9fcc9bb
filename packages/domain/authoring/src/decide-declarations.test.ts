/** Tests of mirroring what code declares. */
import { buildText, type DeclarationData, hashText, type RegistryRecord } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { type Declaration, type DeclarationsCommand, decideDeclarations } from "./decide-declarations.ts";
import { BY, RegistryLog } from "./registry-log.fixture.ts";

const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

function declare(key: string, body: string, more: Partial<Declaration> = {}): Declaration {
  const text = buildText({ model: "gpt-5-mini", body, input });
  return { key, text, bound: [], providers: ["openai"], tools: [], ...more };
}

function mirror(
  log: RegistryLog,
  declarations: readonly Declaration[],
  more: Partial<DeclarationsCommand> = {},
) {
  const whole = {
    environment: "development",
    application: "shop",
    number: false,
    by: BY,
    author: "ada",
    commit: null,
    texts: log.texts,
  };
  return log.append((state) => decideDeclarations(state, { ...whole, declarations, ...more }));
}

describe("decideDeclarations", () => {
  it("records a laptop's text by its hash, without a version number", () => {
    const log = new RegistryLog();
    const triage = declare("triage", "A {{ticket}}", { metadata: { owner: "support" } });
    const [mirrored] = mirror(log, [triage]);
    expect(mirrored).toMatchObject({
      hash: hashText(triage.text),
      version: null,
      created: false,
      changed: true,
    });
    expect(log.texts.get(hashText(triage.text))).toEqual(triage.text);
    const prompt = log.state.prompts.get("triage");
    expect(prompt?.declarations.get("development")).toMatchObject([
      { hash: hashText(triage.text), application: "shop" },
    ]);
    expect(prompt?.metadata?.owner).toBe("support");
    expect(prompt?.versions.size).toBe(0);
  });

  it("says nothing twice", () => {
    const log = new RegistryLog();
    const prompts = [
      declare("a", "A {{ticket}}", { metadata: { tags: ["x"] } }),
      declare("b", "B {{ticket}}"),
    ];
    mirror(log, prompts, { number: true });
    const before = log.records.length;
    const again = mirror(log, prompts, { number: true });
    expect(log.records).toHaveLength(before);
    expect(again.map(({ changed, version }) => ({ changed, version }))).toEqual([
      { changed: false, version: 1 },
      { changed: false, version: 1 },
    ]);
  });

  it.each<[string, Partial<Declaration>]>([
    ["text", { text: buildText({ model: "gpt-5-mini", body: "B {{ticket}}", input }) }],
    ["contract", { input: { type: "object", properties: { ticket: {}, note: {} } } }],
    ["bound variables", { bound: ["ticket"] }],
    ["providers", { providers: ["anthropic", "openai"] }],
    ["tools", { tools: ["look"] }],
  ])("records another declaration when the %s changed", (_, change) => {
    const log = new RegistryLog();
    mirror(log, [declare("a", "A {{ticket}}")]);
    const before = log.records.length;
    mirror(log, [declare("a", "A {{ticket}}", change)]);
    expect(log.records.slice(before).map((record) => record.kind)).toEqual(["declaration"]);
  });

  it("keeps applications apart, and says nothing twice when they start in turns", () => {
    const log = new RegistryLog();
    const applications = [
      { application: "shop", declared: declare("a", "A {{ticket}}", { metadata: { owner: "shop" } }) },
      { application: "admin", declared: declare("a", "B {{ticket}}", { metadata: { owner: "admin" } }) },
      { application: null, declared: declare("a", "C {{ticket}}") },
    ];
    const startAll = () =>
      applications.map(({ application, declared }) => mirror(log, [declared], { application, number: true }));
    startAll();
    const { length } = log.records;
    expect(startAll().flat()).toMatchObject([
      { version: 1, changed: false },
      { version: 2, changed: false },
      { version: 3, changed: false },
    ]);
    expect(log.records).toHaveLength(length);
    expect(log.state.prompts.get("a")?.metadata?.owner).toBe("admin");
    const declared = log.state.prompts.get("a")?.declarations.get("development");
    expect(declared?.map((one) => one.application)).toEqual(["shop", "admin", null]);
  });

  it("states the facts beside a text again when the code changed them, and not over what came since", () => {
    const log = new RegistryLog();
    const owned = (owner: string, body = "A {{ticket}}") => declare("a", body, { metadata: { owner } });
    const owner = () => log.state.prompts.get("a")?.metadata?.owner;
    mirror(log, [owned("shop")]);
    log.append(() => {
      const facts = {
        purpose: null,
        risk: "medium",
        tags: [],
        evalSet: null,
        backup: [],
        routes: {},
      } as const;
      return {
        drafts: [{ kind: "metadata", by: BY, data: { key: "a", owner: "desk", ...facts } }],
        result: null,
      };
    });
    mirror(log, [owned("shop")]);
    mirror(log, [owned("shop", "B {{ticket}}")]);
    expect(owner()).toBe("desk");
    mirror(log, [owned("web", "B {{ticket}}")]);
    expect(owner()).toBe("web");
  });

  it("leaves metadata of prompts that are there as it is for whoever may not change it, and says so while it differs", () => {
    const log = new RegistryLog();
    const risky = declare("a", "A {{ticket}}", { metadata: { risk: "high", evalSet: "triage" } });
    const careless = declare("a", "A {{ticket}}", { metadata: { risk: "low", evalSet: null } });
    const keepsMetadata = true;
    expect(mirror(log, [risky], { keepsMetadata })[0]?.keptMetadata).toBeUndefined();
    const [kept] = mirror(log, [careless], { keepsMetadata, application: "laptop" });
    expect(kept).toMatchObject({ changed: true, keptMetadata: true });
    const { length } = log.records;
    expect(mirror(log, [careless], { keepsMetadata, application: "laptop" })[0]).toMatchObject({
      changed: false,
      keptMetadata: true,
    });
    expect(mirror(log, [risky], { keepsMetadata })[0]).toMatchObject({ changed: false });
    expect(log.records).toHaveLength(length);
    expect(log.state.prompts.get("a")?.metadata).toMatchObject({ risk: "high", evalSet: "triage" });
    mirror(log, [careless], { application: "laptop" });
    expect(log.state.prompts.get("a")?.metadata).toMatchObject({ risk: "low", evalSet: null });
  });

  it("signs what was declared before applications were told apart", () => {
    const log = new RegistryLog();
    const triage = declare("a", "A {{ticket}}");
    mirror(log, [triage]);
    const first = log.records.find(({ kind }) => kind === "declaration") as RegistryRecord;
    const { application: _, facts: __, ...unsigned } = first.data as DeclarationData;
    const old = new RegistryLog();
    old.append(() => ({ drafts: [{ kind: "declaration", by: BY, data: unsigned }], result: null }));
    expect(mirror(old, [triage])).toMatchObject([{ changed: true }]);
    expect(old.state.prompts.get("a")?.declarations.get("development")).toMatchObject([
      { application: "shop" },
    ]);
    expect(mirror(old, [triage])).toMatchObject([{ changed: false }]);
  });

  it("takes providers and tools as sets", () => {
    const log = new RegistryLog();
    mirror(log, [declare("a", "{{ticket}}", { providers: ["x", "openai"], tools: ["t", "s"] })]);
    const before = log.records.length;
    mirror(log, [declare("a", "{{ticket}}", { providers: ["openai", "x"], tools: ["s", "t"] })]);
    expect(log.records).toHaveLength(before);
  });

  it("keeps environments apart", () => {
    const log = new RegistryLog();
    mirror(log, [declare("a", "A {{ticket}}")]);
    mirror(log, [declare("a", "B {{ticket}}")], { environment: "staging" });
    const declarations = log.state.prompts.get("a")?.declarations;
    const hashOf = (environment: string) => declarations?.get(environment)?.[0]?.hash;
    expect(hashOf("development")).not.toBe(hashOf("staging"));
  });

  it("numbers new texts where asked to, with code as their source", () => {
    const log = new RegistryLog();
    mirror(log, [declare("a", "A {{ticket}}")], { number: true, commit: "abc123" });
    const [second] = mirror(log, [declare("a", "B {{ticket}}")], { number: true, environment: "staging" });
    expect(second).toMatchObject({ version: 2, created: true });
    expect(log.state.prompts.get("a")?.versions.get(1)).toMatchObject({ source: "code", commit: "abc123" });
  });

  it("knows the version of a laptop's text that is one already", () => {
    const log = new RegistryLog();
    mirror(log, [declare("a", "A {{ticket}}")], { number: true });
    expect(mirror(log, [declare("a", "A {{ticket}}")], { environment: "staging" })).toMatchObject([
      { version: 1 },
    ]);
  });

  it("mirrors the others when one text cannot be a version", () => {
    const log = new RegistryLog();
    const [bad, good] = mirror(log, [declare("bad", "{{x}}"), declare("good", "{{ticket}}")], {
      number: true,
    });
    expect(bad).toMatchObject({ version: null, refused: { code: "misfit" } });
    expect(good).toMatchObject({ version: 1, refused: null });
    expect(log.state.prompts.get("bad")?.declarations.size).toBe(1);
  });

  it("finds a partial among those declared at the same time", () => {
    const log = new RegistryLog();
    const prompts = [declare("a", "{{> b}}"), declare("b", "B {{ticket}}")];
    expect(mirror(log, prompts, { number: true })).toMatchObject([{ refused: null }, { refused: null }]);
  });

  it("refuses one key with two texts, and takes the same declaration twice", () => {
    const log = new RegistryLog();
    expect(() => mirror(log, [declare("a", "A {{ticket}}"), declare("a", "B {{ticket}}")])).toThrow(
      expect.objectContaining({ code: "declaration-conflict" }),
    );
    expect(mirror(log, [declare("a", "A {{ticket}}"), declare("a", "A {{ticket}}")])).toHaveLength(1);
  });

  it("refuses an unknown environment", () => {
    expect(() => mirror(new RegistryLog(), [], { environment: "prod" })).toThrow(
      expect.objectContaining({ code: "environment-unknown", message: expect.stringContaining("prod") }),
    );
  });
});
