/** Gathers the sources that a scan is asked for, each once, and says what was left out. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { PathAlias, SourceFile } from "@colophon/authoring/scan";
import { HarnessError } from "@colophon/kernel";
import { type LeftOut, LeftOutCount } from "./left-out.ts";
import { readPathAliases } from "./read-path-aliases.ts";
import { type OddEncoding, readSource } from "./read-source.ts";
import { languageOf, SOURCE_ENDINGS } from "./source-language.ts";
import { told, walkSources } from "./walk-sources.ts";

export interface SourcesRequest {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly tests?: boolean;
  readonly hidden?: boolean;
}

export interface ScanSources {
  /** Absolute; what the files are told relative to. */
  readonly base: string;
  readonly files: readonly SourceFile[];
  readonly aliases: readonly PathAlias[];
  readonly leftOut: readonly LeftOut[];
  readonly encodings: readonly { readonly file: string; readonly encoding: OddEncoding }[];
}

/** @throws HarnessError `usage` for a path that is not there or names a file of another kind. */
export function readScanSources({ paths, cwd, tests = false, hidden = false }: SourcesRequest): ScanSources {
  const roots = paths.map((path) => rootOf(path, cwd));
  const base = baseOf(roots, realpathSync(cwd));
  const left = new LeftOutCount();
  const named = new Set(roots.filter(({ isFolder }) => !isFolder).map(({ path }) => path));
  const walks = roots
    .filter(({ isFolder }) => isFolder)
    .map(({ path }) => walkSources(path, { includeTests: tests, includeHidden: hidden, base, left }));
  const sources = [...new Set([...named, ...walks.flatMap((walk) => walk.sources)])];
  const files: SourceFile[] = [];
  const encodings: { file: string; encoding: OddEncoding }[] = [];
  for (const path of sources) {
    const file = told(base, path);
    const read = readSource(path, named.has(path));
    const language = languageOf(path);
    if (language === null) continue;
    if ("leftOut" in read) {
      left.add(read.leftOut, file);
      continue;
    }
    files.push({ file, language, source: read.text });
    if (read.encoding !== null) encodings.push({ file, encoding: read.encoding });
  }
  files.sort((a, b) => (a.file < b.file ? -1 : 1));
  const aliases = readPathAliases([...new Set(walks.flatMap((walk) => walk.configs))], base);
  return { base, files, aliases, leftOut: left.list(), encodings };
}

interface Root {
  /** Absolute, without links. */
  readonly path: string;
  readonly isFolder: boolean;
}

function rootOf(name: string, cwd: string): Root {
  const path = resolve(cwd, name);
  if (!existsSync(path))
    throw new HarnessError("usage", `${name} is not there; name a folder or a source file that is.`);
  const real = realpathSync(path);
  if (statSync(real).isDirectory()) return { path: real, isFolder: true };
  if (languageOf(real) !== null) return { path: real, isFolder: false };
  throw new HarnessError(
    "usage",
    `${name} is no source that a scan reads; name a folder, or a file that ends in ${SOURCE_ENDINGS.join(", ")}.`,
  );
}

/** The working folder where all paths are in it, else the innermost folder around all of them. */
function baseOf(roots: readonly Root[], cwd: string): string {
  const folders = roots.map(({ path, isFolder }) => (isFolder ? path : dirname(path)));
  if (folders.every((folder) => isInside(folder, cwd))) return cwd;
  return folders.reduce((around, folder) => {
    let at = around;
    while (!isInside(folder, at)) at = dirname(at);
    return at;
  });
}

function isInside(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside !== ".." && !inside.startsWith(`..${sep}`) && resolve(folder, inside) === path;
}
