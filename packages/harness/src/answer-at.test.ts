/** Asks what the prompt was at a time, on every kind of store. */
import type { ExecutionDraft } from "@colophon/kernel";
import { anExecution, aRolloutDraft } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerAt, eraseSubject, rollBack, setOverride } from "./index.ts";
import { HOUSES, KEY, type OpenedHouse, registerBodies, releaseTo } from "./opened-house.fixture.ts";

const ASKED = { key: KEY, environment: "production" };

describe.each(HOUSES)("On $name", (house) => {
  let opened: OpenedHouse;
  beforeEach(async () => {
    opened = await house.open();
  });
  afterEach(() => opened.close());

  async function serve(fields: Parameters<typeof anExecution>[1]): Promise<ExecutionDraft> {
    const { harness } = opened;
    const state = await harness.records.state();
    const hash = state.prompts.get(KEY)?.versions.get(fields?.version ?? 1)?.hash ?? "";
    const row = anExecution(harness.ids, { hash, revision: state.revision, ...fields });
    await harness.ledger.append([row]);
    return row;
  }

  test("a minute is answered with what was released, what was served, and its calls", async () => {
    await registerBodies(opened.harness, ["one", "two"]);
    await releaseTo(opened.harness, 1);
    opened.clock.advance(90_000);
    const row = await serve({ version: 1, subjects: { user: "ada" } });
    opened.clock.advance(120_000);
    await releaseTo(opened.harness, 2);
    const answer = await answerAt(opened.harness, { ...ASKED, time: "14:33", user: "ada" });
    expect(answer.released).toMatchObject({
      version: 1,
      tier: "environment",
      lane: "live",
      since: "2026-03-16T14:32:00.000Z",
      by: "grace",
      releaseReason: "release v1",
    });
    expect(answer.served).toMatchObject({ version: 1, executionId: row.id, at: "2026-03-16T14:33:30.000Z" });
    expect(answer.differs).toBeNull();
    expect(answer.text?.body).toBe("one\n{{ticket}}");
    expect(answer.executions.map(({ id, subjects }) => [id, subjects.user])).toEqual([[row.id, "ada"]]);
  });

  test("what nobody was shown, such as the shadow of a call, was not served", async () => {
    await registerBodies(opened.harness, ["one", "two"]);
    await releaseTo(opened.harness, 1);
    opened.clock.advance(1_000);
    const live = await serve({ version: 1, subjects: { user: "ada" } });
    opened.clock.advance(1_000);
    const shadow = { lane: "shadow", reason: "shadow", purpose: "shadow", parent: live.id } as const;
    await serve({ version: 2, subjects: { user: "ada" }, ...shadow });
    const answer = await answerAt(opened.harness, { ...ASKED, time: "14:32", user: "ada" });
    expect(answer.served).toMatchObject({ version: 1, executionId: live.id });
    expect(answer.differs).toBeNull();
    expect(answer.executions.map(({ id }) => id)).toEqual([live.id]);
  });

  test.each(["unit", "call"] as const)(
    "where chance chose for a %s, what was released is what was drawn",
    async (draws) => {
      await registerBodies(opened.harness, ["one", "two"]);
      await releaseTo(opened.harness, 1);
      const rollout = aRolloutDraft({
        ...ASKED,
        salt: "s1",
        arms: [{ version: 2, share: 0.5 }],
        control: 0.5,
        draws,
      });
      await opened.harness.records.append(() => ({ drafts: [rollout], result: null }));
      const served = [
        { version: 1, lane: "control", draw: 0.9 },
        { version: 2, lane: "canary", draw: 0.1 },
      ] as const;
      for (const { version, lane, draw } of served) {
        opened.clock.advance(60_000);
        const assignment = { salt: "s1", draw, probability: 0.5 };
        // The unit of the call was named by the application: the user's own draw says nothing.
        await serve({ version, lane, reason: lane, assignment, subjects: { user: "ada" } });
        const time = new Date(opened.clock.now()).toISOString();
        const answer = await answerAt(opened.harness, { ...ASKED, time, user: "ada" });
        const releaseReason = lane === "canary" ? rollout.data.reason : "release v1";
        expect(answer.released).toMatchObject({ version, lane, reason: lane, releaseReason });
        expect(answer.differs).toBeNull();
      }
    },
  );

  test("a call that still decided by an older revision is told apart from the release", async () => {
    await registerBodies(opened.harness, ["one", "two"]);
    await releaseTo(opened.harness, 1);
    const { revision } = await opened.harness.records.state();
    opened.clock.advance(1_000);
    await releaseTo(opened.harness, 2);
    opened.clock.advance(1_000);
    await serve({ version: 1, revision, subjects: { user: "ada" } });
    const answer = await answerAt(opened.harness, { ...ASKED, time: "2026-03-16T14:32:02Z", user: "ada" });
    expect([answer.released.version, answer.served?.version]).toEqual([2, 1]);
    expect(answer.differs).toContain(`revision ${revision}`);
    expect(answer.text?.body).toBe("one\n{{ticket}}");
  });

  test("an override explains itself, and only to the user that it is for", async () => {
    await registerBodies(opened.harness, ["one", "two"]);
    await releaseTo(opened.harness, 1);
    const subject = { kind: "user", value: "ada" } as const;
    const override = {
      key: KEY,
      version: 2,
      subject,
      environment: null,
      expires: null,
      reason: "a first try",
    };
    await setOverride(opened.harness, override);
    opened.clock.advance(60_000);
    const ada = await answerAt(opened.harness, { ...ASKED, time: "14:32", user: "ada" });
    expect(ada.released).toMatchObject({
      version: 2,
      tier: "user",
      reason: "override",
      releaseReason: "a first try",
    });
    const ben = await answerAt(opened.harness, { ...ASKED, time: "14:32", user: "ben" });
    expect(ben.released).toMatchObject({ version: 1, tier: "environment" });
    expect(ben.served).toBeNull();
  });

  test("other users, environments and minutes stay out of the answer", async () => {
    await registerBodies(opened.harness, ["one"]);
    await releaseTo(opened.harness, 1);
    await serve({ subjects: { user: "ben" } });
    await serve({ subjects: { user: "ada" }, environment: "staging" });
    opened.clock.advance(60_000);
    await serve({ subjects: { user: "ada" } });
    const answer = await answerAt(opened.harness, { ...ASKED, time: "14:32", user: "ada" });
    expect(answer.executions).toEqual([]);
    expect(answer.served).toBeNull();
  });

  test("an instant is answered by the call before it, however many came after", async () => {
    await registerBodies(opened.harness, ["one"]);
    await releaseTo(opened.harness, 1);
    const row = await serve({ subjects: { user: "ada" } });
    opened.clock.advance(1_000);
    const { harness } = opened;
    await harness.ledger.append(Array.from({ length: 150 }, () => anExecution(harness.ids)));
    opened.clock.advance(1_000);
    const answer = await answerAt(harness, { ...ASKED, time: "2026-03-16T14:32:00.500Z" });
    expect(answer.served?.executionId).toBe(row.id);
    expect(answer.executions).toHaveLength(21);
    expect(answer.executions.at(-1)?.id).toBe(row.id);
  });

  test("a rolled back minute names the rollback, and an erased user is nobody any more", async () => {
    await registerBodies(opened.harness, ["one", "two"]);
    await releaseTo(opened.harness, 1);
    await releaseTo(opened.harness, 2);
    await rollBack(opened.harness, { ...ASKED, reason: "too many wrong labels" });
    await serve({ version: 1, subjects: { user: "ada" } });
    const before = await answerAt(opened.harness, { ...ASKED, time: "14:32", user: "ada" });
    expect(before.released.releaseReason).toBe("too many wrong labels");
    expect(before.executions).toHaveLength(1);
    const erased = await eraseSubject(opened.harness, { kind: "user", value: "ada" });
    expect(erased).toMatchObject({ known: true, executions: 1 });
    const after = await answerAt(opened.harness, { ...ASKED, time: "14:32", user: "ada" });
    expect(after.executions).toEqual([]);
    const everybody = await answerAt(opened.harness, { ...ASKED, time: "14:32" });
    expect(everybody.executions).toHaveLength(1);
    // With its quotes: three hex digits of a hash may spell the name as well.
    expect(JSON.stringify(everybody)).not.toContain('"ada"');
  });

  test("a time to come and a time that is none are refused", async () => {
    await registerBodies(opened.harness, ["one"]);
    for (const time of ["14:33", "2027-01-01T00:00Z", "yesterday", "25:00", "2026-02-30T10:00Z"]) {
      await expect(answerAt(opened.harness, { ...ASKED, time })).rejects.toMatchObject({
        code: "time-invalid",
      });
    }
  });
});
