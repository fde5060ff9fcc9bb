/** Tests of `colophon review`: versions, files, what differs from a commit, policies, a judge, exit codes. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type RunningSimulator, startSimulator } from "@colophon/simulator";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, KEY, openWorld, type Ran } from "../cli-world.fixture.ts";

let world: CliWorld;
let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await startSimulator({ latencyMs: 0 });
  return () => simulator.close();
});
beforeEach(() => {
  world = openWorld();
  return () => world.close();
});

const FILE = "prompts/support/triage.prompt";

/** With a question of users in system text, unless told otherwise. */
function promptText(system = "You sort tickets. Hear {{ticket}}."): string {
  return `---
model: gpt-5-mini-2025-08-07
input:
  schema:
    ticket: string
---
{{role "system"}}
${system}
{{role "user"}}
Go on: {{ticket}}
`;
}

const review = (...args: readonly string[]): Promise<Ran> => world.run(["review", ...args]);

interface Report {
  readonly file: string | null;
  readonly version: number | null;
  readonly recorded: string | null;
  readonly findings: readonly { readonly rule: string; readonly line: number | null }[];
}

describe("A file", () => {
  test("needs no store, makes none, and fails the run for what is grave", async () => {
    world.write(FILE, promptText());
    const { code, out } = await review(FILE);
    expect(code).toBe(1);
    expect(out).toContain(`${KEY}  ${FILE}`);
    expect(out).toContain("high    untrusted-in-system  line 8 (system message, line 2)");
    expect(out).toContain("Next: mend it, or accept it in colophon.review.yaml");
    expect((await world.run(["list"])).code).toBe(5);
  });

  test("passes where nothing is as grave as asked", async () => {
    world.write(FILE, promptText("You sort tickets."));
    expect(await review(FILE)).toMatchObject({ code: 0 });
    expect(await review(FILE, "--fail-on", "low")).toMatchObject({ code: 0 });
    world.write(FILE, promptText("Answer with a JSON object."));
    expect(await review(FILE)).toMatchObject({ code: 0 });
    expect(await review(FILE, "--fail-on", "medium")).toMatchObject({ code: 1 });
  });

  test("is one JSON document a line, or SARIF, also into a file", async () => {
    world.write(FILE, promptText());
    const [report] = (await world.run(["review", FILE, "--json"])).rows<Report>();
    expect(report).toMatchObject({ file: FILE, version: null, recorded: null, findings: [{ line: 8 }] });
    const { code, out } = await review(FILE, "--format", "sarif", "-o", "review.sarif");
    expect([code, out]).toEqual([1, ""]);
    const { runs } = JSON.parse(readFileSync(join(world.folder, "review.sarif"), "utf8"));
    expect(runs[0].results[0]).toMatchObject({ ruleId: "untrusted-in-system", level: "error" });
  });

  test("that is a version already is recorded as one, unless the run is dry", async () => {
    world.write(FILE, promptText());
    await world.run(["register", FILE]);
    const [dry] = (await world.run(["review", FILE, "--dry-run", "--json"])).rows<Report>();
    expect(dry).toMatchObject({ version: 1, recorded: null });
    const [kept] = (await world.run(["review", FILE, "--json"])).rows<Report>();
    expect(kept).toMatchObject({ version: 1, recorded: expect.any(String), findings: [{ line: 8 }] });
    expect((await world.run(["show", `${KEY}@v1`])).out).toContain(`1 high open (${kept?.recorded})`);
  });
});

