/** What the parts of the tracer ask of each other. */
import type { SourceBinding, SourceCall, SourceScope } from "../source/source-module.ts";
import type { NameValue, SourceValue, Span } from "../source/source-value.ts";
import type { Entity, Frame, Located, ScopePlace } from "./entity.ts";
import type { CallPlace, ModuleIndex } from "./module-index.ts";

export interface CallAt {
  readonly module: number;
  /** Index into the module's calls. */
  readonly call: number;
  readonly frame: Frame | null;
}

export interface Tracer {
  readonly index: ModuleIndex;
  /**
   * Whether parameters are followed to the arguments of all calls, and calls to what functions return. Without,
   * what comes out is the same whoever calls.
   */
  readonly followsCalls: boolean;
  /** What an expression can stand for; itself, where it cannot be followed. Empty where it was cut. */
  expand(at: Located): readonly Entity[];
  /** What `object.property` can stand for; empty where it is not known. */
  members(object: Located, property: string): readonly Entity[];
  /** What is called. */
  callees(at: CallAt): readonly Entity[];
  /** Where a function is called. */
  sites(place: ScopePlace): readonly CallPlace[];
  /** What a parameter can stand for. */
  parameters(at: ScopePlace & { readonly name: string; readonly frame: Frame | null }): readonly Entity[];
}

export function scopeAt({ index }: Tracer, { module, scope }: ScopePlace): SourceScope {
  return index.modules[module]!.scopes[scope]!;
}

export function callAt({ index }: Tracer, { module, call }: Pick<CallAt, "module" | "call">): SourceCall {
  return index.modules[module]!.calls[call]!;
}

/** The class around a scope; null outside of classes. */
export function classAround(tracer: Tracer, { module, scope }: ScopePlace): ScopePlace | null {
  for (let at: number | null = scope; at !== null; at = scopeAt(tracer, { module, scope: at }).parent) {
    if (scopeAt(tracer, { module, scope: at }).kind === "class") return { module, scope: at };
  }
  return null;
}

/** A name as if it stood at a place of a module, to be looked up. */
export function nameAt(name: string, scope: number, { from, to }: Span): NameValue {
  return { kind: "name", name, scope, from, to };
}

/** A path of names such as `settings.prompts.triage`; null for anything else. */
export function pathOf(value: SourceValue): string | null {
  if (value.kind === "name") return value.name;
  if (value.kind !== "member") return null;
  const object = pathOf(value.object);
  return object === null ? null : `${object}.${value.property}`;
}

/** A value that stands nowhere, as part of one that is put together of bindings. */
export const NO_TEXT: SourceValue = { kind: "text", form: "literal", pieces: [], from: 0, to: 0 };

export type Bindings = readonly SourceBinding[];
