/** Tests the snapshot in memory and its changes. */
import { describe, expect, it } from "vitest";
import { documentOf, textOf } from "./runtime.fixture.ts";
import { buildSnapshot } from "./snapshot.ts";

const text = textOf("{{ticket}}");
const override = (subject: string, version: number) => ({
  kind: "user" as const,
  subject,
  version,
  environment: null,
  expires: null,
});

describe("the snapshot", () => {
  it("lists the overrides of a subject, newest first", () => {
    const overrides = [override("a", 3), override("b", 2), override("a", 1)];
    const entry = buildSnapshot(documentOf({ k: { versions: { 1: text }, overrides } })).prompts.get("k");
    expect(entry?.overrides.get("a")?.map(({ version }) => version)).toEqual([3, 1]);
  });

  it("is built at once where very many name the same subject, each in a tenant of its own", () => {
    const overrides = Array.from({ length: 20_000 }, (_, at) => ({ ...override("a", 1), tenant: `t${at}` }));
    const began = performance.now();
    buildSnapshot(documentOf({ k: { versions: { 1: text }, overrides } }));
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it("passes over kinds of overrides that it does not know", () => {
    const overrides = [{ ...override("a", 1), kind: "planet" as never }];
    expect(() => buildSnapshot(documentOf({ k: { versions: { 1: text }, overrides } }))).not.toThrow();
  });

  it("holds keys named like built-in properties, read back from JSON", () => {
    const prompts = Object.fromEntries(
      ["__proto__", "constructor"].map((key) => [
        key,
        { versions: { 1: text }, releases: { development: 1 } },
      ]),
    );
    const { prompts: entries } = buildSnapshot(JSON.parse(JSON.stringify(documentOf(prompts))));
    expect([...entries.keys()]).toEqual(["__proto__", "constructor"]);
    expect(entries.get("toString")).toBeUndefined();
    expect(entries.get("constructor")?.releases.get("constructor")).toBeUndefined();
  });

  it.each(["versions", "releases", "overrides"])("refuses a document whose prompts have no %s", (field) => {
    const document = documentOf({ k: { versions: { 1: text } } });
    const prompts = { k: { ...document.prompts.k, [field]: undefined } };
    expect(() => buildSnapshot({ ...document, prompts: prompts as never })).toThrow(TypeError);
  });

  it("after a change has the changed prompts whole, and the others as they were", () => {
    const before = buildSnapshot(documentOf({ a: { versions: { 1: text } }, b: { versions: { 1: text } } }));
    const kept = before.prompts.get("b");
    const newer = textOf("new {{ticket}}");
    const change = documentOf(
      { a: { versions: { 2: newer } } },
      { revision: 2, at: 7, environments: ["development", "preview"] },
    );
    const after = buildSnapshot(change, before);
    expect(after).toMatchObject({ revision: 2, at: 7 });
    expect([...after.environments]).toEqual(["development", "preview"]);
    expect([...(after.prompts.get("a")?.versions.keys() ?? [])]).toEqual(["2"]);
    expect(after.prompts.get("b")).toBe(kept);
    expect([...after.texts.values()]).toEqual([text, newer]);
  });
});
