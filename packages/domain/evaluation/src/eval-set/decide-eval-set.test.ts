/** Tests of versions of eval sets: what makes one, what does not, and when one is overdue. */
import {
  applyRecord,
  emptyRegistryState,
  hashDocument,
  type RegistryRecord,
  type RegistryState,
} from "@colophon/kernel";
import { describe, expect, test } from "vitest";
import type { EvalSetContent } from "../eval-case.ts";
import { build, tryBuild } from "./built-eval-set.fixture.ts";
import { aDraft } from "./case-draft.fixture.ts";
import type { CaseDraft } from "./case-draft.ts";
import { decideEvalSet, type EvalSetCommand } from "./decide-eval-set.ts";
import { evalSetAge, overdueSentence } from "./eval-set-age.ts";
import { getEvalSet } from "./get-eval-set.ts";

const BY = { id: "grace", via: "cli" } as const;
const DAY_MS = 86_400_000;

function draftsOf(...tickets: readonly string[]): readonly CaseDraft[] {
  return tickets.map((ticket, at) => aDraft(ticket, { id: ticket, split: at === 0 ? "test" : "dev" }));
}

function contentOf(...tickets: readonly string[]): EvalSetContent {
  return build(draftsOf(...tickets));
}

function commandOf(content: EvalSetContent): Omit<EvalSetCommand, "basis"> {
  const test = content.cases.filter(({ split }) => split === "test").length;
  const cases = { dev: content.cases.length - test, test };
  return { name: content.name, document: content, hash: hashDocument(content), cases, by: BY };
}

class Log {
  readonly state: RegistryState = emptyRegistryState();

  /** Decides, and records what was decided at this time. */
  give(content: EvalSetContent, more: Partial<EvalSetCommand> = {}, at = 0) {
    const basis = this.state.evalSets.get("triage")?.at(-1)?.hash ?? null;
    const {
      drafts,
      documents = [],
      result,
    } = decideEvalSet(this.state, {
      ...commandOf(content),
      basis,
      ...more,
    });
    for (const draft of drafts)
      applyRecord(this.state, { ...draft, revision: this.state.revision + 1, at } as RegistryRecord);
    if (result === "moved") throw new Error("moved");
    return { ...result, recorded: drafts.length, documents };
  }
}

describe("decideEvalSet", () => {
  test("numbers contents, and makes nothing of the same content again", () => {
    const log = new Log();
    const [one, two] = [contentOf("a", "b"), contentOf("a", "b", "c")];
    expect(log.give(one)).toMatchObject({
      version: 1,
      created: true,
      cases: { dev: 1, test: 1 },
      documents: [one],
    });
    expect(log.give(one)).toMatchObject({
      version: 1,
      created: false,
      unchanged: true,
      recorded: 0,
      documents: [],
    });
    expect(log.give(two)).toMatchObject({ version: 2, created: true, hash: hashDocument(two) });
    expect(log.give(one)).toMatchObject({ version: 3, created: true, hash: hashDocument(one) });
  });

  test("keeps owner and interval until others are given, which make a record and no version", () => {
    const log = new Log();
    log.give(contentOf("a"), { owner: "ada", refreshDays: 30 });
    expect(log.give(contentOf("a", "b"))).toMatchObject({ version: 2, owner: "ada", refreshDays: 30 });
    const changed = log.give(contentOf("a", "b"), { owner: "bob", refreshDays: null });
    expect(changed).toMatchObject({
      version: 2,
      created: false,
      unchanged: false,
      recorded: 1,
      owner: "bob",
    });
    expect(log.state.evalSets.get("triage")).toMatchObject([
      { version: 1 },
      { version: 2, owner: "bob", refreshDays: null },
    ]);
  });

  test("asks for the content to be made anew when another version was recorded meanwhile", () => {
    const log = new Log();
    log.give(contentOf("a"));
    expect(
      decideEvalSet(log.state, {
        ...commandOf(contentOf("b")),
        basis: null,
      }),
    ).toEqual({
      drafts: [],
      result: "moved",
    });
  });

  test("refuses a name that is none and days that are none", () => {
    const log = new Log();
    expect(() => log.give({ ...contentOf("a"), name: "a@b" }, { basis: null })).toThrow(
      "no name of an eval set",
    );
    expect(() => log.give(contentOf("a"), { refreshDays: 0 })).toThrow("refreshed every 0 days");
  });
});

describe("a version of an eval set", () => {
  test("is found by name and number, and what is not there is told with what is", () => {
    const log = new Log();
    log.give(contentOf("a"));
    log.give(contentOf("b"));
    expect(getEvalSet(log.state, { name: "triage", version: null }).version).toBe(2);
    expect(getEvalSet(log.state, { name: "triage", version: 1 }).version).toBe(1);
    const find = (name: string, version: number | null) => () => getEvalSet(log.state, { name, version });
    expect(find("triag", null)).toThrow("There is no eval set triag: did you mean triage?");
    expect(find("triage", 3)).toThrow("The eval set triage has no version v3: its newest is v2.");
  });

  test("is overdue when its days are over, from when its cases were recorded", () => {
    const log = new Log();
    log.give(contentOf("a"), { refreshDays: 30 }, 0);
    log.give(contentOf("a"), { owner: "ada" }, 20 * DAY_MS);
    const entry = getEvalSet(log.state, { name: "triage", version: null });
    expect(evalSetAge(entry, 30 * DAY_MS - 1)).toEqual({ days: 29, due: 30 * DAY_MS, overdue: false });
    expect(evalSetAge(entry, 30 * DAY_MS)).toMatchObject({ days: 30, overdue: true });
    expect(overdueSentence(entry, 30 * DAY_MS - 1)).toBeUndefined();
    expect(overdueSentence(entry, 31 * DAY_MS)).toBe(
      "The eval set triage@v1 is 31 days old and overdue for a refresh since 1970-01-31.",
    );
    expect(evalSetAge({ made: 0, refreshDays: null }, 1e12)).toMatchObject({ due: null, overdue: false });
  });

  test("says what changed since the one before, and what moved from dev to test", () => {
    const before = contentOf("a", "b", "c");
    const moved = draftsOf("b", "a", "d");
    expect(tryBuild(moved, { before }).plan.change).toEqual({
      added: ["d"],
      changed: ["a", "b"],
      removed: ["c"],
      movedToTest: ["b"],
    });
    expect(tryBuild(draftsOf("a", "b", "c")).plan.change.added).toEqual(["a", "b", "c"]);
  });
});
