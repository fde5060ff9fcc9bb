/** Says what imports of an application's own files end in, by its tsconfig and package.json, where no import tells. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { readConfig } from "../scan/read-path-aliases.ts";

/** How the files of a folder find each other. */
export interface ImportRules {
  /** `.ts`, `.js` or nothing; null where every ending will do. */
  readonly ending: string | null;
  /** Why the SDK would not be found as this folder is set up; null where nothing stands in its way. */
  readonly obstacle: string | null;
}

type Options = Readonly<Record<string, unknown>>;

const MAX_PARENTS = 10;
const BY_PACKAGE = /^node(16|18|20|next)$/;
const BEFORE_EXPORTS = /^(node|node10|classic)$/;

/** Of a source file, by its absolute path. */
export function importRules(file: string): ImportRules {
  const isModule = packageType(dirname(file)) === "module" || /\.m[jt]s$/.test(file);
  if (!/\.[cm]?tsx?$/.test(file)) return { ending: isModule ? ".js" : null, obstacle: null };
  const config = nearest(dirname(file), "tsconfig.json");
  // Without a compiler the file runs as it is, and is named as it is.
  if (config === undefined) return { ending: ".ts", obstacle: null };
  const options = compilerOptions(config);
  const named = (key: string): string => String(options[key] ?? "").toLowerCase();
  const resolution = named("moduleResolution");
  const obstacle = BEFORE_EXPORTS.test(resolution)
    ? `${config} says moduleResolution: ${String(options.moduleResolution)}, by which the types of colophon are not found: set bundler, node16 or nodenext`
    : null;
  if (options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true) {
    return { ending: ".ts", obstacle };
  }
  const isByPackage = BY_PACKAGE.test(resolution === "" ? named("module") : resolution);
  // Where nothing is said, what Node runs afterwards wants an ending in a module.
  const isUnsaid = resolution === "" && named("module") === "";
  return { ending: isModule && (isByPackage || isUnsaid) ? ".js" : "", obstacle };
}

function nearest(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, name))) return join(at, name);
    if (existsSync(join(at, ".git")) || dirname(at) === at) return undefined;
  }
}

function packageType(folder: string): unknown {
  const file = nearest(folder, "package.json");
  if (file === undefined) return undefined;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { readonly type?: unknown } | null)?.type;
  } catch {
    // Other tools complain of it.
    return undefined;
  }
}

/** With what it extends; where it only refers to others, those of the first that says how modules are found. */
function compilerOptions(file: string): Options {
  const own = withParents(file, 0);
  if (own.moduleResolution !== undefined || own.module !== undefined) return own;
  const { references } = readConfig(file);
  for (const one of Array.isArray(references) ? references : []) {
    const path = (one as { readonly path?: unknown } | null)?.path;
    if (typeof path !== "string") continue;
    const named = resolve(dirname(file), path);
    const options = withParents(named.endsWith(".json") ? named : join(named, "tsconfig.json"), 0);
    if (options.moduleResolution !== undefined || options.module !== undefined) return options;
  }
  return own;
}

function withParents(file: string, depth: number): Options {
  const { compilerOptions = {}, extends: parents } = readConfig(file);
  const all = Array.isArray(parents) ? parents : [parents];
  const inherited = all.map((parent) => {
    const path = typeof parent === "string" && depth < MAX_PARENTS ? parentPath(file, parent) : undefined;
    return path === undefined ? {} : withParents(path, depth + 1);
  });
  return Object.assign({}, ...inherited, compilerOptions);
}

function parentPath(file: string, parent: string): string | undefined {
  if (parent.startsWith(".") || isAbsolute(parent)) {
    const path = resolve(dirname(file), parent);
    return [path, `${path}.json`].find((one) => one.endsWith(".json") && existsSync(one));
  }
  const { resolve: find } = createRequire(file);
  for (const name of [parent, `${parent}.json`, `${parent}/tsconfig.json`]) {
    try {
      const found = find(name);
      if (found.endsWith(".json")) return found;
    } catch {
      // A preset that is not installed says nothing.
    }
  }
  return undefined;
}
