/** Follows calls: what is called, what it is given, and what comes back. */
import type { SourceParameter } from "../source/source-module.ts";
import type { ObjectValue, SourceValue } from "../source/source-value.ts";
import type { Entity, Frame, Located, ScopePlace } from "./entity.ts";
import { type CallAt, callAt, nameAt, scopeAt, type Tracer } from "./tracer.ts";

/** What is called; empty where it is not known. */
export function calleesOf(tracer: Tracer, at: CallAt): readonly Entity[] {
  const { callee, receiver, scope, calleeSpan } = callAt(tracer, at);
  const { module, frame } = at;
  const last = callee.at(-1) ?? "";
  if (receiver === null) return tracer.expand({ module, value: nameAt(last, scope, calleeSpan), frame });
  const object = { module, value: receiver, frame };
  if (last === "()") return tracer.expand(object);
  const found = tracer.members(object, last);
  return last === "[]" && found.length === 0 ? tracer.expand(object) : found;
}

/** Calls that hand on what they are given, by the last step of what is called. */
const HAND_ON_ARGUMENT: ReadonlySet<string> = new Set([
  ...["String", "str", "dedent", "cleandoc", "outdent", "stripIndent", "freeze", "deepcopy", "copy"],
  ...[
    "structuredClone",
    "cloneDeep",
    "clone",
    "deepClone",
    "deepCopy",
    "resolve",
    "useMemo",
    "memo",
    "cast",
    "SafeString",
    "SystemString",
    "oneLine",
  ],
]);
const HAND_ON_RECEIVER: ReadonlySet<string> = new Set([
  ...["trim", "strip", "trimStart", "trimEnd", "lstrip", "rstrip", "toString", "copy", "slice", "filter"],
  ...["valueOf", "default", "normalize", "reverse", "encode", "flat"],
]);
/** Calls that stand for their last argument where nothing else is set. */
const WITH_FALLBACK: ReadonlySet<string> = new Set(["getenv", "get", "getOrDefault"]);

/** What a call comes to; null where it stays the call. */
export function expandCall(tracer: Tracer, at: CallAt): readonly Entity[] | null {
  const called = tracer.callees(at);
  const made = called.flatMap((entity): readonly Entity[] => {
    if (entity.kind === "class") return [{ ...entity, kind: "instance", call: locatedCall(tracer, at) }];
    if (entity.kind === "function" && tracer.followsCalls) return returnsOf(tracer, at, entity);
    return [];
  });
  return made.length > 0 ? made : handedOn(tracer, at);
}

function locatedCall(tracer: Tracer, { module, call, frame }: CallAt): Located {
  const { from, to } = callAt(tracer, { module, call });
  return { module, value: { kind: "call", call, from, to }, frame };
}

function returnsOf(
  tracer: Tracer,
  at: CallAt,
  { module, scope, self }: Extract<Entity, { kind: "function" }>,
): readonly Entity[] {
  const frame = frameOf(tracer, at, { module, scope, self });
  return scopeAt(tracer, { module, scope }).returns.flatMap((value) =>
    tracer.expand({ module, value, frame }),
  );
}

interface Called extends ScopePlace {
  readonly self: Located | null;
}

/** The arguments of a call as values of the parameters. */
export function frameOf(tracer: Tracer, at: CallAt, { module, scope, self }: Called): Frame {
  const values = new Map<string, Located>();
  for (const parameter of scopeAt(tracer, { module, scope }).parameters) {
    const given = argumentFor(tracer, at, { module, scope, parameter });
    if (given !== null) values.set(parameter.name, given);
  }
  if (self !== null) values.set("this", self);
  return { module, scope, values, outer: at.frame };
}

/** The function that makes the objects of a class; null for a class without. */
export function constructorOf({ index }: Tracer, { module, scope }: ScopePlace): ScopePlace | null {
  const { scopes } = index.modules[module]!;
  const found = scopes.findIndex(
    ({ parent, name, kind }) =>
      parent === scope && kind === "function" && (name === "__init__" || name === "constructor"),
  );
  return found === -1 ? null : { module, scope: found };
}

/** The arguments that made an object, as values of the constructor's parameters. */
export function constructorFrame(tracer: Tracer, place: ScopePlace, call: Located): Frame | null {
  const making = constructorOf(tracer, place);
  if (making === null || call.value.kind !== "call") return null;
  return frameOf(tracer, { ...call, call: call.value.call }, { ...making, self: call });
}

/** What a call gives to a parameter; null where it leaves it out, or where it cannot be told. */
export function argumentFor(
  tracer: Tracer,
  at: CallAt,
  { parameter, ...place }: ScopePlace & { readonly parameter: SourceParameter },
): Located | null {
  const { arguments: given } = callAt(tracer, at);
  const { module, frame } = at;
  const named = given.find(({ name }) => name === parameter.name);
  if (named !== undefined) return { module, value: named.value, frame };
  const position = parameter.position - (hasSelf(tracer, place) ? 1 : 0);
  const argument = given.filter(({ name }) => name === null)[position];
  const isSpread = given.slice(0, position + 1).some(({ value }) => value.kind === "spread");
  if (argument === undefined || isSpread || position < 0) {
    return spreadNamed(tracer, at, parameter.name);
  }
  const whole = { module, value: argument.value, frame };
  if (parameter.property === null) return whole;
  // An object that leaves it out leaves it to what stands for it then.
  if (parameter.fallback !== null && tracer.members(whole, parameter.property).length === 0) return null;
  const { from, to } = argument.value;
  return {
    ...whole,
    value: { kind: "member", object: argument.value, property: parameter.property, from, to },
  };
}

