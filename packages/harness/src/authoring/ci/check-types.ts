/** Says whether the declarations that `types` wrote are still those of the prompts. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { errorCodeOf } from "@colophon/kernel";
import type { House } from "../../house.ts";
import { openRepository } from "../git/repository.ts";
import { askGit } from "../git/run-git.ts";
import { findPromptFolder } from "../sync/prompt-folder.ts";
import { typesOfFolder, typesOfRegistry, type WrittenTypes } from "../sync/write-types.ts";
import type { BranchCheck } from "./branch-report.ts";

/** How the head of such a file says what wrote it. */
const MARK = "Written by `colophon types";
const COMMAND = /Written by `(colophon types[^`\n]*)`/;
const HEAD_BYTES = 2_000;

/** Every file of the repository that `colophon types` has written; none where there is none. */
export async function checkTypes(house: House | null, cwd: string): Promise<readonly BranchCheck[]> {
  const repository = await openRepository(cwd);
  if (repository === null) return [];
  const { root } = repository;
  // Nothing found is an exit code too.
  const { out } = await askGit(root, { args: ["grep", "-l", "-z", "-F", "-e", MARK] });
  const files = out
    .toString("utf8")
    .split("\0")
    .filter((path) => /\.[cm]?ts$/.test(path) && existsSync(join(root, path)));
  const checks: BranchCheck[] = [];
  for (const path of files) {
    const text = readFileSync(join(root, path), "utf8");
    const command = COMMAND.exec(text.slice(0, HEAD_BYTES))?.[1];
    if (command === undefined) continue;
    const name = relative(cwd, join(root, path)).split(sep).join("/");
    checks.push(await checkFile(house, { name, text, command, root, path }));
  }
  return checks;
}

interface TypesFile {
  readonly name: string;
  readonly text: string;
  /** That wrote it. */
  readonly command: string;
  readonly root: string;
  /** From the root on. */
  readonly path: string;
}

async function checkFile(house: House | null, file: TypesFile): Promise<BranchCheck> {
  const { name, text, command } = file;
  try {
    const written = await writtenAnew(house, file);
    if (written === null) return unknown(name, "it was written from a registry, and there is no store");
    if (written.text === text) return { name, state: "passed", message: `${name} is as the prompts are.` };
    // Of a text that is no version yet nothing can be declared: the file follows the push.
    if (written.without.length > 0)
      return unknown(name, `${written.without.join(", ")} is no version yet: write it after the push`);
    return { name, state: "failed", message: `${name} is out of date: run \`${command}\`.` };
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return unknown(name, (error as Error).message);
  }
}

function unknown(name: string, why: string): BranchCheck {
  return { name, state: "unknown", message: `${name} could not be checked: ${why.replace(/\.$/, "")}.` };
}

/** By the command in its head, from the folder upward in which that names this file. */
async function writtenAnew(house: House | null, file: TypesFile): Promise<WrittenTypes | null> {
  const { command, root, path } = file;
  if (command.includes(" --registry ")) return house === null ? null : typesOfRegistry(house, command);
  const output = / -o (\S+)$/.exec(command)?.[1] ?? path;
  const dir = / --dir (\S+) /.exec(command)?.[1];
  const whole = join(root, path);
  for (let from = dirname(whole); from.startsWith(root); from = dirname(from)) {
    if (join(from, output) === whole) return typesOfFolder(findPromptFolder(from, dir), command);
  }
  return typesOfFolder(findPromptFolder(root, dir), command);
}
