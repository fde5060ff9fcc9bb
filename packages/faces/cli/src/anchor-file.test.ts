/** Tests of the file that heads are kept in outside of the store. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Anchor } from "@colophon/kernel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAnchor, writeAnchor } from "./anchor-file.ts";
import { type CliWorld, openWorld } from "./cli-world.fixture.ts";

const HEAD = { writer: "w", executions: 1, executionChain: "a", outcomes: 0, outcomeChain: "b" };
const ANCHOR: Anchor = {
  format: 1,
  at: 1,
  seal: { seq: 1, at: 1, revision: 1, recordChain: "c", heads: [HEAD], chain: "d" },
  heads: [HEAD],
};

describe("The file of an anchor", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "colophon-anchor-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("gives back what was written, and null before that", () => {
    const file = join(folder, "anchor.json");
    expect(readAnchor(file)).toBeNull();
    writeAnchor(file, ANCHOR);
    expect(readAnchor(file)).toEqual(ANCHOR);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test.each([
    "{}",
    "no JSON",
    '{"format":1,"seal":null,"heads":[]}',
    JSON.stringify({ ...ANCHOR, heads: [null] }),
  ])("that holds %s is refused, and left as it is", (text) => {
    const file = join(folder, "foreign.json");
    writeFileSync(file, text);
    expect(() => readAnchor(file)).toThrow(expect.objectContaining({ code: "input-malformed" }));
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("cannot be a folder, and cannot lie where nothing can be written", () => {
    expect(() => readAnchor(folder)).toThrow(expect.objectContaining({ code: "input-malformed" }));
    const nowhere = join(folder, "absent", "anchor.json");
    expect(() => writeAnchor(nowhere, ANCHOR)).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("verify --anchor", () => {
  let world: CliWorld;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  test("keeps the file of another store, and fails", async () => {
    await world.run(["init"]);
    await world.run(["env", "add", "preview"]);
    const file = join(world.folder, "anchor.json");
    writeAnchor(file, ANCHOR);
    const verified = await world.run(["verify", "--anchor", "anchor.json", "--json"]);
    expect([verified.code, verified.json()]).toMatchObject([1, { ok: false, anchor: "kept" }]);
    expect(readAnchor(file)).toEqual(ANCHOR);
  });
});

describe("retain", () => {
  let world: CliWorld;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());

  test.each([[], ["--yes"]])(
    "is refused by an embedded store, which keeps every row (%s)",
    async (...more) => {
      await world.run(["env", "add", "preview"]);
      const refused = await world.run(["retain", "--before", "2026-01-01", ...more]);
      expect([refused.code, refused.err]).toEqual([5, expect.stringContaining("keeps every row")]);
    },
  );

  test("needs a time, and one that has been", async () => {
    expect((await world.run(["retain"])).err).toContain("add --before");
    const later = await world.run(["retain", "--before", "2999-01-01", "--yes"]);
    expect([later.code, later.err]).toEqual([2, expect.stringContaining("still to come")]);
  });
});
