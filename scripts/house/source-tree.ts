/** Reads the repository once: its files, its workspace packages and its parsed sources. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSource, type SourceFile } from "./source-file.ts";

export interface Manifest {
  readonly name: string;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** Relative to the root, with forward slashes. */
  readonly directory: string;
  readonly manifest: Manifest;
  readonly sources: readonly SourceFile[];
}

export interface SourceTree {
  readonly root: string;
  readonly paths: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly packages: readonly WorkspacePackage[];
  readonly rootManifest: Manifest;
  read(path: string): string;
}

/** What an import leads to inside the repository. */
export interface Target {
  readonly owner: WorkspacePackage | undefined;
  readonly files: readonly string[];
}

const GENERATED = /(^|\/)(node_modules|dist|\.types|\.git|\.colophon|coverage|results)(\/|$)/;
const SOURCE = /\.([cm]?tsx?|[cm]?js)$/;

export function readTree(root: string): SourceTree {
  const paths = new Set(listPaths(root));
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const sources = new Map<string, SourceFile>();
  for (const path of paths) if (SOURCE.test(path)) sources.set(path, parseSource(path, read(path)));
  const packages = [...paths]
    .filter((path) => path.endsWith("/package.json"))
    .map((path) => {
      const directory = posix.dirname(path);
      const own = [...sources.values()].filter((source) => source.path.startsWith(`${directory}/`));
      return { directory, manifest: JSON.parse(read(path)) as Manifest, sources: own };
    });
  const rootManifest = JSON.parse(read("package.json")) as Manifest;
  return { root, paths, sources, packages, rootManifest, read };
}

export function packageOf(tree: SourceTree, path: string): WorkspacePackage | undefined {
  return tree.packages.find(({ directory }) => path.startsWith(`${directory}/`));
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith(".") || specifier.startsWith("/");
}

/** "@scope/name/sub" → "@scope/name"; "name/sub" → "name". */
export function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

export function resolveImport(tree: SourceTree, from: string, specifier: string): Target | undefined {
  if (isRelative(specifier)) {
    const file = posix.normalize(posix.join(posix.dirname(from), specifier));
    return { owner: packageOf(tree, file), files: [file] };
  }
  const name = packageName(specifier);
  const owner = tree.packages.find(({ manifest }) => manifest.name === name);
  return owner && { owner, files: entryFiles(owner, `.${specifier.slice(name.length)}`) };
}

/** The files behind a subpath ("." without one) under any condition; without a subpath, all entry files. */
export function entryFiles({ directory, manifest }: WorkspacePackage, subpath?: string): readonly string[] {
  const { exports } = manifest;
  const table = typeof exports === "object" && exports !== null ? Object.entries(exports) : [[".", exports]];
  return table
    .filter(([key]) => subpath === undefined || key === subpath)
    .flatMap(([, value]) => leaves(value))
    .map((file) => posix.normalize(posix.join(directory, file)));
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}

/** Git knows what is ignored; outside a repository of its own every file counts but the generated ones. */
function listPaths(root: string): readonly string[] {
  if (existsSync(join(root, ".git"))) {
    try {
      const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
      const listed = execFileSync("git", args, {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const present = listed.split("\0").filter((path) => path && existsSync(join(root, path)));
      return present.filter((path) => !GENERATED.test(path)).sort();
    } catch {
      // No git at hand: the walk below lists nearly the same.
    }
  }
  return [...walkFolder(root, "")].sort();
}

function* walkFolder(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (GENERATED.test(path)) continue;
    if (entry.isDirectory()) yield* walkFolder(root, path);
    else if (entry.isFile()) yield path;
  }
}
