/** The test harness as an application's tests use it. */

import type { CaptureOption } from "@colophon/runtime";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "./define/define-prompt.ts";
import { testHarness } from "./testing.ts";

const triage = definePrompt({
  key: "harness.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  output: z.object({ label: z.enum(["billing", "bug"]) }),
  body: "Answer as JSON.\n{{ticket}}",
});

const answer = (content: string): object => ({
  object: "chat.completion",
  model: "gpt-5-mini-2026",
  choices: [{ finish_reason: "stop", message: { role: "assistant", content } }],
  usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
});

describe("testHarness", () => {
  it("records calls in memory with the subjects in plain and a fixed clock", async () => {
    const colophon = testHarness({ prompts: [triage] });
    const call = colophon.resolve(triage, { user: "ada" });
    const sent = answer('{"label":"bug"}');
    const returned = await call.record({ ticket: "It crashes" }, async (prompt) => {
      expect(prompt.openai().messages).toEqual([{ role: "user", content: "Answer as JSON.\nIt crashes" }]);
      return sent;
    });
    expect(returned).toBe(sent);
    colophon.advance(60_000);
    await call.record({ ticket: "It crashes" }, async () => answer("no json"));
    const [first, second] = colophon.executions();
    expect(first).toMatchObject({
      at: Date.UTC(2026, 0, 1),
      prompt: "harness.triage",
      version: null,
      hash: triage.hash,
      tier: "default",
      reason: "no-release",
      requestedModel: "gpt-5-mini",
      answeringModel: "gpt-5-mini-2026",
      status: "ok",
      schemaOk: true,
      finishReason: "stop",
      outputLength: 15,
      contents: null,
      tokens: { input: 12, output: 3, reasoning: null, cacheRead: null, cacheWrite: null },
    });
    expect(first?.subjects.user).toBe("ada");
    expect(second).toMatchObject({ at: Date.UTC(2026, 0, 1, 0, 1), schemaOk: false });
  });

  it("is the same in every run", () => {
    const ids = [1, 2].map(() => {
      const colophon = testHarness({ prompts: [triage] });
      for (const ticket of ["a", "b"]) colophon.resolve(triage).record({ ticket }, () => "x");
      return colophon.executions().map((execution) => execution.id);
    });
    expect(ids[0]).toEqual(ids[1]);
    expect(new Set(ids[0]).size).toBe(2);
  });

  it("keeps outcomes, and refuses those that mean nothing", () => {
    const colophon = testHarness();
    const call = colophon.resolve(triage);
    expect(() => colophon.outcome(call, { name: "thumbs", value: true })).toThrowError(/was not called yet/);
    call.record({ ticket: "a" }, () => "x");
    colophon.outcome(call, { name: "thumbs", value: true });
    expect(colophon.kept(call, { served: "kitten", kept: "sitting" })).toBeCloseTo(3 / 7);
    expect(() => colophon.outcome(call, { name: "thumbs", value: 3 })).toThrowError(
      "thumbs takes true or false, not 3.",
    );
    expect(colophon.outcomes().map((outcome) => outcome.name)).toEqual(["thumbs", "editDistance"]);
  });

  it("pins a version of a baked snapshot, and says when the snapshot lacks it or serves another text", () => {
    const text = {
      body: "v7 {{ticket}}",
      model: { provider: "openai", id: "gpt-5" },
      input: { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] },
    };
    const prompt = {
      risk: "medium",
      versions: { 7: { hash: "7".repeat(64), withdrawn: false } },
      releases: {},
      overrides: [],
    } as const;
    const snapshot = {
      format: 1,
      revision: 3,
      at: 0,
      environments: ["development"],
      prompts: { "harness.triage": prompt },
      texts: { ["7".repeat(64)]: text },
    } as const;
    const colophon = testHarness({ prompts: [triage], pins: { "harness.triage": "v7" }, snapshot });
    expect(colophon.resolve(triage).resolution).toMatchObject({ version: 7, reason: "pinned", tier: null });
    expect(() => testHarness({ pins: { "harness.triage": "v8" }, snapshot })).toThrowError(
      /has no harness.triage@v8/,
    );
    const release = { version: 7, model: null, inherited: null, plan: null };
    const live = { "harness.triage": { ...prompt, releases: { development: release } } };
    const notices: string[] = [];
    const onNotice = (message: string): void => void notices.push(message);
    const following = testHarness({ prompts: [triage], snapshot: { ...snapshot, prompts: live }, onNotice });
    for (const _ of "12") following.resolve(triage);
    expect(notices).toEqual([expect.stringContaining("harness.triage: development serves v7")]);
  });

  it.each([
    [{ mode: "everything" }, 'capture is mode "everything"; use none, hash, redacted, full.'],
    [
      { mode: "redacted" },
      "capture is redacted without a function; pass redact, which says what may be kept.",
    ],
    [{ production: { mode: "full", sample: 3 } }, "capture is sample 3; give a share from 0 to 1."],
    [{ mode: "full", days: 0 }, "capture is days 0; give a number above 0, or leave it out."],
  ])("refuses the capture policy %j", (capture, message) => {
    expect(() => testHarness({ capture: capture as CaptureOption })).toThrowError(message);
  });

  it("refuses get() without a concrete version", () => {
    const colophon = testHarness();
    // @ts-expect-error a version must be named
    expect(() => colophon.get("harness.triage", {})).toThrowError(/asked for no version/);
    // @ts-expect-error there is no latest
    expect(() => colophon.get("harness.triage", { version: "latest" })).toThrowError(/there is no latest/);
    // @ts-expect-error the options are not optional
    expect(() => colophon.get("harness.triage")).toThrowError(
      expect.objectContaining({ code: "version-unknown" }),
    );
    const pinned = colophon.get("harness.triage", { version: "v7" });
    expect(colophon.resolve(pinned).resolution).toMatchObject({
      reason: "unknown-version",
      errorCode: "version-unknown",
    });
    expect(() => colophon.resolve(pinned).render({})).toThrowError(/has no text to serve here/);
  });
});
