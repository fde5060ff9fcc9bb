/** Proposes a key for each prompt that is taken out of code, and the name under which code imports it. */
import type { Node } from "@babel/types";
import { keyOf } from "./javascript/imported-name.ts";
import { type Binding, bare, isFunction, type Program } from "./javascript/program.ts";
import type { DraftCall } from "./javascript/read-call.ts";
import { asName, uniqueName } from "./name-values.ts";

export interface ProposedName {
  /** Such as `support.triage`. */
  readonly key: string;
  /** Such as `triagePrompt`. */
  readonly name: string;
}

const SAYS_PROMPT = new Set(
  "prompt prompts system user message messages instruction instructions template text content tpl msg default".split(
    " ",
  ),
);
const SAYS_NOTHING = new Set(
  (
    "main run handler handle callback cb fn default get post put patch delete index execute invoke call ask chat " +
    "complete completion generate response result answer res data output stream create llm ai message text"
  ).split(" "),
);
const SAYS_NO_AREA = new Set(
  (
    "src lib app apps main index server service services routes route handlers handler api llm ai openai anthropic client " +
    "utils util helpers helper common prompts prompt constants packages functions pages page controllers modules core agents"
  ).split(" "),
);
const SILENT = { prompt: SAYS_PROMPT, name: SAYS_NOTHING, area: SAYS_NO_AREA } as const;
const MAX_WORDS = 4;

export interface NameProposer {
  /** `own` are the constants that went into no other call. */
  propose(draft: DraftCall, own: readonly Binding[]): ProposedName;
}

/** `application` is the last resort for the first part of a key; `taken` is what is declared already. */
export function createNameProposer(
  application: string,
  taken: { readonly keys: Iterable<string>; readonly names: Iterable<string> },
): NameProposer {
  const keys = new Set<string>(taken.keys);
  const names = new Set<string>(taken.names);
  return {
    propose(draft, own) {
      const words = nameWords(draft, own);
      const key = keyOfWords(words, { file: draft.call.program.file, application, taken: keys });
      keys.add(key);
      const suffix = words.at(-1) === "prompt" ? [] : ["prompt"];
      const name = uniqueName(asName([...words, ...suffix]) ?? "prompt", names);
      names.add(name);
      return { key, name };
    },
  };
}

/** The file and the name together, as a key that is not taken yet. */
export function keyOfWords(
  words: readonly string[],
  {
    file,
    application,
    taken,
  }: { readonly file: string; readonly application: string; readonly taken: ReadonlySet<string> },
): string {
  const area = areaWords(file, words) ?? wordsOf(application);
  const first = area.length === 0 ? ["app"] : area;
  return uniqueKey(`${first.join("-")}.${words.join("-")}`, taken);
}

function uniqueKey(base: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(key)) return key;
  }
}

/** Lower-case words of a name, of plain letters and digits, since a key has no others. */
export function wordsOf(name: string): readonly string[] {
  return name
    .normalize("NFKD")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== "");
}

/** What is left of a name's words but those that say nothing; undefined where nothing is. */
export function telling(words: readonly string[], kind: keyof typeof SILENT): readonly string[] | undefined {
  const left = words.filter((word) => !SILENT[kind].has(word)).slice(0, MAX_WORDS);
  return left.length === 0 ? undefined : left;
}

function nameWords(draft: DraftCall, own: readonly Binding[]): readonly string[] {
  const { program, node } = draft.call;
  const constants = own
    .filter(({ name }) => wordsOf(name).some((word) => SAYS_PROMPT.has(word)))
    .map(({ name }) => telling(withoutVerb(wordsOf(name)), "prompt"));
  const found =
    constants.find((words) => words !== undefined) ??
    functionWords(program, node) ??
    routeWords(program, node) ??
    resultWords(program, node);
  return (
    found ??
    classWords(program, node) ??
    fileWords(program.file) ??
    areaWords(program.file, ["prompt"]) ?? ["prompt"]
  );
}

/** `buildReplyPrompt` is about the reply. */
function withoutVerb(words: readonly string[]): readonly string[] {
  const [first = "", ...more] = words;
  const isVerb = /^(build|get|make|create|render|format|generate)$/.test(first);
  return isVerb && telling(more, "prompt") !== undefined ? more : words;
}

function functionWords(program: Program, call: Node): readonly string[] | undefined {
  for (
    let node = program.outward(call, isFunction);
    node !== undefined;
    node = program.outward(node, isFunction)
  ) {
    const { id, key } = node as { readonly id?: Node | null; readonly key?: Node };
    const parent = program.parentOf(node);
    const named = id ?? key ?? (parent === undefined ? undefined : nameGivenBy(parent));
    const name = named ? keyOf(named.type === "PrivateName" ? named.id : named) : undefined;
    const words = name === undefined ? undefined : wordsOf(name);
    if (words?.some((word) => !SAYS_NOTHING.has(word))) return words.slice(0, MAX_WORDS);
  }
  return undefined;
}

/** Of the variable or property that a function is the value of. */
function nameGivenBy(holder: Node): Node | undefined {
  if (holder.type === "VariableDeclarator") return holder.id;
  // `exports.triage = …`
  if (holder.type === "AssignmentExpression" && holder.left.type === "MemberExpression")
    return holder.left.property;
  const isProperty =
    holder.type === "ClassProperty" ||
    holder.type === "ClassPrivateProperty" ||
    holder.type === "ObjectProperty";
  return isProperty ? holder.key : undefined;
}

function classWords(program: Program, call: Node): readonly string[] | undefined {
  const outer = program.outward(call, ({ type }) => type === "ClassDeclaration");
  return outer?.type === "ClassDeclaration" && outer.id ? telling(wordsOf(outer.id.name), "area") : undefined;
}

/** `app.post("/tickets/:id/summary", …)` */
function routeWords(program: Program, call: Node): readonly string[] | undefined {
  for (
    let node = program.outward(call, isFunction);
    node !== undefined;
    node = program.outward(node, isFunction)
  ) {
    const outer = program.parentOf(node);
    if (outer?.type !== "CallExpression") continue;
    const first = outer.arguments[0];
    const path = first && bare(first);
    if (path?.type !== "StringLiteral" || !path.value.startsWith("/")) continue;
    const steps = path.value.split("/").filter((step) => !/^[:{[*]/.test(step));
    const words = telling(steps.flatMap(wordsOf), "area");
    if (words !== undefined) return words;
  }
  return undefined;
}

function resultWords(program: Program, call: Node): readonly string[] | undefined {
  const declarator = program.outward(call, (node) => node.type === "VariableDeclarator" || isFunction(node));
  if (declarator?.type !== "VariableDeclarator" || declarator.id.type !== "Identifier") return undefined;
  // A letter says as little as `result` does.
  return telling(
    wordsOf(declarator.id.name).filter((word) => word.length > 1),
    "name",
  );
}

function fileWords(file: string): readonly string[] | undefined {
  const base = file.split("/").at(-1) ?? "";
  return telling(wordsOf(base.replace(/\.[^.]+$/, "")), "area");
}

/** The file's own name, else its folder's, unless the prompt's name says it already. */
function areaWords(file: string, name: readonly string[]): readonly string[] | undefined {
  const steps = file.split("/");
  const base = (steps.pop() ?? "").replace(/\.[^.]+$/, "");
  for (const step of [base, ...steps.reverse()]) {
    const words = telling(wordsOf(step), "area");
    if (words !== undefined && words.join("-") !== name.join("-")) return words;
  }
  return undefined;
}
