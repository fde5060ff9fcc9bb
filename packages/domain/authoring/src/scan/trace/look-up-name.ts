/** Follows a name to what it stands for: bindings, parameters, imports. */
import type { SourceImport } from "../source/source-module.ts";
import type { NameValue } from "../source/source-value.ts";
import { accumulateBindings } from "./accumulate-bindings.ts";
import type { Entity, Located, ScopePlace } from "./entity.ts";
import { classAround, nameAt, scopeAt, type Tracer } from "./tracer.ts";

type LocatedName = Located & { readonly value: NameValue };

/** Names that stand for the object of the class around them. */
const SELVES: ReadonlySet<string> = new Set(["this", "self", "cls"]);

/** @returns empty for a name that nothing scanned gives a value */
export function lookUpName(tracer: Tracer, at: LocatedName): readonly Entity[] {
  const { module, value } = at;
  if (SELVES.has(value.name)) {
    const own = classAround(tracer, { module, scope: value.scope });
    if (own !== null) return [{ kind: "instance", ...own, call: selfOf(at, own) }];
  }
  for (let scope: number | null = value.scope; scope !== null; ) {
    const facts = scopeAt(tracer, { module, scope });
    if (facts.kind !== "class" || scope === value.scope) {
      const found = inScope(tracer, at, scope);
      if (found !== null) return found;
    }
    scope = facts.parent;
  }
  return lookUpImport(tracer, module, value.name);
}

/** The call that made the object whose method is being followed. */
function selfOf({ frame }: LocatedName, own: ScopePlace): Located | null {
  for (let at = frame; at !== null; at = at.outer) {
    const self = at.module === own.module ? at.values.get("this") : undefined;
    if (self !== undefined) return self;
  }
  return null;
}

function inScope(tracer: Tracer, at: LocatedName, scope: number): readonly Entity[] | null {
  const { module, value, frame } = at;
  const facts = scopeAt(tracer, { module, scope });
  const isParameter = facts.parameters.some(({ name }) => name === value.name);
  const bindings = tracer.index.names[module]!.bindings[scope]!.get(value.name) ?? [];
  if (bindings.length > 0) {
    const values = accumulateBindings({
      bindings,
      source: tracer.index.modules[module]!.source,
      position: scope === value.scope ? value.from : null,
      // Read before the first binding, the name is the parameter again.
      initial: isParameter ? nameAt(value.name, scope, { from: facts.from, to: facts.from }) : null,
    });
    if (values.length > 1 || values[0]?.kind !== "name" || values[0].from !== facts.from) {
      return values.flatMap((each) => tracer.expand({ module, value: each, frame }));
    }
  }
  return isParameter ? tracer.parameters({ module, scope, name: value.name, frame }) : null;
}

function lookUpImport(tracer: Tracer, module: number, name: string): readonly Entity[] {
  const { imports, starImports } = tracer.index.names[module]!;
  const own = imports.get(name);
  if (own !== undefined) return importedEntities(tracer, module, own);
  for (const specifier of starImports) {
    const target = tracer.index.findModule(module, specifier);
    const found = target === null ? [] : exportedEntities(tracer, { module: target, name });
    if (found.length > 0) return found;
  }
  return [];
}

function importedEntities(tracer: Tracer, module: number, entry: SourceImport): readonly Entity[] {
  const { module: specifier, imported } = entry;
  const { findModule, modules } = tracer.index;
  const isPython = modules[module]!.language === "python";
  const target = findModule(module, specifier);
  const inside = specifier.endsWith(".") ? specifier + imported : `${specifier}.${imported}`;
  const submodule = isPython && imported !== null ? findModule(module, inside) : null;
  if (target === null && submodule === null) {
    return [{ kind: "external", package: specifier, path: imported === null ? [] : [imported] }];
  }
  if (target !== null && imported === null) return [{ kind: "module", module: target }];
  const found = target === null ? [] : exportedEntities(tracer, { module: target, name: imported! });
  // A file may bear the name of a package, such as `agents.py`, and pass on other packages' names alone.
  const isNamesake = isPython && !specifier.includes(".") && found.every(({ kind }) => kind === "external");
  if (found.length > 0 && !isNamesake) return found;
  if (submodule !== null) return [{ kind: "module", module: submodule }];
  if (isNamesake) return [{ kind: "external", package: specifier, path: [imported!] }];
  // The default export of a CommonJS module is the module itself.
  return imported === "default" && target !== null ? [{ kind: "module", module: target }] : [];
}

const DEEPEST_EXPORT = 8;

export interface ExportedName {
  readonly module: number;
  readonly name: string;
  /** How many modules passed it on so far. */
  readonly depth?: number;
}

/** What a module exports under a name; empty where it does not. */
export function exportedEntities(
  tracer: Tracer,
  { module, name, depth = 0 }: ExportedName,
): readonly Entity[] {
  if (depth > DEEPEST_EXPORT) return [];
  const { names, modules, findModule } = tracer.index;
  const { exports, starExports, imports, starImports } = names[module]!;
  const entry = exports.get(name);
  if (entry !== undefined) {
    if (entry.from !== null) {
      const target = findModule(module, entry.from.module);
      if (target === null) return [externalExport(entry.from)];
      return entry.from.imported === null
        ? [{ kind: "module", module: target }]
        : exportedEntities(tracer, { module: target, name: entry.from.imported, depth: depth + 1 });
    }
    if (entry.value !== null) return tracer.expand({ module, value: entry.value, frame: null });
    const end = modules[module]!.source.length;
    return tracer.expand({
      module,
      value: nameAt(entry.local ?? name, 0, { from: end, to: end }),
      frame: null,
    });
  }
  const isPython = modules[module]!.language === "python";
  const imported = isPython ? imports.get(name) : undefined;
  if (imported !== undefined) return importedEntities(tracer, module, imported);
  for (const specifier of [...starExports, ...(isPython ? starImports : [])]) {
    const target = findModule(module, specifier);
    const found = target === null ? [] : exportedEntities(tracer, { module: target, name, depth: depth + 1 });
    if (found.length > 0) return found;
  }
  const submodule = isPython ? findModule(module, `.${name}`) : null;
  return submodule === null || submodule === module ? [] : [{ kind: "module", module: submodule }];
}

function externalExport(from: { readonly module: string; readonly imported: string | null }): Entity {
  return { kind: "external", package: from.module, path: from.imported === null ? [] : [from.imported] };
}
