/** Asks every operation on what serves over JSON, with something in every field that may be empty. */

import { buildText, MEDIA_KEYWORD } from "@colophon/kernel";
import { aDeclarationDraft } from "@colophon/testkit";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Harness } from "../harness.ts";
import { protectEnvironment, registerPrompt, startRollout } from "../index.ts";
import {
  HOUSES,
  KEY,
  type OpenedHouse,
  promptFile,
  registerBodies,
  releaseTo,
} from "../opened-house.fixture.ts";
import { askOverJson } from "./ask-over-json.fixture.ts";
import {
  approveVersionOperation,
  clearOverrideOperation,
  DELIVERY_OPERATIONS,
  findOverridesOperation,
  releaseVersionOperation,
  renderPromptOperation,
  resolvePromptOperation,
  retireApplicationOperation,
  rollBackOperation,
  setOverrideOperation,
  withdrawVersionOperation,
} from "./delivery-operations.ts";

const asked = new Set<string>();
const ask: typeof askOverJson = (operation, harness, input) => {
  const found = DELIVERY_OPERATIONS.find((one) => one.input === operation.input);
  if (found !== undefined) asked.add(found.name);
  return askOverJson(operation, harness, input);
};

afterAll(() => {
  expect([...asked].sort()).toEqual(DELIVERY_OPERATIONS.map(({ name }) => name).sort());
});

const ENV = "production";
const HERE = { key: KEY, environment: ENV } as const;
const ADA = { kind: "user", value: "ada" } as const;

