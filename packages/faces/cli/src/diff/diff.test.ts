/** Runs `diff` on versions, environments and files in real git repositories. */
import { anExecution, fixedClock, seededIds } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fillWorld, KEY, promptFile } from "../cli-world.fixture.ts";
import { type GitWorld, openGitWorld, triage } from "../sync/git-world.fixture.ts";

const FILE = "prompts/support/triage.prompt";

let world: GitWorld;
beforeEach(() => {
  world = openGitWorld();
});
afterEach(() => world.close());

interface Json {
  readonly key: string;
  readonly before: { readonly version: number | null; readonly file: string | null } | null;
  readonly after: { readonly file: string | null } | null;
  readonly cost: { readonly basis: string };
}

interface CostJson {
  readonly size: Record<"before" | "after", { readonly staticTokens: number }>;
  readonly cost: Record<"before" | "after", { readonly money: { readonly amount: number } }>;
}

const LONG = Array.from({ length: 12 }, (_, at) => `Rule ${at}: stay kind.`);

describe("diff of versions", () => {
  test("shows only what has changed, with two lines around it and the words that differ", async () => {
    world.write("one.json", promptFile([...LONG, "{{ticket}}"].join("\n")));
    const changed = [...LONG.slice(0, 6), "Rule 6: stay very kind.", ...LONG.slice(7), "{{ticket}}"];
    world.write("two.json", promptFile(changed.join("\n"), { model: "gpt-5" }));
    await world.succeeds("register", "one.json");
    await world.succeeds("register", "two.json");
    const { out } = await world.succeeds("diff", KEY, "v1", "v2");
    expect(out).toContain("@ line 5");
    expect(out).toContain("  Rule 4: stay kind.\n  Rule 5: stay kind.\n- Rule 6");
    expect(out).not.toContain("Rule 3");
    expect(out).not.toContain("Rule 9");
    expect(out).toContain("{+very +}");
    expect(out).toContain('model.id: "gpt-5-mini" → "gpt-5"');
    expect(out).toMatch(
      /^tokens: \d+ → \d+ \(\+\d\): the words without variables, by four characters a token$/m,
    );
    expect(out).toMatch(/^cost: [\d.]+ USD → [\d.]+ USD for 1,000 calls: the words alone/m);
    expect(out).toMatch(/^gate: not asked about this text$/m);
    expect(out).toMatch(/^eval set: none is named/m);
  });

  test("says that a price is unknown, and never that it is nothing", async () => {
    world.write("one.json", promptFile());
    world.write("two.json", promptFile("Sort: {{ticket}}", { model: "acme/unheard-of" }));
    await world.succeeds("register", "one.json");
    await world.succeeds("register", "two.json");
    const { out } = await world.succeeds("diff", KEY, "v1", "v2");
    expect(out).toMatch(
      /^cost: [\d.]+ USD → unknown for 1,000 calls; no price is known of acme\/unheard-of/m,
    );
    const json = (await world.succeeds("diff", KEY, "v1", "v2", "--json")).json();
    expect(json).toMatchObject({
      cost: { basis: "text", calls: 0, after: { money: null, outputTokens: null } },
    });
  });

  test("estimates the cost by the calls of the version before, moved by the words that changed", async () => {
    await fillWorld(world);
    const ids = seededIds({ clock: fixedClock(world.clock.now() - 60_000), seed: "diff" });
    const usage = { input: 1_000, output: 100, reasoning: 0, cacheRead: 0, cacheWrite: 0 };
    const served = { prompt: KEY, version: 1, environment: "production", model: "gpt-5-mini", tokens: usage };
    const harness = await world.open();
    await harness.ledger.append([anExecution(ids, served), anExecution(ids, served)]);
    await harness.close();
    const asked = ["diff", KEY, "v1", "v2", "--env", "production"];
    const { cost, size } = (await world.succeeds(...asked, "--json")).json<CostJson>();
    const moved = size.after.staticTokens - size.before.staticTokens;
    expect(cost).toMatchObject({ basis: "ledger", version: 1, calls: 2 });
    expect(cost.before).toMatchObject({ inputTokens: 1_000, outputTokens: 100 });
    expect(cost.after).toMatchObject({ inputTokens: 1_000 + moved, outputTokens: 100 });
    expect(cost.after.money.amount).toBeLessThan(cost.before.money.amount);
    expect((await world.succeeds(...asked)).out).toContain(
      "by the mean of 2 calls of v1 (1000 tokens in, 100 out)",
    );
  });

  test("tells a broken prompt cache, and a review that finds more", async () => {
    const rules = "Answer with one word, and stay kind. ".repeat(6);
    world.write("one.json", promptFile(`${rules}{{ticket}}`));
    world.write("two.json", promptFile(`{{ticket}} ${rules} Key: sk-proj-${"a1B2c3D4".repeat(6)}`));
    await world.succeeds("register", "one.json");
    await world.succeeds("register", "two.json");
    const { out } = await world.succeeds("diff", KEY, "v1", "v2");
    expect(out).toMatch(/^prompt cache: broken: \d+ → 0 tokens/m);
    expect(out).toMatch(/^review: new, high: secret/m);
  });
});