describe("What differs from a commit", () => {
  function git(...args: readonly string[]): void {
    const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...who, ...args], { cwd: world.folder, stdio: "ignore" });
  }

  test("is reviewed: changed and new files, no others, whatever happened at the base since", async () => {
    git("init", "-b", "main");
    for (const name of ["same", "changed", "gone", "other"])
      world.write(`prompts/${name}.prompt`, promptText());
    git("add", ".");
    git("commit", "-m", "first");
    git("checkout", "-b", "work");
    world.write("prompts/changed.prompt", promptText("Hear this: {{ticket}}."));
    rmSync(join(world.folder, "prompts/gone.prompt"));
    git("commit", "-am", "second");
    git("checkout", "main");
    world.write("prompts/other.prompt", promptText("Hear that: {{ticket}}."));
    git("commit", "-am", "third");
    git("checkout", "work");
    world.write("prompts/a new.prompt", promptText().replace("---\n", "---\nname: new\n"));
    const { code, err, ...ran } = await world.run(["review", "--changed", "main", "--json"]);
    expect([code, err]).toEqual([1, ""]);
    expect(ran.rows<Report>().map(({ file }) => file)).toEqual([
      "prompts/a new.prompt",
      "prompts/changed.prompt",
    ]);
  });

  test("is nothing where nothing differs, and refused for what is no commit or no repository", async () => {
    expect(await review("--changed", "main")).toMatchObject({
      code: 2,
      err: expect.stringContaining("in no git repository"),
    });
    git("init", "-b", "main");
    world.write(FILE, promptText());
    git("add", ".");
    git("commit", "-m", "first");
    expect(await review("--changed", "HEAD")).toMatchObject({
      code: 0,
      out: expect.stringContaining("nothing to review"),
    });
    for (const base of ["nowhere", "--output=x"]) {
      expect(await review(`--changed=${base}`)).toMatchObject({
        code: 2,
        err: expect.stringContaining("is no commit"),
      });
    }
  });
});

describe("A version", () => {
  beforeEach(async () => {
    world.write(FILE, promptText());
    await world.run(["register", FILE]);
  });

  test("is accepted by a policy that lies above, and told as accepted", async () => {
    expect(await review(`${KEY}@v1`)).toMatchObject({ code: 1 });
    world.write(
      "colophon.review.yaml",
      "suppress:\n  - { of: untrusted-in-system, key: support.*, reason: few words, expires: 2999-01-01 }\n",
    );
    const { code, out } = await review(`${KEY}@v1`);
    expect(code).toBe(0);
    expect(out).toContain(
      "accepted  untrusted-in-system  system message, line 2: few words, until 2999-01-01",
    );
    expect((await world.run(["show", `${KEY}@v1`])).out).toContain("nothing open, 1 accepted");
  });

  test("is held to a policy that is named", async () => {
    world.write("own.yaml", "checks:\n  - { name: owned, metadata: [owner], severity: high }\n");
    const { out } = await review(`${KEY}@v1`, "--policy", "own.yaml");
    expect(out).toContain("policy/owned  owner");
    world.write("own.yaml", "checks:\n  - { name: owned, metadata: [ownr] }\n");
    expect(await review(`${KEY}@v1`, "--policy", "own.yaml")).toMatchObject({
      code: 2,
      err: expect.stringContaining("own.yaml is no valid review policy"),
    });
  });

  test("is looked at by a judge, whose call is in the ledger and whose findings stay with the text", async () => {
    const asked = await world.run(["review", `${KEY}@v1`, "--judge", "colophon.judge.review", "--json"], {
      env: { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: `${simulator.url}/v1` },
    });
    expect([asked.code, asked.err]).toEqual([1, ""]);
    const [report] = asked.rows<Report & { readonly judge: string }>();
    expect(report).toMatchObject({ judge: "colophon.judge.review@v1", recorded: expect.any(String) });
    const judged = report?.findings.filter(({ rule }) => rule.startsWith("judge/")) ?? [];
    expect(judged.length).toBeGreaterThan(0);
    const [row] = (await world.run(["ledger", "--json"])).rows();
    expect(row).toMatchObject({ prompt: "colophon.judge.review", purpose: "judge" });
    const [again] = (await world.run(["review", `${KEY}@v1`, "--json"])).rows<Report>();
    expect(again?.findings.filter(({ rule }) => rule.startsWith("judge/"))).toEqual(judged);
  });

  test.each([
    [["--judge", "other.judge"], "is pinned by its version"],
    [["--judge", `${KEY}@v1`], "cannot review: it does not take the variable prompt"],
    [["--judge", "colophon.judge.review", "--dry-run"], "take one of them"],
  ])("is not judged by %j", async (args, words) => {
    expect(await review(`${KEY}@v1`, ...args)).toMatchObject({
      code: 2,
      err: expect.stringContaining(words),
    });
  });
});

test.each([
  [[], "Nothing is named"],
  [[KEY], "names neither a version nor a file"],
  [[`${KEY}@latest`], "there is no latest"],
  [["missing.yaml"], "is not there"],
  [[`${KEY}@v1`, "--fail-on", "grave"], "--fail-on"],
  [[FILE, "--json", "--format", "sarif"], "take one of them"],
])("%j is refused", async (args, words) => {
  world.write(FILE, promptText());
  expect(await review(...args)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
});
