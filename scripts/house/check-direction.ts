/** Checks that packages import each other in the direction of the house, declare what they import and nothing else. */
import { isBuiltin } from "node:module";
import type { Finding } from "./finding.ts";
import { PURE_ENTRIES, ROOMS, type Room } from "./rooms.ts";
import type { SourceFile, SourceImport } from "./source-file.ts";
import {
  isRelative,
  packageName,
  packageOf,
  resolveImport,
  type SourceTree,
  type WorkspacePackage,
} from "./source-tree.ts";

export function checkDirection(tree: SourceTree): readonly Finding[] {
  const findings: Finding[] = [];
  for (const source of tree.sources.values()) {
    for (const found of source.imports) findings.push(...checkRelative(tree, source, found));
  }
  for (const owner of tree.packages) {
    const room = ROOMS.find(({ directory }) => directory.test(owner.directory));
    if (!room) {
      const message = `${owner.directory} is no room of the house; add it to the direction table or move the package.`;
      findings.push({ rule: "direction", path: `${owner.directory}/package.json`, message });
      continue;
    }
    findings.push(...checkRoom(tree, owner, room), ...checkDeclared(tree, owner));
  }
  return [...findings, ...PURE_ENTRIES.flatMap((entry) => checkEntry(tree, entry))];
}

function checkRelative(tree: SourceTree, source: SourceFile, { specifier, line }: SourceImport): Finding[] {
  if (!isRelative(specifier)) return [];
  const target = resolveImport(tree, source.path, specifier);
  if (target?.owner === packageOf(tree, source.path) && !target?.files[0]?.startsWith("..")) return [];
  const name = target?.owner?.manifest.name;
  const message = `"${specifier}" leaves its package; import ${name ? `"${name}" by its name` : "a package by its name"}.`;
  return [{ rule: "relative-import", path: source.path, line, message }];
}

function checkRoom(tree: SourceTree, owner: WorkspacePackage, room: Room): Finding[] {
  const workspaceNames = new Set(tree.packages.map(({ manifest }) => manifest.name));
  const isOurs = (specifier: string) =>
    specifier.startsWith("@colophon/") || workspaceNames.has(packageName(specifier));
  const findings: Finding[] = [];
  for (const source of owner.sources.filter(({ isTest }) => !isTest)) {
    for (const found of source.imports.filter(({ specifier }) => !isRelative(specifier))) {
      const { specifier, line } = found;
      const at = { path: source.path, line };
      if (packageName(specifier) === owner.manifest.name) {
        const message = `"${specifier}" is the package itself; import the file by its relative path.`;
        findings.push({ rule: "direction", ...at, message });
      } else if (isOurs(specifier)) {
        if (!isAllowed(tree, { source, found, owner, room })) {
          const message = `${owner.manifest.name} may not import "${specifier}"; ${room.instead}.`;
          findings.push({ rule: "direction", ...at, message });
        }
      } else if (room.isPure) {
        findings.push({ rule: "pure", ...at, message: pureMessage(owner.manifest.name, specifier) });
      }
    }
  }
  return findings;
}

interface Question {
  readonly source: SourceFile;
  readonly found: SourceImport;
  readonly owner: WorkspacePackage;
  readonly room: Room;
}

function isAllowed(tree: SourceTree, { source, found, owner, room }: Question): boolean {
  const { specifier, kind } = found;
  if (room.typesOf?.includes(specifier)) return kind === "type";
  const inside = source.path.slice(owner.directory.length + 1);
  if (room.doors?.some((door) => door.files.test(inside) && door.specifiers.includes(specifier))) return true;
  const directory = resolveImport(tree, source.path, specifier)?.owner?.directory;
  return directory !== undefined && room.mayImport.some((allowed) => allowed.test(directory));
}

function pureMessage(who: string, specifier: string): string {
  return `${who} runs on any platform and may not import "${specifier}"; use what the language offers, or let the caller pass it in.`;
}

function checkEntry(tree: SourceTree, { entry, mayUseNode }: (typeof PURE_ENTRIES)[number]): Finding[] {
  const findings: Finding[] = [];
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const { specifier, line } of tree.sources.get(path)?.imports ?? []) {
      const target = resolveImport(tree, path, specifier);
      for (const file of target?.files ?? []) reached.add(file);
      if (target || (mayUseNode && isBuiltin(specifier))) continue;
      const message = `${entry} reaches this file, which therefore may not import "${specifier}"; use what ${mayUseNode ? "Node" : "the language"} offers, or let the caller pass it in.`;
      findings.push({ rule: "pure", path, line, message });
    }
  }
  // The kernel and the runtime are pure rooms and have reported their own.
  return findings.filter(({ path }) => !/^packages\/(kernel|domain\/runtime)\//.test(path));
}

function checkDeclared(tree: SourceTree, owner: WorkspacePackage): Finding[] {
  const { manifest, directory, sources } = owner;
  const declared = new Set(
    [manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies].flatMap((table) =>
      Object.keys(table ?? {}),
    ),
  );
  const forTests = new Set([
    ...declared,
    ...[manifest.devDependencies, tree.rootManifest.devDependencies].flatMap((table) =>
      Object.keys(table ?? {}),
    ),
    ...tree.packages.map((each) => each.manifest.name),
  ]);
  const path = `${directory}/package.json`;
  const findings: Finding[] = [];
  const used = new Set<string>();
  for (const source of sources) {
    for (const { specifier, line } of source.imports) {
      if (isRelative(specifier) || isBuiltin(specifier)) continue;
      const name = packageName(specifier);
      if (!source.isTest) used.add(name);
      if (name === manifest.name || (source.isTest ? forTests : declared).has(name)) continue;
      const message = `"${name}" is imported but not declared; add it to ${path}.`;
      findings.push({ rule: "declared", path: source.path, line, message });
    }
  }
  for (const name of declared) {
    // A framework runs an example by its own command, and asks for packages that nobody imports.
    if (used.has(name) || directory.startsWith("examples/")) continue;
    findings.push({
      rule: "declared",
      path,
      message: `"${name}" is declared but no source imports it; remove it.`,
    });
  }
  return findings;
}