/** Methods of Python have their object as the first parameter. */
function hasSelf(tracer: Tracer, place: ScopePlace): boolean {
  const { parameters, parent } = scopeAt(tracer, place);
  const isMethod = parent !== null && scopeAt(tracer, { ...place, scope: parent }).kind === "class";
  return isMethod && /^(?:self|cls)$/.test(parameters[0]?.name ?? "");
}

/** The value of `**options` under a name. */
function spreadNamed(tracer: Tracer, at: CallAt, name: string): Located | null {
  for (const { value } of callAt(tracer, at).arguments) {
    if (value.kind !== "spread") continue;
    const { from, to } = value;
    const member = { kind: "member", object: value.value, property: name, from, to } as const;
    const located = { module: at.module, value: member, frame: at.frame };
    if (tracer.members({ ...located, value: value.value }, name).length > 0) return located;
  }
  return null;
}

/** What a call is given under a name: a keyword, an entry of an object among its arguments, or of a spread one. */
export function argumentNamed(tracer: Tracer, at: CallAt, name: string): Located | null {
  const { arguments: given } = callAt(tracer, at);
  const { module, frame } = at;
  const keyword = given.find((argument) => argument.name === name);
  if (keyword !== undefined) return { module, value: keyword.value, frame };
  for (const { value, name: key } of given) {
    if (key !== null || !isObjectLike(value.kind)) continue;
    if (value.kind === "object") {
      const entry = writtenEntry(value, name);
      if (entry !== undefined) {
        if (entry !== null) return { module, value: entry, frame };
        continue;
      }
    }
    const object = value.kind === "spread" ? value.value : value;
    if (tracer.members({ module, value: object, frame }, name).length === 0) continue;
    const { from, to } = value;
    return { module, value: { kind: "member", object, property: name, from, to }, frame };
  }
  return null;
}

/** The entry of an object in place; null where it has none, undefined where something spread into it may. */
function writtenEntry({ entries }: ObjectValue, name: string): SourceValue | null | undefined {
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const { key, value } = entries[at]!;
    if (key === name) return value;
    if (value.kind === "spread") return undefined;
  }
  return null;
}

function isObjectLike(kind: string): boolean {
  return ["object", "name", "member", "spread", "call", "choice"].includes(kind);
}

/** Whether a call makes an object that keeps its arguments: `new X(…)`, `X(…)`, `dict(…)`, or writes one as JSON. */
export function keepsArguments(tracer: Tracer, at: Pick<CallAt, "module" | "call">): boolean {
  const { isNew, callee } = callAt(tracer, at);
  const last = callee.at(-1) ?? "";
  return isNew || /^(?:[A-Z]|dict$|dumps$|stringify$)/.test(last);
}

/** Calls that hand on what they have, such as `trim`, and reads with something to fall back on. */
function handedOn(tracer: Tracer, at: CallAt): readonly Entity[] | null {
  const { callee, receiver, arguments: given } = callAt(tracer, at);
  const { module, frame } = at;
  const last = callee.at(-1) ?? "";
  const values = given.filter(({ name }) => name === null).map(({ value }) => value);
  if (receiver !== null && HAND_ON_RECEIVER.has(last))
    return tracer.expand({ module, value: receiver, frame });
  if (WITH_FALLBACK.has(last)) return withFallback(tracer, at);
  // `cast(str, x)` has its value second.
  const value = last === "cast" ? values[1] : values[0];
  if (value === undefined || !HAND_ON_ARGUMENT.has(last)) return null;
  const found = tracer.expand({ module, value, frame });
  const returned = found.flatMap((entity) =>
    entity.kind === "function" && tracer.followsCalls ? returnsOf(tracer, at, entity) : [],
  );
  return returned.length > 0 ? returned : found;
}

/** `os.getenv("X", "text")`, `PROMPTS.get("triage", DEFAULT)`. */
function withFallback(tracer: Tracer, at: CallAt): readonly Entity[] | null {
  const { receiver, arguments: given } = callAt(tracer, at);
  const { module, frame } = at;
  const [key, fallback] = given.filter(({ name }) => name === null).map(({ value }) => value);
  const name = key?.kind === "text" && key.pieces.length === 1 ? key.pieces[0] : undefined;
  const members =
    receiver === null || typeof name !== "string"
      ? []
      : tracer.members({ module, value: receiver, frame }, name);
  const known = members.filter(({ kind }) => kind !== "external");
  // What stands for a value that is missing is not what the text says; a setting's default is.
  if (known.length === 0 && !tracer.followsCalls && !isSetting(tracer, at)) return null;
  const found = [
    ...known,
    ...(fallback === undefined ? [] : tracer.expand({ module, value: fallback, frame })),
  ];
  return found.length > 0 ? found : null;
}

/** `os.environ.get("X", …)`, `os.getenv("X", …)`, `config.get("x", …)`. */
function isSetting(tracer: Tracer, at: CallAt): boolean {
  const { callee } = callAt(tracer, at);
  return /env|config|settings/i.test(callee.slice(-2).join("."));
}
