/** Names, imports and exports of all scanned modules, prepared to be looked up. */

import { type LineNumbers, lineNumbers } from "../source/line-numbers.ts";
import type {
  SourceBinding,
  SourceCall,
  SourceExport,
  SourceImport,
  SourceModule,
  SourceScope,
} from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";
import type { ScopePlace } from "./entity.ts";
import { createModuleFinder, type ModuleFinder, type PathAlias } from "./find-module.ts";
import { visitValues } from "./visit-values.ts";

/** A call together with the module that it stands in. */
export interface CallPlace {
  readonly module: number;
  /** Index into the module's calls. */
  readonly call: number;
}

/** The names of one module. */
export interface ModuleNames {
  readonly imports: ReadonlyMap<string, SourceImport>;
  /** Modules whose names are all taken over. */
  readonly starImports: readonly string[];
  readonly exports: ReadonlyMap<string, SourceExport>;
  readonly starExports: readonly string[];
  /** For each scope its bindings by name, in the order of the source. */
  readonly bindings: readonly ReadonlyMap<string, readonly SourceBinding[]>[];
  /** Bindings to a path such as `this.prompt` or `PROMPTS.triage`, in whichever scope they stand. */
  readonly paths: ReadonlyMap<string, readonly { readonly scope: number; readonly binding: SourceBinding }[]>;
  /** The packages and modules it imports, as written. */
  readonly imported: ReadonlySet<string>;
}

export interface ModuleIndex {
  readonly modules: readonly SourceModule[];
  readonly names: readonly ModuleNames[];
  readonly lines: readonly LineNumbers[];
  /** The module that a specifier means in a module; null for one that is not scanned. */
  readonly findModule: ModuleFinder;
  /** Calls by the last step of what is called. */
  readonly callsByName: ReadonlyMap<string, readonly CallPlace[]>;
  /** How many functions of a class have a name. */
  readonly methodsByName: ReadonlyMap<string, number>;
  /** Classes by the name of what they extend. */
  readonly heirsByBase: ReadonlyMap<string, readonly ScopePlace[]>;
  /** Whatever any of the modules imports, as written. */
  readonly imported: ReadonlySet<string>;
  /** What stands under a key or name that tells of prompts, such as `DESCRIPTION_PROMPT`, anywhere. */
  readonly textsByKey: ReadonlyMap<string, readonly KeyedValue[]>;
}

export interface KeyedValue {
  readonly module: number;
  readonly value: SourceValue;
}

export interface IndexOptions {
  /** The `paths` of a tsconfig.json, relative to the scanned folder. */
  readonly aliases?: readonly PathAlias[];
}

/** @param modules each file once */
export function indexModules(modules: readonly SourceModule[], options: IndexOptions = {}): ModuleIndex {
  const names = modules.map(namesOf);
  return {
    modules,
    names,
    imported: new Set(names.flatMap(({ imported }) => [...imported])),
    lines: modules.map(({ source }) => lineNumbers(source)),
    findModule: createModuleFinder(modules, options.aliases ?? []),
    callsByName: indexCalls(modules),
    methodsByName: countMethods(modules),
    heirsByBase: indexHeirs(modules),
    textsByKey: indexKeys(modules),
  };
}

function namesOf(module: SourceModule): ModuleNames {
  const paths = new Map<string, { readonly scope: number; readonly binding: SourceBinding }[]>();
  const bindings = module.scopes.map((scope, index) => bindingsOf(scope, index, paths));
  const named = module.imports.filter(({ local }) => local !== "*");
  return {
    imports: new Map(named.map((entry) => [entry.local, entry])),
    starImports: module.imports.filter(({ local }) => local === "*").map(({ module: from }) => from),
    exports: new Map(
      module.exports.filter(({ exported }) => exported !== "*").map((entry) => [entry.exported, entry]),
    ),
    starExports: module.exports.flatMap(({ exported, from }) =>
      exported === "*" && from !== null ? [from.module] : [],
    ),
    bindings,
    paths,
    imported: new Set(module.imports.map(({ module: from }) => from)),
  };
}

function bindingsOf(
  { bindings }: SourceScope,
  scope: number,
  paths: Map<string, { readonly scope: number; readonly binding: SourceBinding }[]>,
): ReadonlyMap<string, readonly SourceBinding[]> {
  const byName = new Map<string, SourceBinding[]>();
  for (const binding of bindings) {
    addTo(byName, binding.name, binding);
    if (binding.name.includes(".")) addTo(paths, binding.name, { scope, binding });
  }
  return byName;
}

function indexCalls(modules: readonly SourceModule[]): ReadonlyMap<string, readonly CallPlace[]> {
  const byName = new Map<string, CallPlace[]>();
  modules.forEach(({ calls, imports }, module) => {
    const aliases = new Map(
      imports.flatMap(({ local, imported }) =>
        imported !== null && imported !== local && imported !== "*" ? [[local, imported] as const] : [],
      ),
    );
    calls.forEach((facts, call) => {
      for (const name of new Set(namesOfCall(facts, aliases))) {
        addTo(byName, name, { module, call });
      }
    });
  });
  return byName;
}

/** A function that is imported under another name is looked for under its own too. */
function namesOfCall({ callee }: SourceCall, aliases: ReadonlyMap<string, string>): readonly string[] {
  const last = callee.at(-1) ?? "";
  const own = callee.length === 1 ? aliases.get(last) : undefined;
  return own === undefined ? [last] : [last, own];
}

function countMethods(modules: readonly SourceModule[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { scopes } of modules) {
    for (const { kind, name, parent } of scopes) {
      if (kind !== "function" || name === null || parent === null || scopes[parent]?.kind !== "class")
        continue;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

function indexHeirs(modules: readonly SourceModule[]): ReadonlyMap<string, readonly ScopePlace[]> {
  const byBase = new Map<string, ScopePlace[]>();
  modules.forEach(({ scopes }, module) => {
    scopes.forEach(({ kind, bases = [] }, scope) => {
      if (kind !== "class") return;
      for (const base of bases) addTo(byBase, base.split(".").at(-1) ?? base, { module, scope });
    });
  });
  return byBase;
}

const TELLING_KEY = /^(?!instructions$)(?=.{9}).*(?:prompt|instruction|system_?message|persona|rubric)/i;
const WRITTEN: ReadonlySet<string> = new Set(["text", "concatenation", "format"]);

function indexKeys(modules: readonly SourceModule[]): ReadonlyMap<string, readonly KeyedValue[]> {
  const byKey = new Map<string, KeyedValue[]>();
  modules.forEach((module, index) => {
    const add = (key: string | null, value: SourceValue): void => {
      if (key !== null && WRITTEN.has(value.kind) && TELLING_KEY.test(key))
        addTo(byKey, key, { module: index, value });
    };
    for (const { kind, bindings } of module.scopes) {
      if (kind !== "function") for (const { name, value } of bindings) add(name, value);
    }
    visitValues(module, (value) => {
      if (value.kind === "object") for (const { key, value: entry } of value.entries) add(key, entry);
    });
  });
  return byKey;
}

function addTo<T>(map: Map<string, T[]>, key: string, item: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [item]);
  else known.push(item);
}
