/** Follows `object.property` to what it stands for. */
import type { SourceParameter } from "../source/source-module.ts";
import type { ObjectValue, SourceValue } from "../source/source-value.ts";
import { accumulateBindings } from "./accumulate-bindings.ts";
import type { Entity, Located, ScopePlace } from "./entity.ts";
import { argumentNamed, constructorFrame, constructorOf, keepsArguments } from "./follow-call.ts";
import { exportedEntities } from "./look-up-name.ts";
import { classAround, nameAt, pathOf, scopeAt, type Tracer } from "./tracer.ts";

/** @returns empty where nothing is known of it */
export function lookUpMember(tracer: Tracer, object: Located, property: string): readonly Entity[] {
  const assigned = assignedEntities(tracer, object, property);
  const found = tracer.expand(object).flatMap((entity) => membersOf(tracer, entity, property));
  return [...found, ...assigned];
}

/** What `object.property = …` says, wherever the same name is in reach. */
function assignedEntities(
  tracer: Tracer,
  { module, value, frame }: Located,
  property: string,
): readonly Entity[] {
  const path = pathOf(value);
  if (path === null || value.kind !== "name") return [];
  const found = tracer.index.names[module]!.paths.get(`${path}.${property}`) ?? [];
  const near = found.filter(({ scope }) => isInside(tracer, module, { inner: value.scope, outer: scope }));
  return near.flatMap(({ binding }) => tracer.expand({ module, value: binding.value, frame }));
}

function isInside(
  tracer: Tracer,
  module: number,
  { inner, outer }: { readonly inner: number; readonly outer: number },
): boolean {
  for (let at: number | null = inner; at !== null; at = scopeAt(tracer, { module, scope: at }).parent) {
    if (at === outer) return true;
  }
  return false;
}

function membersOf(tracer: Tracer, entity: Entity, property: string): readonly Entity[] {
  switch (entity.kind) {
    case "value":
      return valueMembers(tracer, entity.at, property);
    case "class":
      return classMembers(tracer, entity, { property, call: null, depth: 0 });
    case "instance":
      return classMembers(tracer, entity, { property, call: entity.call, depth: 0 });
    case "module":
      return moduleMembers(tracer, entity.module, property);
    case "external":
      return [{ kind: "external", package: entity.package, path: [...entity.path, property] }];
    case "parameter":
      return typesOf(tracer, entity, entity.parameter).flatMap((type) => membersOf(tracer, type, property));
    case "function":
      return [];
  }
}

function moduleMembers(tracer: Tracer, module: number, property: string): readonly Entity[] {
  const named = exportedEntities(tracer, { module, name: property });
  if (named.length > 0 || property === "default") return named;
  // `module.exports = { … }`, or a default export that is read as the module.
  return exportedEntities(tracer, { module, name: "default" }).flatMap((entity) =>
    entity.kind === "module" ? [] : membersOf(tracer, entity, property),
  );
}

function valueMembers(tracer: Tracer, at: Located, property: string): readonly Entity[] {
  const { value, module, frame } = at;
  if (property === ANY) return anyMember(tracer, at);
  if (value.kind === "object") return entryMembers(tracer, { ...at, value }, property);
  if (value.kind === "list") {
    const item = value.isRepeated ? value.items[0] : value.items[Number(property)];
    return item === undefined || !/^\d+$/.test(property) ? [] : tracer.expand({ module, value: item, frame });
  }
  if (value.kind === "call" && keepsArguments(tracer, { module, call: value.call })) {
    const given = argumentNamed(tracer, { module, call: value.call, frame }, property);
    return given === null ? [] : tracer.expand(given);
  }
  return [];
}

/** A computed property, as the readers write it. */
const ANY = "[]";
// Of a larger table it cannot be said which of its values is meant.
const MOST_ENTRIES = 48;

/** `PROMPTS[kind]` is any of them. */
function anyMember(tracer: Tracer, { value, module, frame }: Located): readonly Entity[] {
  if (!tracer.followsCalls) return [];
  const values =
    value.kind === "object"
      ? value.entries.map((entry) => entry.value)
      : value.kind === "list"
        ? value.items
        : [];
  if (values.length > MOST_ENTRIES) return [];
  return values.flatMap((each) =>
    tracer.expand({ module, value: each.kind === "spread" ? each.value : each, frame }),
  );
}

/** The last entry of a name counts; a spread counts where no later entry has the name. */
function entryMembers(
  tracer: Tracer,
  { value, module, frame }: Located & { readonly value: ObjectValue },
  property: string,
): readonly Entity[] {
  for (const { key, value: entry } of [...value.entries].reverse()) {
    const found =
      key === property
        ? tracer.expand({ module, value: entry, frame })
        : entry.kind === "spread"
          ? tracer.members({ module, value: entry.value, frame }, property)
          : [];
    if (found.length > 0) return found;
  }
  return [];
}

interface Wanted {
  readonly property: string;
  /** The call that made the object. */
  readonly call: Located | null;
  readonly depth: number;
}

