/** Tells which packages a value comes from: by import, by construction, by the type of a parameter. */
import type { Entity, Located } from "./entity.ts";
import { typesOf } from "./look-up-member.ts";
import { callAt, scopeAt, type Tracer } from "./tracer.ts";

const DEEPEST = 6;

/** The packages of what a call calls. */
export function packagesOfCall(
  tracer: Tracer,
  at: { readonly module: number; readonly call: number },
): ReadonlySet<string> {
  const found = new Set<string>();
  const { from, to } = callAt(tracer, at);
  const value = { kind: "call", call: at.call, from, to } as const;
  collectCall(tracer, { module: at.module, value, frame: null }, { found, depth: 0 });
  return found;
}

interface Collecting {
  readonly found: Set<string>;
  readonly depth: number;
}

function collect(tracer: Tracer, at: Located, { found, depth }: Collecting): void {
  if (depth > DEEPEST) return;
  for (const entity of tracer.expand(at)) collectEntity(tracer, entity, { found, depth: depth + 1 });
}

function collectEntity(tracer: Tracer, entity: Entity, collecting: Collecting): void {
  switch (entity.kind) {
    case "external":
      collecting.found.add(packageName(entity));
      return;
    case "parameter":
      for (const type of typesOf(tracer, entity, entity.parameter)) collectEntity(tracer, type, collecting);
      return;
    case "class":
    case "instance":
      collectBases(tracer, entity, collecting);
      return;
    case "value": {
      const { value, module, frame } = entity.at;
      if (value.kind === "member") collect(tracer, { module, value: value.object, frame }, collecting);
      if (value.kind === "call") collectCall(tracer, entity.at, collecting);
    }
  }
}

/** `from google import genai` is `google.genai`. */
function packageName({ package: name, path }: Extract<Entity, { kind: "external" }>): string {
  const [first = ""] = path;
  return name === "google" && first !== "" ? `google.${first}` : name;
}

function collectBases(
  tracer: Tracer,
  place: { readonly module: number; readonly scope: number },
  collecting: Collecting,
): void {
  const { bases = [] } = scopeAt(tracer, place);
  const { imports } = tracer.index.names[place.module]!;
  for (const base of bases) {
    const entry = imports.get(base.split(".")[0] ?? "");
    if (entry !== undefined) collecting.found.add(entry.module);
  }
}

/** A client that is wrapped, such as `instructor.from_openai(OpenAI())`, is still that client. */
function collectCall(tracer: Tracer, at: Located, collecting: Collecting): void {
  const { value, module, frame } = at;
  if (value.kind !== "call") return;
  const { receiver, arguments: given } = callAt(tracer, { module, call: value.call });
  const before = collecting.found.size;
  for (const entity of tracer.callees({ module, call: value.call, frame })) {
    const isOpen = entity.kind === "value" && entity.at.value.kind !== "member";
    if (!isOpen) collectEntity(tracer, entity, collecting);
  }
  if (collecting.found.size === before && receiver !== null) {
    collect(tracer, { module, value: receiver, frame }, collecting);
  }
  const wrapped = given[0]?.value;
  if (wrapped?.kind === "call")
    collect(tracer, { module, value: wrapped, frame }, { ...collecting, depth: collecting.depth + 1 });
}
