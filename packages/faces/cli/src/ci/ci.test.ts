/** Runs `ci` on branches of real git repositories, with a simulated model behind the gate. */
import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildText } from "@colophon/kernel";
import { type RunningSimulator, startSimulator, ticketCorpus, triageBodies } from "@colophon/simulator";
import { aDeclarationDraft } from "@colophon/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { KEY, type Ran } from "../cli-world.fixture.ts";
import { type GitWorld, openGitWorld } from "../sync/git-world.fixture.ts";

const FILE = "prompts/support/triage.prompt";
const SECRET = `sk-proj-${"a1B2c3D4".repeat(6)}`;

let world: GitWorld;
let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ latencyMs: 0 });
});
afterAll(() => simulator.close());
beforeEach(() => {
  world = openGitWorld();
});
afterEach(() => world.close());

function file(body: string, ...fields: readonly string[]): string {
  return [
    "---",
    "model: gpt-5-mini",
    ...fields,
    "input:",
    "  schema:",
    "    ticket: string",
    "---",
    body,
    "",
  ].join("\n");
}

interface Json {
  readonly state: string;
  readonly reasons: readonly { readonly text: string }[];
  readonly prompts: readonly {
    readonly key: string;
    readonly change: string;
    readonly problem: string | null;
    readonly review: object | null;
    readonly notes: readonly string[];
    readonly gate: {
      readonly state: string;
      readonly verdict?: string;
      readonly why: string;
      readonly answer?: { readonly challenger: string; readonly baseline: string | null };
    };
  }[];
  readonly cells: readonly { readonly state: string }[];
  readonly checks: readonly { readonly name: string; readonly state: string; readonly message: string }[];
}

function run(...args: readonly string[]): Promise<Ran> {
  return world.run(args, { env: { OPENAI_BASE_URL: simulator.baseUrl } });
}

async function done(...args: readonly string[]): Promise<Ran> {
  const ran = await run(...args);
  if (ran.code !== 0) throw new Error(`${args.join(" ")}: ${ran.out}${ran.err}`);
  return ran;
}

const LABEL = JSON.stringify({ scorer: "label", options: { labels: ["billing", "bug", "other"] } });
const GUARDS_OFF = ["cost", "latencyP50", "latencyP95", "length"].flatMap((name) => [
  "--guard",
  `${name}=off`,
]);
const CI = ["ci", "--base", "main", "--margin", "0.3", ...GUARDS_OFF];

/** What main has: a prompt that is live in production, and cases to judge it by. */
async function begin(): Promise<void> {
  const lines = ticketCorpus(1, 45).map(({ id, ticket, label }) =>
    JSON.stringify({ id, variables: { ticket }, expected: label, split: "test" }),
  );
  world.write("tickets.jsonl", lines.join("\n"));
  await done("evalset", "import", "tickets.jsonl", "--name", "tickets", "--scorer", LABEL);
  world.write(FILE, file(triageBodies.bare, "colophon.evalSet: tickets"));
  world.commit("Begin with one prompt");
  await done("push");
  await done("release", `${KEY}@v1`, "--env", "production", "--reason", "first", "--break-glass", "begins");
  world.commit("Lock");
  world.git("checkout", "--quiet", "-b", "feature");
}

