/** Tests of what is said of a prompt whose file, lock and registry stand in every way to one another. */
import { buildText, hashText, type VersionText } from "@colophon/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSides, type SyncSides, type SyncState } from "./compare-sides.ts";
import { factsHash, NO_FACTS, promptContent } from "./prompt-content.ts";
import type { RegistrySide, VersionWithText } from "./registry-side.ts";
import type { LockEntry } from "./sync-lock.ts";

function text(body: string): VersionText {
  return buildText({ model: "gpt-5-mini", body });
}

const WITHDRAWN = { at: "2026-01-02T00:00:00.000Z", by: "grace", reason: "rude" };

function version(number: number, body: string, more: Partial<VersionWithText> = {}): VersionWithText {
  const about = {
    at: "2026-01-01T00:00:00.000Z",
    author: "ada",
    message: null,
    source: "studio",
    commit: null,
  };
  return {
    version: number,
    hash: hashText(text(body)),
    ...about,
    withdrawn: null,
    text: text(body),
    ...more,
  };
}

/** A registry with these versions, asked about what the lock or the file knows. */
function registry(
  versions: readonly VersionWithText[],
  { hash, owner = null }: { readonly hash: string | null; readonly owner?: string | null },
): RegistrySide {
  return {
    key: "triage",
    newest: Math.max(0, ...versions.map((one) => one.version)),
    head: versions.findLast(({ withdrawn }) => withdrawn === null) ?? null,
    base: versions.find((one) => one.hash === hash) ?? null,
    facts: { ...NO_FACTS, owner },
    baseFacts: null,
    later: [],
  };
}

function entry(of: VersionWithText, more: Partial<LockEntry> = {}): LockEntry {
  return { version: of.version, hash: of.hash, metadata: factsHash(NO_FACTS), ...more };
}

const [A, B, C] = [version(1, "A"), version(2, "B"), version(3, "C")] as const;

interface Case {
  readonly versions: readonly VersionWithText[];
  readonly lock: LockEntry | null;
  readonly file: string | null;
  readonly owner?: string;
}

function sidesOf({ versions, lock, file, owner = "" }: Case): SyncSides {
  const hash = lock?.hash ?? (file === null ? null : hashText(text(file)));
  return {
    entry: lock,
    file: file === null ? null : promptContent(text(file), null),
    there: registry(versions, { hash, owner: owner === "" ? null : owner }),
  };
}

