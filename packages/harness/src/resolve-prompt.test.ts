/** Asks the harness which version is served, on every kind of store. */
import { hashCaller, hashText } from "@colophon/kernel";
import { aDeclarationDraft, aText } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resolvePrompt, rollBack, setOverride, withdrawVersion } from "./index.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "./opened-house.fixture.ts";

const PRODUCTION = { key: KEY, environment: "production" };

describe.each(HOUSES)("On $name", (house) => {
  let opened: OpenedHouse;
  beforeEach(async () => {
    opened = await house.open();
  });
  afterEach(() => opened.close());

  test("a released version is served by the environment tier, with every tier that was tried", async () => {
    await registerBodies(opened.harness, ["one"]);
    await releaseTo(opened.harness, 1);
    const resolution = await resolvePrompt(opened.harness, PRODUCTION);
    expect(resolution).toMatchObject({
      version: 1,
      tier: "environment",
      lane: "live",
      reason: "live",
      model: "gpt-5-mini",
      provider: "openai",
    });
    expect(resolution.considered.map(({ tier, outcome }) => `${tier} ${outcome}`)).toEqual([
      "document not-asked",
      "user not-asked",
      "environment chosen",
    ]);
    for (const { reason } of resolution.considered) expect(reason).not.toBe("");
  });

  test("an override for a user stands before the environment, and one for the document before that", async () => {
    await registerBodies(opened.harness, ["one", "two", "three"]);
    await releaseTo(opened.harness, 1);
    const override = { key: KEY, environment: null, expires: null };
    await setOverride(opened.harness, { ...override, version: 2, subject: { kind: "user", value: "ada" } });
    await setOverride(opened.harness, {
      ...override,
      version: 3,
      subject: { kind: "document", value: "d-1" },
    });
    const ada = await resolvePrompt(opened.harness, { ...PRODUCTION, user: "ada" });
    expect([ada.version, ada.tier, ada.reason]).toEqual([2, "user", "override"]);
    const both = await resolvePrompt(opened.harness, { ...PRODUCTION, user: "ada", document: "d-1" });
    expect([both.version, both.tier]).toEqual([3, "document"]);
    const ben = await resolvePrompt(opened.harness, { ...PRODUCTION, user: "ben" });
    expect([ben.version, ben.tier]).toEqual([1, "environment"]);
  });

  test("the past is resolved as it was, and the present as it is", async () => {
    await registerBodies(opened.harness, ["one", "two"]);
    await releaseTo(opened.harness, 1);
    const before = opened.clock.now();
    opened.clock.advance(60_000);
    await releaseTo(opened.harness, 2);
    expect((await resolvePrompt(opened.harness, { ...PRODUCTION, at: before })).version).toBe(1);
    expect((await resolvePrompt(opened.harness, PRODUCTION)).version).toBe(2);
    await rollBack(opened.harness, { ...PRODUCTION, reason: "worse" });
    expect((await resolvePrompt(opened.harness, PRODUCTION)).version).toBe(1);
  });

  test("the default tier is the text that code declared last in that environment", async () => {
    const text = aText();
    const caller = { input: text.input, providers: ["openai"], tools: [] };
    const declaration = aDeclarationDraft(text, { caller: hashCaller(caller), environment: "staging" });
    await opened.harness.records.append(() => ({ drafts: [declaration], texts: [text], result: null }));
    const staging = await resolvePrompt(opened.harness, { key: KEY, environment: "staging" });
    expect(staging).toMatchObject({
      version: null,
      hash: hashText(text),
      tier: "default",
      reason: "no-release",
    });
    const production = await resolvePrompt(opened.harness, PRODUCTION);
    expect(production).toMatchObject({ version: null, hash: null, model: null, reason: "no-release" });
  });

  test("a withdrawn version is served nowhere, and the resolution says so", async () => {
    await registerBodies(opened.harness, ["one"]);
    await releaseTo(opened.harness, 1);
    await withdrawVersion(opened.harness, { key: KEY, version: 1, reason: "insults people" });
    const resolution = await resolvePrompt(opened.harness, PRODUCTION);
    expect(resolution).toMatchObject({
      version: null,
      hash: null,
      reason: "withdrawn",
      errorCode: "withdrawn",
    });
  });

  test("an unpinned partial is resolved through the tiers of its own prompt", async () => {
    const { harness } = opened;
    const { registerPrompt, releaseVersion, renderPrompt } = await import("./index.ts");
    const tone = { key: "shared.tone", model: "gpt-5-mini", body: "Be kind." };
    await registerPrompt(harness, { value: tone, file: "tone.yaml" });
    await registerPrompt(harness, { value: { ...tone, body: "Be brief." }, file: "tone.yaml" });
    const main = { key: "support.reply", model: "gpt-5-mini", body: "Answer. {{> shared.tone}}" };
    await registerPrompt(harness, { value: main, file: "reply.yaml" });
    const release = { environment: "staging", reason: "first" };
    await releaseVersion(harness, { ...release, key: "shared.tone", version: 1 });
    await releaseVersion(harness, { ...release, key: "support.reply", version: 1 });
    const query = {
      key: "support.reply",
      environment: "staging",
      variables: {},
    };
    expect((await renderPrompt(harness, query)).messages[0]?.content).toBe("Answer. Be kind.");
    await releaseVersion(harness, { ...release, key: "shared.tone", version: 2 });
    const rendered = await renderPrompt(harness, query);
    expect(rendered.messages[0]?.content).toBe("Answer. Be brief.");
    expect(rendered.parts).toMatchObject([{ kind: "partial", name: "shared.tone", version: 2 }]);
  });

  test("unknown keys, environments and times name what to do", async () => {
    await registerBodies(opened.harness, ["one"]);
    await expect(
      resolvePrompt(opened.harness, { key: "support.triag", environment: "production" }),
    ).rejects.toMatchObject({
      code: "key-unknown",
      message: expect.stringContaining("did you mean support.triage"),
    });
    await expect(resolvePrompt(opened.harness, { key: KEY, environment: "prod" })).rejects.toMatchObject({
      code: "environment-unknown",
    });
    await expect(resolvePrompt(opened.harness, { ...PRODUCTION, at: 1 })).rejects.toMatchObject({
      code: "key-unknown",
      message: expect.stringContaining("yet at 1970"),
    });
  });
});
