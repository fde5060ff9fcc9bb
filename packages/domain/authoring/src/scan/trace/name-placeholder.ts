/** Gives a hole of a text a name that the template language takes and a reader understands. */
import type { SourceModule } from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";
import type { TextHole } from "./compose-text.ts";

/** Words that mean something else in the template language, or say nothing. */
const RESERVED: ReadonlySet<string> = new Set([
  ...[
    "true",
    "false",
    "null",
    "undefined",
    "this",
    "if",
    "unless",
    "each",
    "else",
    "json",
    "role",
    "history",
  ],
  ...["with", "lookup", "log", "helperMissing", "blockHelperMissing"],
]);
const SELVES: ReadonlySet<string> = new Set(["this", "self", "cls", "args", "props", "state", "ctx"]);
/** Calls that say how something is written, not what it is. */
const WRITING: ReadonlySet<string> = new Set([
  ...[
    "stringify",
    "dumps",
    "String",
    "str",
    "repr",
    "toString",
    "trim",
    "strip",
    "join",
    "map",
    "filter",
    "slice",
  ],
  ...[
    "lower",
    "upper",
    "toLowerCase",
    "toUpperCase",
    "format",
    "toISOString",
    "isoformat",
    "toFixed",
    "encode",
  ],
  ...[
    "JSON",
    "json",
    "model_dump_json",
    "model_dump",
    "escape",
    "title",
    "capitalize",
    "list",
    "sorted",
    "get",
  ],
  ...[
    "replace",
    "replaceAll",
    "split",
    "dedent",
    "indent",
    "entries",
    "keys",
    "values",
    "len",
    "int",
    "round",
  ],
]);
const LONGEST = 40;

/** A name of letters, digits, `_`, `$` and `-` that begins with no digit. */
export function namePlaceholder(hole: TextHole, modules: readonly SourceModule[]): string {
  const { field, value, module } = hole;
  if (field !== null && /^[\p{L}_]/u.test(field.path)) return usable(stepsName(field.path.split(".")));
  if (value === null) return "value";
  return usable(valueName(value, modules[module]!));
}

function valueName(value: SourceValue, module: SourceModule): string {
  switch (value.kind) {
    case "name":
      return value.name;
    case "member": {
      const steps = memberSteps(value);
      if (steps !== null) return stepsName(steps);
      return stepsName([valueName(value.object, module), value.property]);
    }
    case "call": {
      const { callee, receiver, isNew, arguments: given } = module.calls[value.call]!;
      const last = callee.at(-1) ?? "";
      const argument = given[0]?.value;
      const key =
        last === "get" && receiver !== null && argument?.kind === "text" ? argument.pieces[0] : null;
      if (typeof key === "string") return stepsName([valueName(receiver!, module), key]);
      if (!WRITING.has(last)) return !/^[\w$]+$/.test(last) ? "value" : isNew ? lowerFirst(last) : last;
      if (receiver !== null && !/^(?:JSON|json)$/.test(callee[0] ?? "")) return valueName(receiver, module);
      return argument === undefined ? last : valueName(argument, module);
    }
    case "spread":
      return valueName(value.value, module);
    case "concatenation": {
      const [only] = value.parts;
      if (only?.kind === "spread" && value.parts.length === 1) return valueName(only, module);
      return namedIn(module.source.slice(value.from, value.to));
    }
    case "list": {
      const source = module.source.slice(value.from, value.to);
      const through = value.isRepeated ? /\bfor\b[\s\S]{1,200}?\bin\s([\s\S]+)/.exec(source)?.[1] : undefined;
      return namedIn(through ?? source);
    }
    case "choice": {
      const named = value.options.find(({ kind }) => kind === "name" || kind === "member");
      if (named !== undefined) return valueName(named, module);
      const name = namedIn(module.source.slice(value.from, value.to));
      return name === "value" ? namedByWords(value.options) : name;
    }
    default:
      return namedIn(module.source.slice(value.from, value.to));
  }
}

function memberSteps(value: SourceValue): readonly string[] | null {
  if (value.kind === "name") return [value.name];
  if (value.kind !== "member") return null;
  const object = memberSteps(value.object);
  return object === null ? null : [...object, value.property];
}

/** The first name in the source of an expression, its texts left out. */
function namedIn(source: string): string {
  const bare = source.slice(0, 400).replace(/`[^`]*`|"[^"\n]*"|'[^'\n]*'/g, " ");
  const paths = bare.match(/[\p{L}_$][\p{L}\p{N}_$]*(?:\??\.[\p{L}_$][\p{L}\p{N}_$]*)*/gu) ?? [];
  for (const path of paths) {
    const steps = path.split(/\??\./).filter((step) => !SELVES.has(step) && !WRITING.has(step));
    const first = steps[0] ?? "";
    if (
      first !== "" &&
      !/^(?:await|new|typeof|not|for|of|in|if|else|f|lambda|async|function|return|const|let|var|while|switch|case)$/.test(
        first,
      )
    ) {
      return stepsName(steps);
    }
  }
  return "value";
}

/** The first words of a text that is there or not. */
function namedByWords(options: readonly SourceValue[]): string {
  for (const option of options) {
    const [first] = option.kind === "text" ? option.pieces : [];
    const words = typeof first === "string" ? (first.match(/[\p{L}\p{N}]+/gu) ?? []) : [];
    if (words.length > 0) return stepsName(words.slice(0, 3).map((word) => word.toLowerCase()));
  }
  return "value";
}

/** `["ticket", "body"]` makes `ticketBody`, `["user", "first_name"]` `userFirstName`. */
function stepsName(steps: readonly string[]): string {
  const own = steps.filter(
    (step, position) => step !== "" && !(position < steps.length - 1 && SELVES.has(step)),
  );
  if (own.length === 1) return own[0]!;
  const words = own.slice(-3).flatMap((step) => step.split(/[^\p{L}\p{N}$]+/u).filter((word) => word !== ""));
  return words
    .map((word, position) =>
      position === 0 ? lowerFirst(word) : word.slice(0, 1).toUpperCase() + word.slice(1),
    )
    .join("");
}

function lowerFirst(word: string): string {
  return /^\p{Lu}+$/u.test(word) ? word.toLowerCase() : word.slice(0, 1).toLowerCase() + word.slice(1);
}

function usable(name: string): string {
  const clean = name.replace(/[^\p{L}\p{M}\p{N}_$-]+/gu, "").slice(0, LONGEST);
  if (clean === "" || RESERVED.has(clean)) return clean === "" ? "value" : `${clean}Value`;
  return /^[\p{L}_$]/u.test(clean) ? clean : `value${clean}`;
}