const DEEPEST_BASE = 5;

function classMembers(tracer: Tracer, place: ScopePlace, wanted: Wanted): readonly Entity[] {
  const { property, call, depth } = wanted;
  const own = [...givenEntities(tracer, place, wanted), ...assignedInMethods(tracer, place, wanted)];
  const fields = tracer.index.names[place.module]!.bindings[place.scope]!.get(property) ?? [];
  const values = accumulateBindings({
    bindings: fields,
    source: tracer.index.modules[place.module]!.source,
    position: null,
    initial: null,
  });
  const inside = values.flatMap((value) =>
    expandField(tracer, { module: place.module, value, frame: null }, call),
  );
  const overriding = call === null && depth === 0 ? heirFields(tracer, place, property) : [];
  const found = [...own, ...(own.length > 0 ? inside.filter(isNoPlaceholder) : inside), ...overriding];
  if (found.length > 0 || depth >= DEEPEST_BASE) return found;
  return basesOf(tracer, place).flatMap((base) =>
    base.kind === "class" ? classMembers(tracer, base, { ...wanted, depth: depth + 1 }) : [],
  );
}

/** `self.prompt` of a base class is that of whichever class extends it. */
function heirFields(tracer: Tracer, place: ScopePlace, property: string): readonly Entity[] {
  const { name } = scopeAt(tracer, place);
  if (!tracer.followsCalls || name === null) return [];
  return (tracer.index.heirsByBase.get(name) ?? []).flatMap(({ module, scope }) => {
    const fields = tracer.index.names[module]!.bindings[scope]!.get(property) ?? [];
    return fields.flatMap(({ value }) => tracer.expand({ module, value, frame: null }));
  });
}

/** A field that is declared empty says nothing where a method fills it. */
function isNoPlaceholder(entity: Entity): boolean {
  return entity.kind !== "value" || (entity.at.value.kind !== "plain" && entity.at.value.kind !== "unknown");
}

/** Methods know the object that they are read from. */
function expandField(tracer: Tracer, at: Located, call: Located | null): readonly Entity[] {
  return tracer
    .expand(at)
    .map((entity) => (entity.kind === "function" && call !== null ? { ...entity, self: call } : entity));
}

/** Of a class without a constructor, such as a dataclass, what the call that made the object names. */
function givenEntities(tracer: Tracer, place: ScopePlace, { property, call }: Wanted): readonly Entity[] {
  if (call?.value.kind !== "call" || constructorOf(tracer, place) !== null) return [];
  const given = argumentNamed(tracer, { ...call, call: call.value.call }, property);
  return given === null ? [] : tracer.expand(given);
}

/** `this.prompt = …` and `self.prompt = …` in the methods, and parameters that are properties at once. */
function assignedInMethods(tracer: Tracer, place: ScopePlace, { property, call }: Wanted): readonly Entity[] {
  const { module } = place;
  const { paths } = tracer.index.names[module]!;
  const assigned = ["this", "self", "cls"].flatMap((self) => paths.get(`${self}.${property}`) ?? []);
  const frame = call === null ? null : constructorFrame(tracer, place, call);
  const own = assigned.filter(({ scope, binding }) => {
    const around = classAround(tracer, { module, scope });
    return around?.scope === place.scope && pathOf(binding.value) !== binding.name;
  });
  return own.flatMap(({ scope, binding }) =>
    tracer.expand({ module, value: binding.value, frame: frame?.scope === scope ? frame : null }),
  );
}

function basesOf(tracer: Tracer, place: ScopePlace): readonly Entity[] {
  const { bases = [], parent, from, to } = scopeAt(tracer, place);
  return bases.flatMap((base) =>
    tracer.expand({ module: place.module, value: dottedName(base, parent ?? 0, { from, to }), frame: null }),
  );
}

/** A dotted name as a value. */
function dottedName(
  path: string,
  scope: number,
  span: { readonly from: number; readonly to: number },
): SourceValue {
  const [first = "", ...rest] = path.split(".");
  return rest.reduce<SourceValue>(
    (object, property) => ({ kind: "member", object, property, ...span }),
    nameAt(first, scope, span),
  );
}

/** What a parameter is by its type: `client: OpenAI`, `settings: Settings | None`. */
export function typesOf(
  tracer: Tracer,
  { module, scope }: ScopePlace,
  { type }: SourceParameter,
): readonly Entity[] {
  if (type === null) return [];
  const { from } = scopeAt(tracer, { module, scope });
  const words = type.match(/[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*/g) ?? [];
  return words.slice(0, 4).flatMap((word) => {
    const value = dottedName(word, 0, { from, to: from });
    return tracer
      .expand({ module, value, frame: null })
      .flatMap((entity): readonly Entity[] =>
        entity.kind === "class"
          ? [{ ...entity, kind: "instance", call: null }]
          : entity.kind === "external"
            ? [entity]
            : [],
      );
  });
}
