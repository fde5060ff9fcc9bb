/** Knows which paths git leaves out: .gitignore files at every level and .git/info/exclude. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import ignore, { type Ignore } from "ignore";

/** Patterns of one file, for what lies below its folder. */
interface Level {
  readonly folder: string;
  readonly rules: Ignore;
}

/** The rules that hold in one folder: of its own and of all folders around it, innermost last. */
export class IgnoreRules {
  readonly #levels: readonly Level[];

  private constructor(levels: readonly Level[]) {
    this.#levels = levels;
  }

  /** For a folder where a walk begins: the rules of the repository around it hold too. */
  static around(folder: string): IgnoreRules {
    const root = repositoryAround(folder);
    if (root === null) return new IgnoreRules([]).inside(folder);
    const exclude = excludeFile(root);
    const start = exclude === null ? [] : levelOf(root, exclude);
    const between = relative(root, folder)
      .split(sep)
      .filter((step) => step !== "");
    const folders = [root, ...between.map((_, at) => join(root, ...between.slice(0, at + 1)))];
    return folders.reduce((rules, each) => rules.inside(each), new IgnoreRules(start));
  }

  /** With the rules of a folder's own .gitignore, where it has one. */
  inside(folder: string): IgnoreRules {
    const own = levelOf(folder, join(folder, ".gitignore"));
    return own.length === 0 ? this : new IgnoreRules([...this.#levels, ...own]);
  }

  /** @param path absolute, of something in a folder that is not left out itself. */
  leaveOut(path: string, isFolder: boolean): boolean {
    for (const { folder, rules } of this.#levels.toReversed()) {
      const inside = relative(folder, path).replaceAll(sep, "/");
      const { ignored, unignored } = rules.test(isFolder ? `${inside}/` : inside);
      if (unignored) return false;
      // The folder around is walked, so that an inner file has taken it back in: what only follows from it does not count.
      if (ignored && !isLeftOutWith(rules, inside)) return true;
    }
    return false;
  }
}

function isLeftOutWith(rules: Ignore, inside: string): boolean {
  const around = dirname(inside);
  return around !== "." && rules.test(`${around}/`).ignored;
}

function levelOf(folder: string, file: string): readonly Level[] {
  try {
    return [{ folder, rules: ignore().add(readFileSync(file, "utf8").replace(/^\uFEFF/, "")) }];
  } catch {
    return [];
  }
}

function repositoryAround(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return null;
  }
}

/** In a worktree `.git` is a file that says where the repository's own folder is. */
function excludeFile(root: string): string | null {
  const git = join(root, ".git");
  try {
    if (statSync(git).isDirectory()) return join(git, "info", "exclude");
    const named = /^gitdir: (.+)$/m.exec(readFileSync(git, "utf8"))?.[1]?.trim() ?? "";
    const own = isAbsolute(named) ? named : resolve(root, named);
    const shared = readFileSync(join(own, "commondir"), "utf8").trim();
    return join(resolve(own, shared), "info", "exclude");
  } catch {
    return null;
  }
}