describe.each(HOUSES)("Operations on what serves, on $name", ({ open }) => {
  let house: OpenedHouse;
  let harness: Harness;
  beforeEach(async () => {
    house = await open();
    ({ harness } = house);
    await registerBodies(harness, ["One.", "Two."]);
    await releaseTo(harness, 1);
  });
  afterEach(() => house.close());

  /** Somebody else than the author of the versions. */
  const as = (id: string): Harness => ({ ...harness, actor: { id, via: "server" } });

  test("resolve and render, for whom and where they are asked", async () => {
    const routes = { fast: "gpt-5-nano" };
    await registerPrompt(harness, { value: promptFile("Three.", { routes }), file: "a.yaml" });
    const resolved = await ask(resolvePromptOperation, harness, {
      ...HERE,
      user: "ada",
      locale: "de",
      route: "fast",
      at: house.clock.now(),
    });
    expect(resolved).toMatchObject({ version: 1, tier: "environment", route: { name: "fast" } });
    const pinned = await ask(resolvePromptOperation, harness, { ...HERE, version: 2 });
    expect(pinned).toMatchObject({ version: 2, reason: "pinned", considered: [{ tier: "pin" }] });
    const rendered = await ask(renderPromptOperation, harness, { ...HERE, variables: { ticket: "Late." } });
    expect(rendered.messages).toEqual([{ role: "user", content: "One.\nLate." }]);
    await expect(
      ask(renderPromptOperation, harness, { ...HERE, variables: { ticket: 7 } }),
    ).rejects.toMatchObject({ code: "variable-invalid" });
  });

  test("render media of the variables beside the text", async () => {
    const input = {
      type: "object",
      properties: { photo: { [MEDIA_KEYWORD]: true } },
      required: ["photo"],
    };
    const value = { key: "support.photo", model: "gpt-5-mini", input, body: "Look: {{photo}}" };
    await registerPrompt(harness, { value, file: "photo.yaml" });
    const [message] = (
      await ask(renderPromptOperation, harness, {
        ...{ key: "support.photo", version: 1, environment: ENV },
        variables: { photo: { url: "https://example.com/a.png", mediaType: "image/png" } },
      })
    ).messages;
    expect(message?.parts?.at(-1)).toMatchObject({
      type: "media",
      media: { source: { url: "https://example.com/a.png" }, filename: null },
    });
  });

  test("release, go back and withdraw, and end the rollouts that stand in the way", async () => {
    const rollout = { members: [{ key: KEY, versions: [2] }], environment: ENV, reason: "try" };
    await startRollout(harness, rollout);
    const released = await ask(releaseVersionOperation, harness, {
      ...{ ...HERE, version: 2, reason: "clearer" },
      model: { provider: "openai", id: "gpt-5-latest", parameters: { temperature: 0 } },
      breakGlass: "outage",
    });
    expect(released).toMatchObject({
      previous: 1,
      ended: [{ versions: [2] }],
      warnings: [expect.stringContaining("gpt-5-latest"), expect.stringContaining("No exception")],
    });
    const override = { key: KEY, version: 2, subject: ADA, environment: ENV, expires: null };
    await ask(setOverrideOperation, harness, override);
    const back = await ask(rollBackOperation, harness, { ...HERE, to: null, reason: "worse" });
    expect(back).toMatchObject({ from: 2, version: 1, overrides: [{ subject: "ada", status: "active" }] });
    const withdrawn = await ask(withdrawVersionOperation, harness, { key: KEY, version: 1, reason: "rude" });
    expect(withdrawn).toMatchObject({ unchanged: false, live: [{ environment: ENV, inherited: null }] });
  });

  test("set, list and clear overrides, with an end and without", async () => {
    const expires = house.clock.now() + 3_600_000;
    const request = { key: KEY, version: 2, subject: ADA, environment: null };
    await ask(setOverrideOperation, harness, { ...request, expires, reason: "asked for it" });
    expect(await ask(setOverrideOperation, harness, { ...request, version: 1, expires: null })).toMatchObject(
      {
        replaced: [2],
        expires: null,
      },
    );
    const listed = await ask(findOverridesOperation, harness, { subject: ADA });
    expect(listed.map(({ version, status }) => [version, status])).toEqual([
      [1, "active"],
      [2, "superseded"],
    ]);
    expect(await ask(findOverridesOperation, harness, HERE)).toHaveLength(2);
    const cleared = { key: KEY, subject: ADA, environment: null };
    expect(await ask(clearOverrideOperation, harness, cleared)).toMatchObject({ version: null });
  });

  test("retire an application", async () => {
    const text = buildText({ model: "gpt-5-mini", body: "In code." });
    const draft = aDeclarationDraft(text, { key: KEY, environment: ENV, application: "shop" });
    await harness.records.append(() => ({ drafts: [draft], texts: [text], result: null }));
    const request = { application: "shop", environment: ENV, key: null, reason: "gone" };
    expect(await ask(retireApplicationOperation, harness, request)).toEqual({
      application: "shop",
      environment: ENV,
      prompts: [KEY],
    });
  });

  test("approve a version that somebody else made, and say what is still missing", async () => {
    await protectEnvironment(harness, { name: ENV, gate: "always", approvals: 2 });
    const judged = { safety: true, compliance: true, style: true };
    const request = { ...HERE, version: 2, ...judged, comment: "reads well" };
    await expect(ask(approveVersionOperation, harness, request)).rejects.toMatchObject({ code: "usage" });
    expect(await ask(approveVersionOperation, as("bob"), request)).toMatchObject({
      inFavour: true,
      lacks: [expect.stringContaining("asks for 2 approvals")],
    });
    expect(await ask(approveVersionOperation, as("eve"), request)).toMatchObject({ lacks: [], warnings: [] });
  });

  test("ask for no approval while the project has one member, and ask again with the second", async () => {
    await protectEnvironment(harness, { name: "staging", gate: "always", approvals: 1 });
    let members = 1;
    const counted: Harness = { ...harness, members: async () => members };
    const refusal = async (version: number): Promise<string> => {
      const request = { key: KEY, version, environment: "staging", reason: "better" };
      try {
        await ask(releaseVersionOperation, counted, request);
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await refusal(1)).not.toContain("approvals");
    members = 2;
    expect(await refusal(1)).toContain("approvals by others than its author");
    const evidence = { ...HERE, version: 2, safety: true, compliance: true, style: true };
    members = 1;
    await protectEnvironment(harness, { name: ENV, gate: "always", approvals: 1 });
    const approver: Harness = { ...as("bob"), members: async () => members };
    const unfavourable = await ask(approveVersionOperation, approver, { ...evidence, style: false });
    expect(unfavourable).toMatchObject({ lacks: [], warnings: [expect.stringContaining("one member")] });
  });
});