describe("compareSides", () => {
  it.each<[string, Case, SyncState, number | null]>([
    ["all say the same", { versions: [A], lock: entry(A), file: "A" }, "in-sync", 1],
    ["the file changed", { versions: [A], lock: entry(A), file: "new" }, "changed-here", 1],
    ["the registry has a newer version", { versions: [A, B], lock: entry(A), file: "A" }, "changed-there", 2],
    ["both changed", { versions: [A, B], lock: entry(A), file: "new" }, "changed-both", 2],
    ["both came to the same", { versions: [A, B], lock: entry(A), file: "B" }, "lock-behind", 2],
    [
      "facts changed in the registry",
      { versions: [A], lock: entry(A), file: "A", owner: "ada" },
      "changed-there",
      1,
    ],
    ["the file is new", { versions: [], lock: null, file: "A" }, "only-here", null],
    ["the prompt has no file", { versions: [A], lock: null, file: null }, "only-there", 1],
    ["the file is gone", { versions: [A], lock: entry(A), file: null }, "deleted-here", 1],
    ["the lock is missing", { versions: [A], lock: null, file: "A" }, "lock-behind", 1],
    [
      "the lock is missing, and the file is older",
      { versions: [A, B], lock: null, file: "A" },
      "changed-there",
      2,
    ],
    [
      "nothing says what the file was made from",
      { versions: [A], lock: null, file: "new" },
      "no-ancestor",
      1,
    ],
    [
      "the lock has a version that is another here",
      { versions: [B], lock: entry(A), file: "A" },
      "other-registry",
      null,
    ],
    [
      "the lock has a number that is another here",
      { versions: [B], lock: entry(B, { version: 7 }), file: "B" },
      "other-registry",
      null,
    ],
    [
      "the file went back on purpose",
      { versions: [A, B], lock: entry(A, { seen: 2 }), file: "A" },
      "in-sync",
      1,
    ],
    [
      "the lock has seen more than there is here",
      { versions: [A, B], lock: entry(A, { seen: 3 }), file: "A" },
      "other-registry",
      null,
    ],
    [
      "and then there is a newer one",
      { versions: [A, B, C], lock: entry(A, { seen: 2 }), file: "A" },
      "changed-there",
      3,
    ],
    [
      "a newer version was withdrawn",
      { versions: [A, { ...B, withdrawn: WITHDRAWN }], lock: entry(A), file: "A" },
      "in-sync",
      1,
    ],
    [
      "the file's version was withdrawn",
      { versions: [A, { ...B, withdrawn: WITHDRAWN }], lock: entry(B), file: "B" },
      "changed-there",
      1,
    ],
    [
      "it was withdrawn, and the file goes on",
      { versions: [A, { ...B, withdrawn: WITHDRAWN }], lock: entry(B), file: "new" },
      "changed-here",
      2,
    ],
    [
      "it was withdrawn, and there is no other",
      { versions: [{ ...A, withdrawn: WITHDRAWN }], lock: entry(A), file: "A" },
      "withdrawn",
      1,
    ],
    [
      "every version was withdrawn, and the file is new",
      { versions: [{ ...A, withdrawn: WITHDRAWN }], lock: null, file: "new" },
      "only-here",
      null,
    ],
  ])("%s", (...[, given, state, theirs]) => {
    expect(compareSides(sidesOf(given))).toMatchObject({ state, theirVersion: theirs });
  });

  it("knows a prompt that is in the lock alone for one of another registry", () => {
    expect(compareSides({ entry: entry(A), file: null, there: null }).state).toBe("other-registry");
  });

  it("takes what only one side says of a prompt for a change of that side", () => {
    const there = registry([A], { hash: A.hash, owner: "ada" });
    const file = promptContent(A.text, { purpose: "sorts" });
    const both = compareSides({ entry: null, file, there });
    expect(both).toMatchObject({ state: "changed-both", base: { facts: NO_FACTS } });
    const stated = compareSides({ entry: entry(A), file: promptContent(A.text, { owner: "ada" }), there });
    expect(stated.state).toBe("lock-behind");
  });

  it("is settled by taking what it offers: with the registry's text and the next lock, all is in sync", () => {
    const bodies = fc.constantFrom("A", "B", "C", "new");
    const lock = fc.option(fc.record({ of: fc.nat(2), seen: fc.boolean() }), { nil: null });
    const withdrawn = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.nat(3), lock, bodies, (count, locked, body) => {
        const versions = [A, B, C].slice(0, count);
        const of = locked === null ? undefined : versions[locked.of];
        if (locked !== null && of === undefined) return;
        const known = of === undefined ? null : entry(of, locked?.seen === true ? { seen: count } : {});
        const first = compareSides(sidesOf({ versions, lock: known, file: body }));
        if (first.next === null || first.theirs === null) return;
        const there = registry(versions, { hash: first.next.hash });
        const after = compareSides({ entry: first.next, file: first.theirs, there });
        expect(after.state).toBe("in-sync");
      }),
    );
    fc.assert(
      fc.property(withdrawn, bodies, (gone, body) => {
        const versions = [A, B, C].map((one, at) =>
          gone[at] === true ? { ...one, withdrawn: WITHDRAWN } : one,
        );
        const first = compareSides(sidesOf({ versions, lock: entry(C), file: body }));
        if (first.next === null || first.theirs === null) return;
        const there = registry(versions, { hash: first.next.hash });
        const after = compareSides({ entry: first.next, file: first.theirs, there });
        expect(["in-sync", "withdrawn", "changed-there"]).toContain(after.state);
      }),
    );
  });
});
