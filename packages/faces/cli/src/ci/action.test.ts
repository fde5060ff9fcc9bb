/** Holds the GitHub Action to the rules of composite actions, and runs its scripts as a runner would. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MAIN } from "../cli-world.fixture.ts";
import { type GitWorld, openGitWorld, triage } from "../sync/git-world.fixture.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../../..");
const TEXT = readFileSync(join(ROOT, "action.yml"), "utf8");

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action: Action = parse(TEXT);
const { steps } = action.runs;

describe("action.yml", () => {
  test("is a composite action whose steps have what such steps may have", () => {
    expect(action.runs.using).toBe("composite");
    expect(action.name.length * action.description.length).toBeGreaterThan(0);
    const known = ["name", "id", "if", "uses", "with", "run", "shell", "env", "working-directory"];
    for (const step of steps) {
      expect(Object.keys(step).filter((key) => !known.includes(key))).toEqual([]);
      expect([step.run, step.uses].filter((one) => one !== undefined)).toHaveLength(1);
      if (step.run !== undefined) expect(step.shell).toBe("bash");
      if (step.uses !== undefined) expect(step.uses).toMatch(/^[\w-]+\/[\w./-]+@v\d+$/);
    }
  });

  test("writes nothing from outside into a script", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("${{");
  });

  test("uses every input and every output that it names, and no other", () => {
    const used = [...TEXT.matchAll(/\binputs\.([a-z-]+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort());
    for (const { description, default: value } of Object.values(action.inputs)) {
      expect(description.length).toBeGreaterThan(0);
      // Inputs are texts, whatever YAML would make of them.
      expect(typeof value).toBe("string");
    }
    const ids = steps.map(({ id }) => id);
    const script = steps.find(({ id }) => id === "check")?.run ?? "";
    for (const [, id = "", output = ""] of TEXT.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      expect(ids).toContain(id);
      expect(script).toContain(`${output}=`);
    }
  });
});

let world: GitWorld;
beforeEach(() => {
  world = openGitWorld();
  world.write("prompts/support/triage.prompt", triage("Old words."));
  world.commit("Begin");
  world.git("update-ref", "refs/remotes/origin/main", "HEAD");
  world.git("checkout", "--quiet", "-b", "feature");
});
afterEach(() => world.close());

/** A program of the runner's. */
function program(name: string, script: string): void {
  const file = join(world.folder, ".git", "bin", name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

interface StepRun {
  readonly code: number | null;
  readonly out: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

function runStep(name: string, env: Readonly<Record<string, string>>): StepRun {
  const { run = "" } = steps.find((step) => step.name === name) ?? {};
  const outside = (file: string): string => join(world.folder, ".git", file);
  const script = outside("step.sh");
  writeFileSync(script, run);
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
    cwd: world.folder,
    encoding: "utf8",
    env: {
      PATH: `${outside("bin")}:${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: world.folder,
      USER: "runner",
      RUNNER_TEMP: outside("."),
      GITHUB_OUTPUT: outside("output"),
      GITHUB_STEP_SUMMARY: outside("summary"),
      GITHUB_REPOSITORY: "acme/shop",
      ...env,
    },
  });
  const read = (file: string): string =>
    existsSync(outside(file)) ? readFileSync(outside(file), "utf8") : "";
  const outputs = Object.fromEntries(
    read("output")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  return { code: status, out: stdout + stderr, outputs, summary: read("summary") };
}

/** What the runner makes of the defaults of the inputs. */
const DEFAULTS = {
  CI_BASE: "",
  CI_ENV: "production",
  CI_STORE: "",
  CI_GATE: "true",
  CI_REQUIRE_GATE: "false",
  CI_BUDGET: "",
  CI_FAIL_ON: "high",
  CI_VERSION: "",
  CI_ACTION: ROOT,
};

describe("its steps", () => {
  test("check against the pull request's base, write the summary, and end with the verdict", () => {
    const log = join(world.folder, ".git", "npx");
    // Colophon as it is here, in place of the one that npm would fetch.
    program("npx", `echo "$1 $2" >> "${log}"; shift 2; exec "${process.execPath}" "${MAIN}" "$@"`);
    world.write("prompts/support/triage.prompt", triage(`The key is sk-proj-${"a1B2c3D4".repeat(6)}.`));
    const { code, outputs, summary } = runStep("Check prompts", { ...DEFAULTS, GITHUB_BASE_REF: "main" });
    expect(code).toBe(0);
    expect(summary).toContain("**⛔ block**");
    expect(summary).not.toContain("a1B2c3D4a1B2");
    expect(summary).toContain("are left out, since there is a secret in them");
    expect(outputs).toMatchObject({ "exit-code": "1", written: "true" });
    expect(readFileSync(outputs.sarif ?? "", "utf8")).toContain('"prompts/support/triage.prompt"');
    expect(readFileSync(outputs.junit ?? "", "utf8")).toContain("<failure");
    expect(world.read(".git/npx")).toMatch(/^--yes colophon@\d+\.\d+\.\d+\n$/);
    expect(runStep("End with the verdict", { CI_CODE: outputs["exit-code"] ?? "" }).code).toBe(1);
  });

  test("run no input as a command, hand it on whole, and refuse what is no version", () => {
    const log = join(world.folder, ".git", "arguments");
    program("npx", `for one in "$@"; do echo "[$one]" >> "${log}"; done; exit 2`);
    const evil = "$(touch evil); `touch evil`; --json";
    const { code, outputs } = runStep("Check prompts", { ...DEFAULTS, CI_BASE: evil, CI_STORE: evil });
    expect(code).toBe(0);
    expect(outputs).toMatchObject({ "exit-code": "2" });
    expect(outputs.written).toBeUndefined();
    expect(world.read(".git/arguments")).toContain(`[--base=${evil}]\n[--env=production]\n`);
    expect(world.read(".git/arguments")).toContain(`[--store=${evil}]\n`);
    const version = { ...DEFAULTS, CI_BASE: "main", CI_VERSION: "1 --x;touch evil" };
    expect(runStep("Check prompts", version).code).toBe(2);
    expect(existsSync(join(world.folder, "evil"))).toBe(false);
  });

  test.each([
    [{ CI_GATE: "false" }, "[--no-gate]"],
    [{ CI_REQUIRE_GATE: "true" }, "[--require-gate]"],
    [{ CI_BUDGET: "5usd" }, "[--budget=5usd]"],
    [{ CI_VERSION: "0.9.1" }, "[colophon@0.9.1]"],
  ])("pass on %j", (inputs, argument) => {
    const log = join(world.folder, ".git", "arguments");
    program("npx", `for one in "$@"; do echo "[$one]" >> "${log}"; done`);
    runStep("Check prompts", { ...DEFAULTS, CI_BASE: "main", ...inputs });
    expect(world.read(".git/arguments")).toContain(argument);
  });

  test("say what is missing where an event has no pull request", () => {
    const { code, out } = runStep("Check prompts", DEFAULTS);
    expect(code).toBe(2);
    expect(out).toContain("name what to compare with in the input base");
  });

  test.each([
    ["", "--method POST repos/acme/shop/issues/7/comments"],
    ["41\n42", "--method PATCH repos/acme/shop/issues/comments/41"],
  ])("keep one comment: with the comments %j", (known, call) => {
    const log = join(world.folder, ".git", "gh");
    program("gh", `case "$*" in *--paginate*) printf '%s' "$KNOWN";; *) echo "$*" >> "${log}";; esac`);
    const env = { KNOWN: known, GH_TOKEN: "t", CI_NUMBER: "7", CI_SUMMARY: "summary.md" };
    expect(runStep("Keep the summary in a comment", env).code).toBe(0);
    expect(world.read(".git/gh")).toBe(`api --silent ${call} -F body=@summary.md\n`);
  });
});

describe(".pre-commit-hooks.yaml", () => {
  test("names a command that there is, and stops a commit with a secret in a prompt", async () => {
    const [hook, ...more]: readonly Record<string, string>[] = parse(
      readFileSync(join(ROOT, ".pre-commit-hooks.yaml"), "utf8"),
    );
    expect(more).toEqual([]);
    const { entry = "", files = "", language } = hook ?? {};
    expect(language).toBe("system");
    const path = "prompts/support/triage.prompt";
    expect(new RegExp(files).test(path)).toBe(true);
    const [npx, flag, name, ...args] = entry.split(" ");
    expect([npx, flag, name]).toEqual(["npx", "--no-install", "colophon"]);
    expect((await world.run([...args, path])).code).toBe(0);
    world.write(path, triage(`The key is sk-proj-${"a1B2c3D4".repeat(6)}.`));
    expect((await world.run([...args, path])).code).toBe(1);
  });
});
