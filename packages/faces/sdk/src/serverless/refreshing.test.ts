/** A baked snapshot that refreshes itself, under a clock that the test holds. */
import type { SnapshotDocument } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { open } from "../edge.ts";
import { refreshing } from "./refreshing.ts";

const triage = definePrompt({
  key: "refreshing.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "{{ticket}}",
});

function snapshotAt(revision: number): SnapshotDocument {
  return { format: 1, revision, at: revision, environments: ["development"], prompts: {}, texts: {} };
}

function started(loads: readonly (() => Promise<SnapshotDocument | null>)[], maxAgeMs = 1_000) {
  let now = 1_000_000;
  const queue = [...loads];
  const works: Promise<unknown>[] = [];
  let asked = 0;
  const load = () => {
    asked += 1;
    return (queue.shift() ?? (async () => null))();
  };
  const colophon = open({
    snapshot: refreshing(snapshotAt(1), { load, maxAgeMs, waitUntil: (work) => works.push(work) }),
    clock: { now: () => now, elapsed: () => now },
    onNotice: () => undefined,
  });
  const resolve = () => colophon.resolve(triage, {}).resolution;
  return {
    colophon,
    resolve,
    asked: () => asked,
    settled: () => Promise.all(works),
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe("a refreshing snapshot", () => {
  it("is served at once, and the first resolution looks for a newer one in the background", async () => {
    const one = started([async () => snapshotAt(5)]);
    expect(one.asked()).toBe(0);
    expect(one.resolve().revision).toBe(1);
    expect(one.asked()).toBe(1);
    expect(one.resolve().revision).toBe(1);
    expect(one.asked()).toBe(1);
    await one.settled();
    expect(one.resolve().revision).toBe(5);
    one.pass(999);
    one.resolve();
    expect(one.asked()).toBe(1);
    one.pass(1);
    one.resolve();
    expect(one.asked()).toBe(2);
    await one.colophon.close();
  });

  it("never goes back to an older revision", async () => {
    const one = started([async () => snapshotAt(5), async () => snapshotAt(3)]);
    for (let index = 0; index < 2; index++) {
      one.resolve();
      await one.settled();
      one.pass(1_000);
    }
    expect(one.resolve().revision).toBe(5);
    await one.colophon.close();
  });

  it("goes on with what it has while loads fail, says that it is stale, and tries again with pauses", async () => {
    const fails = () => Promise.reject(new Error("the CDN answered 502"));
    const one = started([fails, fails, async () => snapshotAt(7)], 60_000);
    one.resolve();
    await one.settled();
    expect(one.resolve()).toMatchObject({ revision: 1, stale: true });
    expect(one.colophon.status().staleSince).toBe(1_000_000);
    one.pass(1_000);
    one.resolve();
    await one.settled();
    one.pass(1_000);
    one.resolve();
    expect(one.asked()).toBe(2);
    one.pass(1_000);
    one.resolve();
    await one.settled();
    expect(one.asked()).toBe(3);
    expect(one.resolve()).toMatchObject({ revision: 7, stale: false });
    await one.colophon.close();
  });

  it("begins anew where a load was cancelled without a word", async () => {
    const one = started([() => new Promise(() => undefined), async () => snapshotAt(4)]);
    one.resolve();
    one.pass(29_999);
    one.resolve();
    expect(one.asked()).toBe(1);
    one.pass(1);
    one.resolve();
    expect(one.asked()).toBe(2);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(one.resolve().revision).toBe(4);
    await one.colophon.close();
  });

  it("refuses what is no snapshot, and keeps the one it has", async () => {
    const one = started([async () => ({ message: "not found" }) as never]);
    one.resolve();
    await one.settled();
    expect(one.resolve()).toMatchObject({ revision: 1, stale: true });
    await one.colophon.close();
  });

  it.each([
    ["prompts", null],
    ["environments", undefined],
    [
      "a prompt without releases",
      { prompts: { [triage.key]: { risk: "low", versions: {}, overrides: [] } } },
    ],
  ])("takes a whole snapshot after one of the same revision with broken %s", async (name, value) => {
    const broken = { ...snapshotAt(5), ...(value ?? { [name]: value }) } as never;
    const one = started([async () => broken, async () => snapshotAt(5)]);
    one.resolve();
    await one.settled();
    expect(one.resolve()).toMatchObject({ revision: 1, stale: true });
    one.pass(1_000);
    one.resolve();
    await one.settled();
    expect(one.resolve()).toMatchObject({ revision: 5, stale: false });
    await one.colophon.close();
  });

  it("resolves on a platform that takes no work any more", async () => {
    const colophon = open({
      snapshot: refreshing(snapshotAt(1), {
        load: async () => snapshotAt(2),
        waitUntil: () => {
          throw new Error("the request has ended");
        },
      }),
      onNotice: () => undefined,
    });
    expect(colophon.resolve(triage, {}).resolution.revision).toBe(1);
    await colophon.close();
  });
});
