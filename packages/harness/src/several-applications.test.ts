/** Several applications that declare one prompt in one environment, asked about on every kind of store. */
import { buildText, hashCaller, hashText, type VersionText } from "@colophon/kernel";
import { aDeclarationDraft, anExecution } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  answerAt,
  diagnose,
  type Harness,
  listPrompts,
  registerDeclared,
  releaseVersion,
  renderPrompt,
  resolvePrompt,
  retireApplication,
} from "./index.ts";
import { HOUSES, KEY, type OpenedHouse } from "./opened-house.fixture.ts";

const STAGING = { key: KEY, environment: "staging" };

function textWith(body: string, ...names: readonly string[]): VersionText {
  const properties = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  return buildText({ model: "gpt-5-mini", body, input: { type: "object", properties, required: names } });
}

const SHOP = textWith("Shop: {{ticket}} {{tone}}", "ticket", "tone");
const ADMIN = textWith("Admin: {{ticket}}", "ticket");

function callerOf({ input }: VersionText): string {
  return hashCaller({ input, providers: ["openai"], tools: [] });
}

async function declare(harness: Harness, text: VersionText, of: { application: string; key?: string }) {
  const draft = aDeclarationDraft(text, { ...of, environment: "staging", caller: callerOf(text) });
  await harness.records.append(() => ({ drafts: [draft], texts: [text], result: null }));
}

describe.each(HOUSES)("On $name, where shop and admin declare a prompt", (house) => {
  let opened: OpenedHouse;
  let harness: Harness;
  beforeEach(async () => {
    opened = await house.open();
    harness = opened.harness;
    await declare(harness, SHOP, { application: "shop" });
    await declare(harness, ADMIN, { application: "admin" });
  });
  afterEach(() => opened.close());

  test("it is resolved and rendered as the one that is named declares it, else the last one", async () => {
    const last = await resolvePrompt(harness, STAGING);
    expect(last).toMatchObject({
      application: "admin",
      applications: ["shop", "admin"],
      hash: hashText(ADMIN),
    });
    const shop = await resolvePrompt(harness, { ...STAGING, application: "shop" });
    expect(shop).toMatchObject({ application: "shop", hash: hashText(SHOP) });
    const query = { ...STAGING, application: "shop" };
    const rendered = await renderPrompt(harness, { ...query, variables: { ticket: "T", tone: "kind" } });
    expect(rendered).toMatchObject({ application: "shop", messages: [{ content: "Shop: T kind" }] });
    await expect(resolvePrompt(harness, { ...STAGING, application: "shpo" })).rejects.toMatchObject({
      code: "application-unknown",
      message: expect.stringContaining("did you mean shop?"),
    });
  });

  test("a release that only one can serve is skipped for the other alone", async () => {
    await retireApplication(harness, { ...STAGING, application: "admin", reason: "for the test" });
    const [shop] = await registerDeclared(harness, STAGING);
    await releaseVersion(harness, { ...STAGING, version: shop?.version ?? 0, reason: "first" });
    await declare(harness, ADMIN, { application: "admin" });
    const tierOf = async (application: string) => {
      const { tier, reason } = await resolvePrompt(harness, { ...STAGING, application });
      return [tier, reason];
    };
    expect(await tierOf("shop")).toEqual(["environment", "live"]);
    expect(await tierOf("admin")).toEqual(["default", "misfit"]);
    const misfit = (await diagnose(harness)).find(({ code }) => code === "misfit");
    expect(misfit?.message).toContain("for admin, {{tone}} is not in the contract");
  });

  test("an unpinned partial that nobody released is that of the same application", async () => {
    for (const [application, word] of [
      ["shop", "Buy"],
      ["admin", "Rule"],
    ] as const) {
      await declare(harness, textWith("{{> shared.tone}}!"), { application, key: "main" });
      await declare(harness, textWith(`${word} well`), { application, key: "shared.tone" });
      const query = { key: "main", environment: "staging", application, variables: {} };
      const rendered = await renderPrompt(harness, query);
      expect(rendered.messages[0]?.content).toBe(`${word} well!`);
    }
  });

  test("`at` answers for the code whose call was served", async () => {
    const text = (hash: string) => ({ prompt: KEY, environment: "staging", version: null, hash });
    await harness.ledger.append([
      anExecution(harness.ids, {
        ...text(hashText(SHOP)),
        tier: "default",
        reason: "no-release",
        caller: callerOf(SHOP),
      }),
    ]);
    const time = new Date(opened.clock.now()).toISOString();
    const answer = await answerAt(harness, { ...STAGING, time });
    expect(answer).toMatchObject({ differs: null, released: { hash: hashText(SHOP) } });
    const admin = await answerAt(harness, { ...STAGING, time, application: "admin" });
    expect(admin.released.hash).toBe(hashText(ADMIN));
  });

  test("both texts are numbered, listed, and told by the doctor, until one is retired", async () => {
    expect(await registerDeclared(harness, STAGING)).toMatchObject([{ version: 1 }, { version: 2 }]);
    const both = [
      { application: "shop", version: 1 },
      { application: "admin", version: 2 },
    ];
    expect((await listPrompts(harness))[0]?.declared).toEqual({ staging: both });
    const apart = async () => (await diagnose(harness)).filter(({ code }) => code === "declared-apart");
    expect(await apart()).toMatchObject([
      { severity: "note", message: expect.stringContaining("shop v1, admin v2") },
    ]);
    const retired = await retireApplication(harness, {
      application: "shop",
      environment: "staging",
      key: null,
      reason: "gone",
    });
    expect(retired.prompts).toEqual([KEY]);
    expect((await listPrompts(harness))[0]?.declared).toEqual({ staging: both.slice(1) });
    expect(await apart()).toEqual([]);
  });
});
