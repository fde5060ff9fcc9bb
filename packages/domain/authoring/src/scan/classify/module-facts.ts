/** Knows of a module what many of its texts ask for, and reads it once. */
import type { SourceModule } from "../source/source-module.ts";
import type { SourceValue, Span } from "../source/source-value.ts";
import { ASKING, MODEL_LIBRARY } from "./place-words.ts";

export interface ModuleFacts {
  /** Whether it imports a library for models. */
  readonly usesModels: boolean;
  /** Whether it asks somebody at a terminal: then its prompts are questions to people. */
  readonly asksPeople: boolean;
  /** How many texts with a property's name each binding holds, and how many words they have on average. */
  readonly tables: ReadonlyMap<string, TextTable>;
  /** Texts beside a property `role`, by where they begin: the role. */
  readonly roles: ReadonlyMap<number, string>;
  /** Texts beside a model's name or parameters, by where they begin. */
  readonly beside: ReadonlySet<number>;
  /** Texts beside the name and parameters of a tool, by where they begin. */
  readonly toolTexts: ReadonlySet<number>;
}

interface TextTable {
  readonly texts: number;
  readonly words: number;
}

const known = new WeakMap<SourceModule, ModuleFacts>();

export function factsOf(module: SourceModule): ModuleFacts {
  const before = known.get(module);
  if (before !== undefined) return before;
  const facts = readFacts(module);
  known.set(module, facts);
  return facts;
}

function readFacts(module: SourceModule): ModuleFacts {
  const roles = new Map<number, string>();
  const toolTexts = new Set<number>();
  const beside = new Set<number>();
  for (const value of objectsOf(module)) readObject(value, { roles, toolTexts, beside });
  for (const { arguments: given } of module.calls)
    markUser(
      new Map(given.flatMap(({ name, value }) => (name === null ? [] : [[name, value] as const]))),
      roles,
    );
  return {
    usesModels: module.imports.some(({ module: name }) => MODEL_LIBRARY.test(name)),
    asksPeople: module.calls.some(({ callee }) => isAsking(callee)),
    tables: tablesOf(module),
    roles,
    toolTexts,
    beside,
  };
}

/** `prompt.select(…)`, `inquirer.prompt(…)`; compiled modules number what they import. */
export function isAsking(callee: readonly string[]): boolean {
  return (
    ASKING.has(callee.at(-1) ?? "") &&
    /^(?:prompt(?:s|er)?|inquirer|enquirer|clack)(?:_\d+)?$/i.test(callee.at(-2) ?? "")
  );
}

function tablesOf(module: SourceModule): ReadonlyMap<string, TextTable> {
  const tables = new Map<string, { texts: number; words: number }>();
  for (const { value, context } of module.texts) {
    if (!context.some(({ kind }) => kind === "property")) continue;
    const binding = context.findLast((step) => step.kind === "binding");
    const name = binding?.kind === "binding" ? binding.name : "";
    const table = tables.get(name) ?? { texts: 0, words: 0 };
    table.texts += 1;
    table.words += wordsOf(value);
    tables.set(name, table);
  }
  return tables;
}

function wordsOf(value: SourceValue): number {
  if (value.kind === "text")
    return value.pieces.reduce(
      (sum, piece) => sum + (typeof piece === "string" ? (piece.match(/\p{L}+/gu)?.length ?? 0) : 0),
      0,
    );
  if (value.kind === "concatenation") return value.parts.reduce((sum, part) => sum + wordsOf(part), 0);
  return value.kind === "format" ? wordsOf(value.template) : 0;
}

type ObjectValue = Extract<SourceValue, { kind: "object" }>;

/** Every object literal of the module, without recursion: sources may nest as deep as they like. */
function* objectsOf(module: SourceModule): Generator<ObjectValue> {
  const waiting: SourceValue[] = [
    ...module.scopes.flatMap(({ bindings, returns }) => [...bindings.map(({ value }) => value), ...returns]),
    ...module.calls.flatMap((call) => call.arguments.map(({ value }) => value)),
    ...module.exports.flatMap(({ value }) => value ?? []),
  ];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value.kind === "object") {
      yield value;
      for (const entry of value.entries) waiting.push(entry.value);
    } else if (value.kind === "list") waiting.push(...value.items);
    else if (value.kind === "spread") waiting.push(value.value);
    else if (value.kind === "choice") waiting.push(...value.options);
  }
}