describe("diff of files", () => {
  test("without a store compares a file with the last commit, or with the one that is named", async () => {
    world.write(FILE, triage("Old words."));
    const first = world.commit("First");
    world.write(FILE, triage("New words."));
    world.commit("Second");
    world.write(FILE, triage("Newest words."));
    expect((await world.succeeds("diff", FILE)).out).toContain("- New words.");
    const named = await world.succeeds("diff", FILE, first);
    expect(named.out).toContain("- Old words.\n+ Newest words.");
    world.write("plain.yaml", "key: plain\nmodel: gpt-5-mini\nbody: Old.\n");
    const second = world.commit("Third");
    world.write("plain.yaml", "key: plain\nmodel: gpt-5-mini\nbody: New.\n");
    expect((await world.succeeds("diff", "./plain.yaml", second)).out).toContain("- Old.\n+ New.");
    expect(named.out).toContain("callers: no code declares the prompt");
  });

  test("with a store compares a file with what is live, and with nothing where nothing is", async () => {
    world.write(FILE, triage("Old words."));
    world.commit("First");
    await world.succeeds("push");
    world.write(FILE, triage("New words."));
    const json = (await world.succeeds("diff", FILE, "--json")).json<Json>();
    expect(json).toMatchObject({ key: KEY, before: { version: 1 }, after: { version: null, file: FILE } });
    world.write("prompts/other.prompt", triage("Hi."));
    const added = await world.succeeds("diff", "prompts/other.prompt");
    expect(added.out).toContain("other: nothing → prompts/other.prompt");
  });

  test("--changed compares every prompt of a branch with where it began", async () => {
    world.write(FILE, triage("Old words."));
    world.write("prompts/gone.prompt", triage("Gone."));
    world.commit("First");
    world.git("checkout", "--quiet", "-b", "feature");
    world.write(FILE, triage("New words."));
    world.git("rm", "--quiet", "prompts/gone.prompt");
    world.write("prompts/added.prompt", triage("Quite another text."));
    const rows = (await world.succeeds("diff", "--changed", "main", "--json")).rows<Json>();
    expect(rows.map(({ key, before, after }) => [key, before !== null, after !== null])).toEqual([
      ["added", false, true],
      ["gone", true, false],
      [KEY, true, true],
    ]);
    world.git("checkout", "--quiet", "--force", "main");
    world.git("clean", "-fdq");
    expect((await world.succeeds("diff", "--changed", "main")).out).toContain(
      "No prompt file differs from main.",
    );
  });

  test("--format markdown leaves a pull request no way to be written into", async () => {
    world.write(FILE, triage("Old words."));
    world.commit("First");
    world.write(FILE, triage("```", "</details><script>alert(1)</script> @everyone", "````js"));
    const { out } = await world.succeeds("diff", FILE, "HEAD", "--format", "markdown", "-o", "diff.md");
    expect(out).toBe("");
    const text = world.read("diff.md");
    const [, fence] = /^(`{3,})diff$/m.exec(text) ?? [];
    expect(fence).toBe("`````");
    const [before = "", , after = ""] = text.split(/^`{5}(?:diff)?$/m);
    expect(before + after).not.toContain("<script>");
  });

  test.each([
    [[], "Nothing is named"],
    [[KEY], "Two sides"],
    [["a.prompt", "HEAD", "more"], "compared with one commit"],
    [["--changed", "main", KEY], "--changed takes no other targets"],
    [["--changed", "nowhere"], '"nowhere" is no commit'],
    [[KEY, "v1", "v2", "--format", "pdf"], "--format pdf is unknown"],
    [["gone.prompt", "HEAD"], "gone.prompt is not there"],
  ])("%j is refused in words", async (args, sentence) => {
    const ran = await world.run(["diff", ...args]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(sentence);
  });
});
