/** Follows a parameter to what all calls of its function give it. */
import type { Entity, Frame, Located, ScopePlace } from "./entity.ts";
import { argumentFor, constructorOf } from "./follow-call.ts";
import type { CallPlace } from "./module-index.ts";
import { type CallAt, callAt, nameAt, scopeAt, type Tracer } from "./tracer.ts";

/** More calls of one function are not followed. */
const MOST_SITES = 256;
/** Names that many classes have, so that a call of an unknown object says nothing. */
const COMMON: ReadonlySet<string> = new Set([
  ...[
    "get",
    "set",
    "run",
    "call",
    "invoke",
    "create",
    "send",
    "post",
    "put",
    "add",
    "append",
    "push",
    "write",
  ],
  ...[
    "read",
    "execute",
    "process",
    "handle",
    "format",
    "render",
    "build",
    "update",
    "load",
    "start",
    "apply",
  ],
  ...[
    "then",
    "map",
    "filter",
    "join",
    "log",
    "info",
    "error",
    "parse",
    "main",
    "open",
    "save",
    "text",
    "json",
  ],
]);

interface ParameterAt extends ScopePlace {
  readonly name: string;
  readonly frame: Frame | null;
}

export function followParameter(tracer: Tracer, at: ParameterAt): readonly Entity[] {
  const { module, scope, name } = at;
  const parameter = scopeAt(tracer, at).parameters.find((each) => each.name === name);
  if (parameter === undefined) return [];
  const fallback = parameter.fallback === null ? null : { module, value: parameter.fallback, frame: null };
  const { from, to } = parameter;
  const self: Located = { module, value: nameAt(name, scope, { from, to }), frame: null };
  const opaque = { kind: "parameter", module, scope, parameter, at: self } as const;
  const frame = frameAt(at);
  if (frame !== null) {
    const given = frame.values.get(name) ?? fallback;
    return given === null ? [opaque] : withType(tracer.expand(given), opaque);
  }
  if (!tracer.followsCalls) return [opaque];
  const given = tracer.sites(at).flatMap((site) => {
    const argument = argumentFor(tracer, { ...site, frame: null }, { module, scope, parameter });
    return argument === null ? [] : tracer.expand(argument);
  });
  const found = fallback === null ? given : [...given, ...tracer.expand(fallback)];
  return withType(found, opaque);
}

/** Whatever it is given, its type still says what it is. */
function withType(
  found: readonly Entity[],
  opaque: Entity & { readonly kind: "parameter" },
): readonly Entity[] {
  return found.length === 0 || opaque.parameter.type !== null ? [...found, opaque] : found;
}

function frameAt({ module, scope, frame }: ParameterAt): Frame | null {
  for (let at = frame; at !== null; at = at.outer) if (at.module === module && at.scope === scope) return at;
  return null;
}

/** The calls of a function, as many as are followed. */
export function findSites(tracer: Tracer, place: ScopePlace): readonly CallPlace[] {
  const sites: CallPlace[] = [];
  for (const name of namesOf(tracer, place)) {
    for (const site of tracer.index.callsByName.get(name) ?? []) {
      if (sites.length >= MOST_SITES) return sites;
      if (calls(tracer, { ...site, frame: null }, { place, name })) sites.push(site);
    }
  }
  return sites;
}

/** What a function is called by: its name, the names it is bound to, and for a constructor its class. */
function namesOf(tracer: Tracer, { module, scope }: ScopePlace): readonly string[] {
  const { name, parent } = scopeAt(tracer, { module, scope });
  const names = new Set<string>();
  if (name !== null && !isConstructor(name)) names.add(name);
  if (parent === null) return [...names];
  const around = scopeAt(tracer, { module, scope: parent });
  if (name !== null && isConstructor(name)) {
    if (around.name !== null) names.add(around.name);
    for (const heir of tracer.index.heirsByBase.get(around.name ?? "") ?? []) {
      names.add(scopeAt(tracer, heir).name ?? "");
    }
  }
  for (const { name: bound, value } of around.bindings) {
    if (value.kind === "function" && value.scope === scope) names.add(bound.split(".").at(-1) ?? bound);
  }
  return [...names];
}

function isConstructor(name: string): boolean {
  return name === "constructor" || name === "__init__";
}

function calls(
  tracer: Tracer,
  site: CallAt,
  { place, name }: { readonly place: ScopePlace; readonly name: string },
): boolean {
  const called = tracer.callees(site);
  const isIt = called.some((entity) => {
    if (entity.kind === "function") return entity.module === place.module && entity.scope === place.scope;
    if (entity.kind !== "class") return false;
    const making = constructorOf(tracer, entity);
    return making === null
      ? extendsPlace(tracer, entity, place)
      : making.module === place.module && making.scope === place.scope;
  });
  if (isIt) return true;
  const isKnown = called.some(({ kind }) => ["function", "class", "external", "module"].includes(kind));
  const { receiver } = callAt(tracer, site);
  return !isKnown && receiver !== null && !COMMON.has(name) && tracer.index.methodsByName.get(name) === 1;
}

/** Whether a class without a constructor of its own takes that of the class around `place`. */
function extendsPlace(tracer: Tracer, { module, scope }: ScopePlace, place: ScopePlace): boolean {
  const { bases = [] } = scopeAt(tracer, { module, scope });
  const { parent } = scopeAt(tracer, place);
  if (parent === null) return false;
  const { name } = scopeAt(tracer, { module: place.module, scope: parent });
  return bases.some((base) => base.split(".").at(-1) === name);
}
