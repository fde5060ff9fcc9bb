/** Runs git: arguments as they are, without a shell, in one language, and never waiting for somebody to type. */
import { execFile } from "node:child_process";
import { devNull } from "node:os";
import { HarnessError } from "@colophon/kernel";

export interface GitCall {
  readonly args: readonly string[];
  /** Standard input. */
  readonly input?: string;
  /** Beside the process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitAnswer {
  readonly ok: boolean;
  readonly out: Buffer;
  readonly err: string;
}

const LONGEST_MS = 60_000;
const MOST_BYTES = 256 * 1024 * 1024;

/** Paths are names and no patterns; a look takes no lock that somebody else's git would meet. */
const BEFORE = ["--literal-pathspecs", "--no-pager"];
/** Whatever a repository's own settings say: programs of it are not started, and words are UTF-8 in and out. */
const SETTINGS = [
  "core.fsmonitor=false",
  `core.hooksPath=${devNull}`,
  "i18n.commitEncoding=UTF-8",
  "i18n.logOutputEncoding=UTF-8",
].flatMap((setting) => ["-c", setting]);
const ENVIRONMENT = { LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };
/** What a hook tells its children about the repository that it runs in, and ways to read paths as patterns. */
const LEFT_OUT = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_PREFIX",
  "GIT_OBJECT_DIRECTORY",
  "GIT_COMMON_DIR",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
];

/** @throws HarnessError `usage` where git is not installed or does not end. */
export function askGit(cwd: string, { args, input, env }: GitCall): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      "git",
      [...BEFORE, ...SETTINGS, ...args],
      {
        cwd,
        env: { ...ownEnvironment(), ...ENVIRONMENT, ...env },
        encoding: "buffer",
        timeout: LONGEST_MS,
        maxBuffer: MOST_BYTES,
        windowsHide: true,
      },
      (error, out, err) => {
        const refused = error === null ? undefined : refusalOf(error, args);
        if (refused !== undefined) reject(refused);
        else resolve({ ok: error === null, out, err: err.toString("utf8").trim() });
      },
    );
    // A git that ends before it has read everything says so with its exit code.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input ?? "");
  });
}

function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.includes(name)));
}

/** What git said. @throws HarnessError `usage` with git's own sentence, where it refused. */
export async function runGit(cwd: string, call: GitCall): Promise<Buffer> {
  const { ok, out, err } = await askGit(cwd, call);
  if (ok) return out;
  throw new HarnessError("usage", `git ${call.args[0]} has refused: ${gitSentence(err)}`);
}

/** The first thing that git says, as the rest of a sentence. */
export function gitSentence(err: string): string {
  const line = err.split("\n").find((one) => one.trim() !== "") ?? "it did not say why";
  return `${line.replace(/^(?:fatal|error): /, "").replace(/\.$/, "")}.`;
}

interface Failure extends Error {
  readonly code?: number | string | null;
  readonly killed?: boolean;
}

/** Why there is no answer at all; undefined for an exit code, which is one. */
function refusalOf(error: Failure, args: readonly string[]): HarnessError | undefined {
  if (error.code === "ENOENT") {
    return new HarnessError("usage", "git is not there; install it, or pass --no-git.", { cause: error });
  }
  if (typeof error.code === "number") return undefined;
  const why =
    error.killed === true ? `has not ended in ${LONGEST_MS / 1_000} s` : `has failed (${error.message})`;
  return new HarnessError("usage", `git ${args[0]} ${why}; run it by hand to see why.`, { cause: error });
}
