/** Finds the application that a path belongs to: what its package says, and where it ends. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

export interface FoundApplication {
  /** Absolute: the folder of the nearest package, else the working folder around it, else the folder itself. */
  readonly root: string;
  /** Without a scope; null where nothing says one. */
  readonly name: string | null;
  /** What package.json depends on; null without one. */
  readonly dependencies: ReadonlySet<string> | null;
}

export function findApplication(folder: string, cwd: string): FoundApplication {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "package.json");
    if (existsSync(file)) return { root: at, ...readPackage(file) };
    const project = join(at, "pyproject.toml");
    if (existsSync(project)) return { root: at, name: projectName(project), dependencies: null };
    // Beyond the repository stands somebody else's code.
    if (!existsSync(join(at, ".git")) && dirname(at) !== at) continue;
    const isWithin = `${folder}${sep}`.startsWith(`${cwd}${sep}`);
    return { root: isWithin ? cwd : folder, name: null, dependencies: null };
  }
}

/** Of the table `[project]`; null where it says none. */
function projectName(file: string): string | null {
  try {
    return /^\[project\][^[]*?^name\s*=\s*["']([^"']+)["']/m.exec(readFileSync(file, "utf8"))?.[1] ?? null;
  } catch {
    return null;
  }
}

function readPackage(file: string): Omit<FoundApplication, "root"> {
  const nothing = { name: null, dependencies: null };
  try {
    const read: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof read !== "object" || read === null) return nothing;
    const { name, ...fields } = read as Readonly<Record<string, unknown>>;
    const lists = [fields.dependencies, fields.devDependencies, fields.peerDependencies];
    const dependencies = new Set(
      lists.flatMap((list) => (typeof list === "object" && list !== null ? Object.keys(list) : [])),
    );
    return { name: typeof name === "string" ? name.replace(/^@[^/]+\//, "") : null, dependencies };
  } catch {
    // A package.json that is none says nothing; other tools complain of it.
    return nothing;
  }
}