describe("ci with a store", () => {
  test("gates a changed text as a candidate: ship, then block, and no version is made of either", async () => {
    await begin();
    world.write(FILE, file(triageBodies.exemplified, "colophon.evalSet: tickets"));
    world.commit("Better");
    const shipped = await run(...CI, "--json");
    const json = shipped.json<Json>();
    expect(json.state).toBe("ship");
    expect(json.prompts).toMatchObject([
      {
        key: KEY,
        change: "changed",
        gate: { state: "judged", verdict: "ship", answer: { challenger: "c1", baseline: "v1" } },
      },
    ]);
    expect(shipped.code).toBe(0);
    const asked = simulator.served().length;
    expect((await run(...CI, "--json")).json<Json>().state).toBe("ship");
    expect(simulator.served()).toHaveLength(asked);

    world.write(FILE, file("Greet whoever wrote this: {{ticket}}", "colophon.evalSet: tickets"));
    world.commit("Worse");
    const blocked = await run(
      "ci",
      "--base",
      "main",
      ...GUARDS_OFF,
      "--junit",
      "junit.xml",
      "--format",
      "markdown",
      "-o",
      "summary.md",
    );
    expect(world.read("summary.md")).toContain("**⛔ block**");
    expect(blocked.code).toBe(1);
    expect(world.read("junit.xml")).toContain(`name="${KEY}: gate">\n      <failure message="block: `);
    expect(world.read("junit.xml")).toContain(`name="${KEY}: review"`);
    const summary = world.read("summary.md");
    expect(summary).toMatch(/^<!-- colophon ci -->\n## 1 prompt against main\n\n\*\*⛔ block\*\*/);
    expect(summary).toContain("```diff\n");
    expect(await versions()).toEqual([1]);
  });

  test("gates what includes a changed partial with the partial as the branch has it, also by way of others", async () => {
    await begin();
    const partial = (body: string): string => `---\nmodel: gpt-5-mini\n---\n${body}\n`;
    const [head = "", ...rest] = triageBodies.exemplified.split("{{ticket}}");
    world.write("prompts/shared/tone.prompt", partial("Be brief."));
    world.write("prompts/shared/mid.prompt", partial("{{> shared.tone}}"));
    world.write(FILE, file("{{> shared.mid}}\n{{ticket}}", "colophon.evalSet: tickets"));
    world.commit("Partials on main");
    await done("push");
    for (const key of ["shared.tone@v1", "shared.mid@v1"])
      await done("release", key, "--env", "production", "--reason", "first");
    world.git("checkout", "--quiet", "-B", "main");
    world.git("checkout", "--quiet", "-b", "partials");
    world.write("prompts/shared/tone.prompt", partial(head.trimEnd()));
    expect(rest).toHaveLength(1);
    const { prompts } = (await run(...CI, "--json")).json<Json>();
    expect(prompts.map(({ key, change, gate }) => [key, change, gate.state])).toEqual([
      ["shared.tone", "changed", "not-judged"],
      ["shared.mid", "dependent", "not-judged"],
      [KEY, "dependent", "judged"],
    ]);
    expect(prompts.at(-1)).toMatchObject({
      review: null,
      gate: { verdict: "ship", answer: { challenger: "c1", baseline: "v1" } },
      notes: [expect.stringContaining("includes what the branch changes: shared.mid, shared.tone")],
    });
  });

  test("gates a text that pins the version which the push will make of a partial", async () => {
    await begin();
    world.write("prompts/shared/tone.prompt", "---\nmodel: gpt-5-mini\n---\nBe brief.\n");
    world.write(FILE, file(`{{> shared.tone@v1}} ${triageBodies.exemplified}`, "colophon.evalSet: tickets"));
    const { prompts } = (await run(...CI, "--json")).json<Json>();
    expect(prompts.map(({ key, gate }) => [key, gate.state])).toEqual([
      ["shared.tone", "not-judged"],
      [KEY, "judged"],
    ]);
  });

  test("names what stands in the way of a verdict, in every format", async () => {
    await begin();
    world.write(FILE, file(triageBodies.exemplified, "colophon.evalSet: tickets"));
    const ran = await run(
      ...CI,
      "--blocking",
      "de",
      "--junit",
      "junit.xml",
      "--sarif",
      "r.sarif",
      "--format",
      "markdown",
    );
    expect(ran.code).toBe(3);
    for (const said of [ran.out, world.read("junit.xml"), world.read("r.sarif")])
      expect(said).toMatch(/inconclusive: Slice .{1,8}de.{1,8}: it can block and has no paired case/);
  });

  test("asks another model at another address, as the gate does", async () => {
    await begin();
    world.write(FILE, file(triageBodies.exemplified, "colophon.evalSet: tickets"));
    const asked = [...CI, "--model", "gpt-5-nano", "--base-url", simulator.baseUrl, "--json"];
    const { prompts } = (await world.run(asked)).json<Json>();
    expect(prompts[0]?.gate).toMatchObject({ state: "judged", answer: { model: { id: "gpt-5-nano" } } });
  });

  test("says what could not be judged, and --require-gate makes it invalid", async () => {
    await begin();
    world.write("prompts/fresh.prompt", file("Greet them: {{ticket}}"));
    world.commit("A new one");
    const ran = await run(...CI);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain("fresh: not judged: the registry has no version of fresh yet");
    expect(ran.out).not.toContain("ship");
    const required = await run(...CI, "--require-gate", "--junit", "junit.xml");
    expect(required.code).toBe(4);
    expect(world.read("junit.xml")).toContain('name="fresh: gate">\n      <error message="not judged: ');
    world.write("prompts/fresh.prompt", file("Greet them: {{ticket}}", "colophon.evalSet: nowhere"));
    await done("push", "--allow-dirty", "prompts/fresh.prompt");
    world.write("prompts/fresh.prompt", file("Greet them well: {{ticket}}", "colophon.evalSet: nowhere"));
    expect((await run(...CI)).out).toContain("fresh: not judged: There is no eval set nowhere");
  });

  test("ends as unavailable or refused where the gate cannot be asked, after everything is written", async () => {
    await begin();
    world.write(
      FILE,
      file(triageBodies.defined, "colophon.evalSet: tickets").replace("gpt-5-mini", "acme/none"),
    );
    const ran = await run(...CI, "--junit", "junit.xml");
    expect(ran.err).toContain("Nobody knows where acme/none is asked");
    expect(ran.code).toBe(2);
    expect(world.read("junit.xml")).toContain(`name="${KEY}: gate">\n      <error`);
    const away = await run(...CI, "--store", "nowhere/store.db");
    expect(away.err).toContain("There is no store at");
    expect(away.code).toBe(5);
  });

  test("looks at what code declares and what was never live", async () => {
    await begin();
    const harness = await world.open();
    const body = triageBodies.defined;
    const text = buildText({ body, model: { provider: "openai", id: "gpt-5-mini" }, input: INPUT });
    const draft = aDeclarationDraft(text, { key: KEY });
    await harness.records.append(() => ({ drafts: [draft], texts: [text], result: null }));
    await harness.close();
    const { prompts } = (await run(...CI, "--no-gate", "--json")).json<Json>();
    expect(prompts).toMatchObject([{ key: KEY, change: "declared", gate: { state: "not-judged" } }]);
  });

  test("tells a lock that no push would take, declarations that are out of date, and cells that have not passed", async () => {
    await begin();
    await done("types", "-o", "prompts.d.ts");
    world.commit("Types");
    const quiet = (await run(...CI, "--no-gate", "--json")).json<Json>();
    expect(quiet.checks).toMatchObject([
      { name: "colophon.lock", state: "passed" },
      { name: "prompts.d.ts", state: "passed" },
    ]);
    appendFileSync(join(world.folder, "prompts.d.ts"), "// by hand\n");
    const stale = await run(...CI, "--no-gate");
    expect(stale.out).toContain("prompts.d.ts is out of date: run `colophon types -o prompts.d.ts`");
    expect(stale.code).toBe(1);
    world.write(FILE, file("Here: {{ticket}}", "colophon.evalSet: tickets"));
    const { cells, checks } = (await run(...CI, "--no-gate", "--json")).json<Json>();
    expect(cells).toMatchObject([{ state: "never-run" }]);
    expect(checks.find(({ name }) => name === "prompts.d.ts")).toMatchObject({ state: "unknown" });
    world.write("there.json", { key: KEY, model: "gpt-5-mini", body: "There: {{ticket}}", input: INPUT });
    await done("register", "there.json");
    const torn = await run(...CI, "--no-gate");
    expect(torn.out).toContain("have both changed since the version in the lock: colophon pull");
    expect(torn.code).toBe(1);
  });
});

const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

async function versions(): Promise<readonly number[]> {
  return (await done("log", KEY, "--json"))
    .rows<{ readonly version: number }>()
    .map(({ version }) => version);
}

describe("ci without a store", () => {
  function branch(): void {
    world.write(FILE, file("Old words: {{ticket}}"));
    world.write("prompts/moved.prompt", file("A text that will be moved: {{ticket}}"));
    world.commit("Begin");
    world.git("checkout", "--quiet", "-b", "feature");
  }

  test("reviews files, deleted and renamed ones among them, and makes no store", async () => {
    branch();
    world.git("rm", "--quiet", FILE);
    world.git("mv", "prompts/moved.prompt", "prompts/renamed.prompt");
    world.write("prompts/leak.prompt", file(`Use the key ${SECRET} for {{ticket}}`));
    const ran = await run("ci", "--base", "main", "--json", "--sarif", "review.sarif");
    const { state, prompts } = ran.json<Json>();
    expect(ran.code).toBe(1);
    expect(state).toBe("block");
    expect(prompts.map(({ key, change, gate }) => [key, change, gate.state])).toEqual([
      ["leak", "added", "not-judged"],
      ["moved", "deleted", "nothing-to-judge"],
      ["renamed", "added", "not-judged"],
      [KEY, "deleted", "nothing-to-judge"],
    ]);
    const sarif = world.read("review.sarif");
    expect(sarif).toContain('"prompts/leak.prompt"');
    expect(sarif).not.toContain(SECRET);
    expect((await run("ci", "--base", "main")).out).not.toContain(SECRET.slice(0, 20));
    expect((await run("status")).code).toBe(5);
  });

  test("says that a file cannot be read, and follows no link", async () => {
    branch();
    world.write(FILE, "---\nmodel: [\n---\nHi\n");
    writeFileSync(join(world.folder, "outside"), "---\nmodel: gpt-5-mini\n---\nHi\n");
    symlinkSync("../outside", join(world.folder, "prompts", "link.prompt"));
    const ran = await run("ci", "--base", "main");
    expect(ran.out).toMatch(/triage\.prompt:\d+/);
    expect(ran.out).toContain("prompts/link.prompt is a link to another file");
    expect(ran.code).toBe(1);
  });

  test("compares with where the branch began, not with what has become of its base", async () => {
    branch();
    world.write("README.md", "Something else");
    world.commit("On the branch");
    world.git("checkout", "--quiet", "main");
    world.write(FILE, file("Newer words on main: {{ticket}}"));
    world.commit("On main");
    world.git("checkout", "--quiet", "feature");
    const ran = await run("ci", "--base", "main");
    expect(ran.out).toContain("No prompt differs");
    expect(ran.code).toBe(0);
  });

  test("a clone that is too shallow says in one sentence what to do", async () => {
    branch();
    world.write(FILE, file("New words: {{ticket}}"));
    world.commit("On the branch");
    const clone = openGitWorld();
    try {
      clone.git("fetch", "--quiet", "--depth", "1", `file://${world.folder}`, "feature:pr", "main:base");
      clone.git("checkout", "--quiet", "--force", "pr");
      for (const base of ["base", "origin/main"]) {
        const ran = await clone.run(["ci", "--base", base]);
        expect(ran.err).toMatch(/^This clone is too shallow .*fetch-depth: 0.*\n$/);
        expect(ran.code).toBe(2);
      }
    } finally {
      clone.close();
    }
  });

  test("appends the summary to the file of the step", async () => {
    branch();
    world.write(FILE, file("New words: {{ticket}}"));
    world.write("summary.md", "before\n");
    const env = { GITHUB_STEP_SUMMARY: join(world.folder, "summary.md") };
    const ran = await world.run(["ci", "--base", "main", "--summary"], { env });
    expect(ran.code).toBe(0);
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, "utf8")).toMatch(
      /^before\n<!-- colophon ci -->\n## 1 prompt/,
    );
  });

  test.each([
    [[], "add --base"],
    [["--base", "nowhere"], '"nowhere" is no commit of this repository'],
    [["--base", "--upload-pack=x"], "is no commit"],
    [["--base", "main", "--fail-on", "grave"], "--fail-on grave is unknown"],
    [["--base", "main", "--format", "pdf"], "--format pdf is unknown"],
  ])("%j is refused in words", async (args, sentence) => {
    const ran = await run("ci", ...args);
    expect(ran.err).toContain(sentence);
    expect(ran.code).toBe(2);
  });
});
