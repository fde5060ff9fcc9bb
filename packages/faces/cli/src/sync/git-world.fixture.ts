/** A world whose folder is a git repository, with prompt files that people commit. */
import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CliWorld, openWorld, type Ran } from "../cli-world.fixture.ts";

export interface GitWorld extends CliWorld {
  git(...args: readonly string[]): string;
  /** Commits everything, as somebody. */
  commit(message: string, author?: string): string;
  read(name: string): string;
  /** Runs the command line, which has to succeed. */
  succeeds(...args: readonly string[]): Promise<Ran>;
}

const ADA = "Ada <ada@example.com>";

export function openGitWorld(): GitWorld {
  const world = openWorld();
  const git = (...args: readonly string[]): string =>
    execFileSync("git", args, { cwd: world.folder, encoding: "utf8" }).trim();
  git("init", "--quiet", "--initial-branch=main");
  appendFileSync(
    join(world.folder, ".git/config"),
    "[user]\nname = Grace\nemail = grace@example.com\n[core]\nautocrlf = false\n[gc]\nauto = 0\n",
  );
  world.write(".gitignore", ".colophon/\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "Begin");
  return {
    ...world,
    git,
    commit(message, author = ADA) {
      git("add", "-A");
      git("commit", "--quiet", `--author=${author}`, "-m", message);
      return git("rev-parse", "HEAD");
    },
    read: (name) => readFileSync(join(world.folder, name), "utf8"),
    async succeeds(...args) {
      const ran = await world.run(args);
      if (ran.code !== 0) throw new Error(`${args.join(" ")}: ${ran.out}${ran.err}`);
      return ran;
    },
  };
}

/** A prompt file with a comment, a fact and a body of several lines. */
export function triage(...lines: readonly string[]): string {
  return [
    "---",
    "# Asked for by the support team",
    "model: gpt-5-mini",
    "colophon.owner:   support",
    "input:",
    "  schema:",
    "    ticket: string",
    "---",
    ...lines,
    "{{ticket}}",
    "",
  ].join("\n");
}