interface Marks {
  readonly roles: Map<number, string>;
  readonly toolTexts: Set<number>;
  readonly beside: Set<number>;
}

const ROLE = /^(?:system|user|assistant|developer|human|ai|model)$/i;
const MODEL =
  /^(?:[\w.-]+[/:])?(?:gpt-|o[134](?:-|$)|claude|gemini|llama|mistral|mixtral|codestral|command-|deepseek|qwen|phi-|gemma|grok|text-davinci|dall-e|sonar|nova-)/i;
const PARAMETERS = [
  "temperature",
  "max_tokens",
  "maxTokens",
  "maxOutputTokens",
  "max_output_tokens",
  "top_p",
  "topP",
];

function readObject({ entries }: ObjectValue, { roles, toolTexts, beside }: Marks): void {
  const keys = new Map(entries.flatMap(({ key, value }) => (key === null ? [] : [[key, value] as const])));
  const role = literalOf(keys.get("role"));
  if (role !== null && ROLE.test(role))
    for (const key of ["content", "text", "parts"]) mark(keys.get(key), (at) => roles.set(at, role));
  markUser(keys, roles);
  const names = entries.some(({ value }) => MODEL.test(literalOf(value) ?? ""));
  if (names || PARAMETERS.some((key) => keys.has(key)))
    for (const { value } of entries)
      if (!MODEL.test(literalOf(value) ?? "")) mark(value, (at) => beside.add(at));
  const isTool = TOOL_KEYS.some((key) => keys.has(key));
  if (isTool || typeNames(keys.get("type"))) mark(keys.get("description"), (at) => toolTexts.add(at));
}

/** What stands beside the description of a tool. */
const TOOL_KEYS = [
  ...["parameters", "input_schema", "inputSchema", "outputSchema", "argsSchema", "args_schema", "execute"],
  ...["handler", "func"],
];

const SYSTEM_KEYS = [
  "system",
  "systemPrompt",
  "system_prompt",
  "systemInstruction",
  "system_instruction",
  "systemMessage",
  "system_message",
];
const USER_KEYS = ["user", "prompt", "userPrompt", "user_prompt", "userMessage", "user_message", "input"];
const SAYING: ReadonlySet<SourceValue["kind"]> = new Set([
  "text",
  "concatenation",
  "format",
  "name",
  "member",
  "call",
]);

/** `{ system: RULES, user: "…" }` is a request, whoever it is handed to. */
function markUser(keys: ReadonlyMap<string, SourceValue & Span>, roles: Map<number, string>): void {
  const system = SYSTEM_KEYS.flatMap((key) => keys.get(key) ?? []).find(({ kind }) => SAYING.has(kind));
  if (system === undefined) return;
  for (const key of USER_KEYS) mark(keys.get(key), (at) => roles.set(at, "user"));
}

/** The `type` of a JSON Schema, beside which a description tells of a field. */
function typeNames(value: SourceValue | undefined): boolean {
  return /^(?:string|number|integer|boolean|array|object|function)$/.test(literalOf(value) ?? "");
}

function mark(value: (SourceValue & Span) | undefined, set: (at: number) => void): void {
  if (value === undefined) return;
  set(value.from);
  if (value.kind === "list") for (const item of value.items) mark(item, set);
  if (value.kind === "choice") for (const option of value.options) mark(option, set);
  if (value.kind === "object")
    for (const { key, value: inner } of value.entries) if (key === "text") mark(inner, set);
}

function literalOf(value: SourceValue | undefined): string | null {
  if (value?.kind !== "text") return null;
  const [piece, ...more] = value.pieces;
  return typeof piece === "string" && more.length === 0 ? piece : null;
}
