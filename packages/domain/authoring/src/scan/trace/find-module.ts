/** Finds the scanned file that an import names. */
import type { SourceModule } from "../source/source-module.ts";

/** One entry of a tsconfig's `paths`: `@/*` and `["src/*"]`. */
export interface PathAlias {
  readonly pattern: string;
  readonly targets: readonly string[];
}

/** @returns the index of a module, or null for one that is not among the scanned files */
export type ModuleFinder = (from: number, specifier: string) => number | null;

const ENDINGS = ["", ".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs"];
const INDEXES = ["ts", "tsx", "js", "jsx", "mts", "mjs", "cjs"].map((ending) => `/index.${ending}`);
/** What is written in an import, and what the file may be called. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".jsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

interface Files {
  readonly modules: readonly SourceModule[];
  readonly byPath: ReadonlyMap<string, number>;
  /** By the last step of the path without its ending; of `index` and `__init__` by the folder. */
  readonly byStem: ReadonlyMap<string, readonly number[]>;
}

/** Files are found by path, by alias, and where neither tells, by the only file whose path ends so. */
export function createModuleFinder(
  modules: readonly SourceModule[],
  aliases: readonly PathAlias[],
): ModuleFinder {
  const files: Files = {
    modules,
    byPath: new Map(modules.map(({ file }, index) => [file, index])),
    byStem: stemsOf(modules),
  };
  const known = new Map<string, number | null>();
  return (from, specifier) => {
    const importer = modules[from];
    if (importer === undefined) return null;
    const key = `${importer.language === "python" ? "p" : "j"}\0${folderOf(importer.file)}\0${specifier}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found =
      importer.language === "python"
        ? findPython(files, importer.file, specifier)
        : findJavaScript(files, importer.file, { specifier, aliases });
    known.set(key, found);
    return found;
  };
}

function stemsOf(modules: readonly SourceModule[]): ReadonlyMap<string, readonly number[]> {
  const byStem = new Map<string, number[]>();
  modules.forEach(({ file }, index) => {
    const stem = stemOf(file);
    const known = byStem.get(stem);
    if (known === undefined) byStem.set(stem, [index]);
    else known.push(index);
  });
  return byStem;
}

function stemOf(file: string): string {
  return pathStem(file).split("/").at(-1) ?? "";
}

/** The path without its ending, and without the `index` or `__init__` that stands for a folder. */
function pathStem(file: string): string {
  return file.replace(/\.[a-z]+$/, "").replace(/\/(?:index|__init__)$/, "");
}

function folderOf(file: string): string {
  const slash = file.lastIndexOf("/");
  return slash === -1 ? "" : file.slice(0, slash);
}

/** `a/b` and `../c/./d` make `a/c/d`; null where it leaves the scanned folder. */
function join(folder: string, path: string): string | null {
  const steps = folder === "" ? [] : folder.split("/");
  for (const step of path.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.pop() === undefined) return null;
  }
  return steps.join("/");
}

function findJavaScript(
  files: Files,
  importer: string,
  { specifier, aliases }: { readonly specifier: string; readonly aliases: readonly PathAlias[] },
): number | null {
  if (specifier.startsWith(".")) return fileAt(files, join(folderOf(importer), specifier));
  for (const { pattern, targets } of aliases) {
    const rest = matchAlias(pattern, specifier);
    if (rest === null) continue;
    for (const target of targets) {
      const found = fileAt(files, join("", target.replace("*", rest)));
      if (found !== null) return found;
    }
  }
  const alias = /^(?:@|~|#|src)\/+(.+)$/.exec(specifier)?.[1];
  if (alias !== undefined)
    return byEnding(files, importer, `src/${alias}`) ?? byEnding(files, importer, alias);
  // A package of the same repository: `@acme/prompts` stands in `…/prompts/src/index.ts`.
  const local = /^@[^/]+\/(.+)$/.exec(specifier)?.[1];
  return local === undefined ? null : (byEnding(files, importer, `${local}/src`) ?? null);
}

function matchAlias(pattern: string, specifier: string): string | null {
  const star = pattern.indexOf("*");
  if (star === -1) return pattern === specifier ? "" : null;
  const head = pattern.slice(0, star);
  const tail = pattern.slice(star + 1);
  const fits = specifier.length >= head.length + tail.length;
  return fits && specifier.startsWith(head) && specifier.endsWith(tail)
    ? specifier.slice(head.length, specifier.length - tail.length)
    : null;
}

function fileAt({ byPath }: Files, path: string | null): number | null {
  if (path === null) return null;
  const written = /\.[cm]?jsx?$/.exec(path)?.[0] ?? "";
  const others = (WRITTEN_AS[written] ?? []).map((ending) => path.slice(0, -written.length) + ending);
  const tries = [...ENDINGS.map((ending) => path + ending), ...others, ...INDEXES.map((end) => path + end)];
  for (const each of tries) {
    const found = byPath.get(each);
    if (found !== undefined) return found;
  }
  return null;
}

/** The only file whose path without its ending is `path` or ends with it; of several the nearest, if one is. */
function byEnding({ modules, byStem }: Files, importer: string, path: string): number | null {
  const stem = path.split("/").at(-1) ?? "";
  const python = importer.endsWith(".py");
  const found = (byStem.get(stem) ?? []).filter((index) => {
    const { file } = modules[index]!;
    const own = pathStem(file);
    return file.endsWith(".py") === python && (own === path || own.endsWith(`/${path}`));
  });
  if (found.length < 2) return found[0] ?? null;
  const shared = found.map((index) => sharedSteps(modules[index]!.file, importer));
  const most = Math.max(...shared);
  const nearest = found.filter((_, position) => shared[position] === most);
  return nearest.length === 1 ? nearest[0]! : null;
}

function sharedSteps(one: string, other: string): number {
  const steps = other.split("/");
  const differs = one.split("/").findIndex((step, position) => step !== steps[position]);
  return differs === -1 ? steps.length : differs;
}

function findPython(files: Files, importer: string, specifier: string): number | null {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const path = specifier.slice(dots).replaceAll(".", "/");
  // A single step such as `openai` is a file beside the importing one or a package, never a file elsewhere.
  if (dots === 0 && !path.includes("/")) {
    return pythonFileAt(files, join(folderOf(importer), path)) ?? pythonFileAt(files, path);
  }
  if (dots === 0) return pythonFileAt(files, path) ?? byEnding(files, importer, path);
  const folder = join(folderOf(importer), "../".repeat(dots - 1));
  return folder === null ? null : pythonFileAt(files, join(folder, path));
}

function pythonFileAt({ byPath }: Files, path: string | null): number | null {
  if (path === null) return null;
  const inside = path === "" ? "__init__.py" : `${path}/__init__.py`;
  return byPath.get(`${path}.py`) ?? byPath.get(inside) ?? null;
}
