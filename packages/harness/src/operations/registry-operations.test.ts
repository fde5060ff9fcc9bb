/** Asks every operation of the registry over JSON, on versions with something in every field that may be empty. */
import { buildText } from "@colophon/kernel";
import { aDeclarationDraft } from "@colophon/testkit";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { setOverride, withdrawVersion } from "../index.ts";
import { HOUSES, KEY, type OpenedHouse, promptFile, releaseTo } from "../opened-house.fixture.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import {
  addCandidateOperation,
  diffVersionsOperation,
  listCandidatesOperation,
  listPromptsOperation,
  promoteCandidateOperation,
  REGISTRY_OPERATIONS,
  registerDeclaredOperation,
  registerPromptOperation,
  showPromptOperation,
  versionLogOperation,
} from "./registry-operations.ts";

const asked = new Set<string>();
const ask: typeof askOverJson = (operation, harness, input) => {
  const found = REGISTRY_OPERATIONS.find((one) => one.input === operation.input);
  if (found !== undefined) asked.add(found.name);
  return askOverJson(operation, harness, input);
};

afterAll(() => {
  expect([...asked].sort()).toEqual(REGISTRY_OPERATIONS.map(({ name }) => name).sort());
});

/** A file that says all that a file can say. */
const RICH = {
  purpose: "sorts tickets",
  risk: "high",
  tags: ["support"],
  evalSet: "tickets",
  model: { id: "gpt-5-mini", provider: "openai", parameters: { temperature: 0.2 } },
  backup: ["claude-sonnet-5"],
  routes: { fast: "gpt-5-nano" },
  body: [
    { role: "system", content: "Be brief. {{> shared.tone@v1}}" },
    "history",
    { role: "user", content: "{{ticket}}" },
  ],
  locales: {
    de: [{ role: "system", content: "Kurz." }, "history", { role: "user", content: "{{ticket}}" }],
  },
  defaultLocale: "en",
  tools: [{ name: "lookup", description: "finds a ticket", input: { type: "object" } }],
  toolChoice: { tool: "lookup" },
  untrusted: ["ticket"],
  output: { type: "object", properties: { label: { type: "string" } } },
  cache: ["system"],
};

describe.each(HOUSES)("Operations of the registry on $name", ({ open }) => {
  let house: OpenedHouse;
  beforeEach(async () => {
    house = await open();
    const { harness } = house;
    const tone = { key: "shared.tone", model: "gpt-5-mini", body: "Be kind." };
    await ask(registerPromptOperation, harness, { value: tone, file: "tone.yaml" });
    await ask(registerPromptOperation, harness, {
      value: promptFile("One."),
      file: "one.yaml",
      message: "first",
      commit: "abc123",
    });
    // From the next one on production asks for evidence.
    await releaseTo(harness, 1);
    await ask(registerPromptOperation, harness, {
      value: promptFile("", RICH),
      file: "two.yaml",
      message: null,
    });
    await releaseTo(harness, 1, "staging");
    await releaseTo(harness, 2, "staging");
  });
  afterEach(() => house.close());

  test("show what stands in it", async () => {
    const { harness } = house;
    const subject = { kind: "user", value: "ada" } as const;
    await setOverride(harness, { key: KEY, version: 2, subject, environment: null, expires: null });
    const listed = await ask(listPromptsOperation, harness, {});
    expect(listed.map(({ key, versions, overrides }) => [key, versions, overrides])).toEqual([
      ["shared.tone", 1, 0],
      [KEY, 2, 1],
    ]);
    const about = { key: KEY, environment: "staging" };
    const shown = await ask(showPromptOperation, harness, { ...about, version: null });
    expect(shown).toMatchObject({
      version: 2,
      liveIn: ["staging"],
      text: { toolChoice: { tool: "lookup" } },
    });
    expect(shown).toMatchObject({ questions: { rollback: { answer: expect.stringContaining("to v1") } } });
    await withdrawVersion(harness, { key: KEY, version: 2, reason: "rude" });
    const old = await ask(showPromptOperation, harness, { ...about, version: 2 });
    expect(old).toMatchObject({ withdrawn: { reason: "rude" } });
    const [two, one] = await ask(versionLogOperation, harness, { key: KEY });
    expect(two).toMatchObject({ version: 2, withdrawn: { by: "grace" }, releases: [{ until: null }] });
    expect(one).toMatchObject({ commit: "abc123", releases: [{ environment: "production" }, {}] });
  });

  test("show a prompt of which there is no version yet", async () => {
    const { harness } = house;
    const draft = aDeclarationDraft(buildText({ model: "gpt-5-mini", body: "In code." }), {
      key: "support.reply",
      environment: "staging",
      application: "shop",
    });
    const text = buildText({ model: "gpt-5-mini", body: "In code." });
    await harness.records.append(() => ({ drafts: [draft], texts: [text], result: null }));
    const about = { key: "support.reply", environment: "staging" };
    expect(await ask(showPromptOperation, harness, { ...about, version: null })).toMatchObject({
      version: null,
      declared: { staging: [{ application: "shop", version: null }] },
    });
    expect(await ask(registerDeclaredOperation, harness, { ...about, message: "from code" })).toMatchObject([
      { version: 1, created: true },
    ]);
  });

  test("compare two versions, or two environments, and nothing else", async () => {
    const { harness } = house;
    const diff = await ask(diffVersionsOperation, harness, { key: KEY, versions: [1, 2] });
    expect(diff).toMatchObject({ same: false, body: { same: false }, locales: [{ locale: "de" }] });
    for (const part of ["model", "tools", "output", "cache", "untrusted", "partials"] as const) {
      expect(diff[part], part).not.toEqual([]);
    }
    const environments = ["production", "staging"];
    const live = await ask(diffVersionsOperation, harness, { key: KEY, environments });
    expect(live).toMatchObject({ before: { environment: "production" }, after: { version: 2 } });
    for (const more of [{}, { versions: [1, 2], environments }]) {
      await expect(ask(diffVersionsOperation, harness, { key: KEY, ...more })).rejects.toMatchObject({
        code: "usage",
      });
    }
  });

  test("take proposals and make versions of them", async () => {
    const { harness } = house;
    const input = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };
    const value = { model: "gpt-5-mini", body: "Sort: {{ticket}}", input };
    const proposal = { key: KEY, value, file: "idea.yaml", rationale: "shorter" };
    expect(
      await ask(addCandidateOperation, harness, { ...proposal, origin: "external", parent: "v1" }),
    ).toMatchObject({
      candidate: 1,
      version: null,
      created: true,
    });
    await ask(addCandidateOperation, harness, { ...proposal, value: { ...value, body: "{{ticket}}" } });
    expect(await ask(promoteCandidateOperation, harness, { key: KEY, candidate: 1 })).toMatchObject({
      version: 3,
    });
    expect(await ask(listCandidatesOperation, harness, { key: KEY })).toMatchObject([
      { candidate: 2, decision: null },
      { candidate: 1, decision: "promote", version: 3, parent: "v1", origin: "external" },
    ]);
  });
});
