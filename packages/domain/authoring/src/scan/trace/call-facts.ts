/** Reads the model and the parameters that a call of a client is made with. */
import type { ClientCall } from "../clients/client-call.ts";
import { MODEL_OPTIONS, PARAMETER_OPTIONS, PARAMETERS } from "../clients/parameters.ts";
import type { Located } from "./entity.ts";
import { memberAt, optionAt, plainValue } from "./read-option.ts";
import { type CallAt, callAt, type Tracer } from "./tracer.ts";

export interface CallFacts {
  readonly model: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Of the call, else of what its object was made with, else the only model that the module names. */
export function callFacts(tracer: Tracer, at: CallAt, entry: ClientCall | null): CallFacts {
  const makers = makersOf(tracer, at);
  const own = readModel(tracer, at, entry?.model ?? MODEL_OPTIONS);
  const made = own ?? firstOf(makers, (maker) => readModel(tracer, maker, [...MODEL_OPTIONS, "0"]));
  return {
    model: made ?? onlyModel(tracer, at.module),
    parameters: Object.assign(
      {},
      ...makers.map((maker) => readParameters(tracer, maker)),
      readParameters(tracer, at),
    ),
  };
}

/** The model that an object was made with, such as the agent whose decorator is used. */
export function modelOfObject(tracer: Tracer, at: Located): string | null {
  return firstOf(madeBy(tracer, at), (maker) => readModel(tracer, maker, [...MODEL_OPTIONS, "0"]));
}

function firstOf<T, R>(items: readonly T[], read: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = read(item);
    if (found !== null) return found;
  }
  return null;
}

/** The calls that made the object whose method is called: `new ChatOpenAI(…)`, `getGenerativeModel(…)`. */
function makersOf(tracer: Tracer, { module, call, frame }: CallAt): readonly CallAt[] {
  const { receiver } = callAt(tracer, { module, call });
  return receiver === null ? [] : madeBy(tracer, { module, value: receiver, frame });
}

function madeBy(tracer: Tracer, at: Located): readonly CallAt[] {
  return tracer.expand(at).flatMap((entity) => {
    const made = entity.kind === "value" ? entity.at : entity.kind === "instance" ? entity.call : null;
    return made?.value.kind === "call"
      ? [{ module: made.module, call: made.value.call, frame: made.frame }]
      : [];
  });
}

function readModel(tracer: Tracer, at: CallAt, options: readonly string[]): string | null {
  for (const option of options) {
    const given = optionAt(tracer, at, option);
    const model = given === null ? null : modelName(tracer, given, 0);
    if (model !== null) return model;
  }
  return null;
}

const DEEPEST = 3;
const MODEL = /^[\p{L}\p{N}][\p{L}\p{N}._:/@+-]{1,99}$/u;

/** A text, or what makes a model of one: `openai("gpt-5")`, `ChatOpenAI(model="gpt-5")`. */
function modelName(tracer: Tracer, at: Located, depth: number): string | null {
  const made = tracer
    .expand(at)
    .flatMap((entity) =>
      entity.kind === "value" ? entity.at : entity.kind === "instance" ? (entity.call ?? []) : [],
    );
  const written = firstOf(made, ({ value }) => {
    const [name] = value.kind === "text" && value.pieces.length === 1 ? value.pieces : [];
    return typeof name === "string" && MODEL.test(name) ? name : null;
  });
  if (written !== null || depth >= DEEPEST) return written;
  return firstOf(made, ({ value, module, frame }) =>
    value.kind === "call" ? modelOfMaker(tracer, { module, call: value.call, frame }, depth) : null,
  );
}

// `config.get("model")` names where the model is kept.
const READING = /get|env|config|input|setting|read|load|secret|var|param/i;

function modelOfMaker(tracer: Tracer, at: CallAt, depth: number): string | null {
  const reads = READING.test(callAt(tracer, at).callee.at(-1) ?? "");
  return firstOf(reads ? MODEL_OPTIONS : [...MODEL_OPTIONS, "0"], (option) => {
    const given = optionAt(tracer, at, option);
    return given === null ? null : modelName(tracer, given, depth + 1);
  });
}

function readParameters(tracer: Tracer, at: CallAt): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  const inside = PARAMETER_OPTIONS.flatMap((option) => optionAt(tracer, at, option) ?? []).filter((option) =>
    holdsMore(tracer, option),
  );
  for (const name of PARAMETERS) {
    const given = optionAt(tracer, at, name);
    const values = given === null ? inside.map((option) => memberAt(option, name)) : [given];
    for (const value of values) {
      const plain = plainValue(tracer, value);
      if (plain !== undefined && found[name] === undefined) found[name] = plain;
    }
  }
  return found;
}

/** Whether a value may have parameters in it; a text, such as the `input` of one client, has none. */
function holdsMore(tracer: Tracer, at: Located): boolean {
  return tracer
    .expand(at)
    .some(
      (entity) =>
        entity.kind === "instance" ||
        (entity.kind === "value" && /^(?:object|call)$/.test(entity.at.value.kind)),
    );
}

const models = new WeakMap<Tracer, Map<number, string | null>>();

// What makes a model of its first argument.
const MAKERS = /^(?:LM|LLM|init_chat_model|initChatModel|[A-Z]\w*Model|GenerativeModel)$/;

/** The model that all calls of a module name, where they name one. */
export function onlyModel(tracer: Tracer, module: number): string | null {
  const byModule = models.get(tracer) ?? new Map<number, string | null>();
  models.set(tracer, byModule);
  const known = byModule.get(module);
  if (known !== undefined) return known;
  const { calls } = tracer.index.modules[module]!;
  const names = new Set<string>();
  for (const [call, { arguments: given, callee }] of calls.entries()) {
    const isSaid = given.some(
      ({ name, value }) =>
        MODEL_OPTIONS.includes(name ?? "") ||
        (value.kind === "object" && value.entries.some(({ key }) => MODEL_OPTIONS.includes(key ?? ""))),
    );
    const isMaker = MAKERS.test(callee.at(-1) ?? "");
    const options = isMaker ? [...MODEL_OPTIONS, "0"] : isSaid ? MODEL_OPTIONS : [];
    const model = readModel(tracer, { module, call, frame: null }, options);
    if (model !== null) names.add(model);
  }
  const only = names.size === 1 ? [...names][0]! : null;
  byModule.set(module, only);
  return only;
}
