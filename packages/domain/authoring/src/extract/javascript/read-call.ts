/** Reads one call of a model's client: what of it is a prompt, and what stays in the code. */
import type { Node } from "@babel/types";
import { isChangedAnywhere } from "./held-constants.ts";
import { keyOf } from "./imported-name.ts";
import type { KnownCall } from "./known-calls.ts";
import { followPath } from "./member-paths.ts";
import { ownArguments } from "./own-arguments.ts";
import { holesOf, saysWords, type TakenLines } from "./piece.ts";
import { type Binding, bare, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";
import { readJson } from "./read-json.ts";
import { type DraftMessage, MessageReader, plainMessage } from "./read-messages.ts";
import { type DraftModel, inlineNames, type ModelParts, readModel } from "./read-model.ts";
import { readTooLate } from "./read-too-late.ts";
import { TextReader } from "./text-reader.ts";
import { suspends, type ValueFacts } from "./value-facts.ts";

/** An argument that stays in the code; `prepared` is how the arguments of the prompt are called there. */
export interface KeptArgument {
  readonly source: (prepared: string) => string;
  readonly nodes: readonly Node[];
}

export interface DraftCall extends DraftModel {
  readonly call: KnownCall;
  readonly messages: readonly DraftMessage[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly kept: readonly KeptArgument[];
  /** Statements that only put the messages together. */
  readonly statements: readonly Node[];
  readonly inlined: ReadonlySet<Binding>;
  /** Where the words of constants stood that went into it. */
  readonly taken: readonly TakenLines[];
  readonly remarks: readonly string[];
}

/** Why a call is left as it is. */
export interface Refusal {
  readonly reason: string;
}

export interface CallReaderParts {
  readonly programs: ProgramSet;
  readonly facts: ValueFacts;
}

/** Arguments that say what the call is rather than what is asked, or that only code can make. */
const NEVER_PARAMETERS = new Set([
  "stream",
  "stream_options",
  "tools",
  "tool_choice",
  "functions",
  "function_call",
  "mcp_servers",
  "previous_response_id",
  "conversation",
  "betas",
]);

/** Parameters that the AI SDK names as every provider's; the rest are options of the call. */
const AI_PARAMETERS = new Set([
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "seed",
  "stopSequences",
  "presencePenalty",
  "frequencyPenalty",
]);

interface Entry {
  readonly key: string;
  readonly value: Node;
  /** The property as it is written where it stays. */
  readonly source: string;
}

export function readCall(call: KnownCall, parts: CallReaderParts): DraftCall | Refusal {
  return new CallReader(call, parts).read();
}

class CallReader {
  readonly #call: KnownCall;
  readonly #parts: CallReaderParts;
  readonly #texts: TextReader;
  readonly #messages: MessageReader;
  readonly #modelParts: ModelParts;
  readonly #kept: KeptArgument[] = [];
  readonly #remarks: string[] = [];
  readonly #statements: Node[] = [];

  constructor(call: KnownCall, parts: CallReaderParts) {
    const { program, node, writer } = call;
    this.#call = call;
    this.#parts = parts;
    this.#texts = new TextReader(parts.programs, parts.facts, { program, call: node });
    this.#messages = new MessageReader({ ...parts, program, call: node, texts: this.#texts, writer });
    this.#modelParts = { ...parts, call, texts: this.#texts };
  }

  read(): DraftCall | Refusal {
    const entries = this.#entries();
    if ("reason" in entries) return entries;
    const model = readModel(this.#modelParts, entries.get("model")?.value);
    if ("reason" in model) return model;
    const messages = this.#readMessages(entries);
    if ("reason" in messages) return messages;
    if (!saysWords(messages.flatMap(({ pieces }) => pieces))) return { reason: this.#noWords(messages) };
    const parameters = this.#readParameters(entries);
    if (suspends(this.#call.node.callee)) {
      return { reason: "its client is awaited at the call: await it into a constant before the call" };
    }
    const awaited = this.#kept.flatMap(({ nodes }) => nodes).concat(this.#call.node.arguments.slice(1));
    if (awaited.some(suspends)) {
      return { reason: "an argument beside the prompt awaits: await it into a constant before the call" };
    }
    const early = readTooLate(this.#parts, this.#call, {
      kept: [this.#call.node.callee, ...this.#kept.flatMap(({ nodes }) => nodes)],
      holes: holesOf(messages.flatMap(({ pieces }) => pieces)),
    });
    if (early !== undefined) {
      const said = this.#call.program.text(early).split("\n")[0];
      return {
        reason: `${said} is read before a value of the text that may change it, or that it may change: put it into a constant before the call`,
      };
    }
    const { inlined, taken, remarks, statements } = this.#texts;
    return {
      call: this.#call,
      messages,
      ...model,
      parameters,
      kept: this.#kept,
      statements: [...new Set([...this.#statements, ...statements])],
      inlined,
      taken,
      remarks: [...this.#remarks, ...remarks],
    };
  }

  /** The properties of the first argument by name, in their order. */
  #entries(): Map<string, Entry> | Refusal {
    const [first] = this.#call.node.arguments;
    const own = ownArguments(this.#call, this.#parts.facts);
    const object = own?.object ?? (first && bare(first));
    if (object?.type !== "ObjectExpression") return { reason: "its arguments are not written at the call" };
    if (own !== undefined) this.#statements.push(own.statement);
    const entries = new Map<string, Entry>();
    for (const property of object.properties) {
      if (property.type === "SpreadElement") {
        const spread = this.#spreadEntries(property.argument);
        if (spread === undefined) {
          const source = this.#call.program.text(property);
          return { reason: `${source} may say anything of its arguments: write them at the call` };
        }
        for (const entry of spread) entries.set(entry.key, entry);
        continue;
      }
      const key = property.computed ? undefined : keyOf(property.key);
      if (property.type !== "ObjectProperty" || key === undefined) {
        return {
          reason: `its argument ${this.#call.program.text(property).split("\n")[0]} has no plain name or value`,
        };
      }
      entries.set(key, { key, value: property.value, source: this.#call.program.text(property) });
    }
    return entries;
  }

  /** The properties of a constant object that are all known; undefined for any other. */
  #spreadEntries(argument: Node): readonly Entry[] | undefined {
    const { program } = this.#call;
    const found = followPath(this.#parts.programs, program, argument);
    const value = found && this.#parts.programs.valueOf(found.definition);
    const object = value && bare(value);
    if (found === undefined || object?.type !== "ObjectExpression") return undefined;
    if (isChangedAnywhere(this.#parts.programs, found.definition)) return undefined;
    const known = readJson(this.#parts.programs, found.definition.program, object);
    if (known === undefined) return undefined;
    for (const passed of found.passed) this.#texts.inlined.add(passed);
    return object.properties.flatMap((property): readonly Entry[] => {
      const key = property.type === "ObjectProperty" ? keyOf(property.key) : undefined;
      if (property.type !== "ObjectProperty" || key === undefined) return [];
      const value = (known.value as Readonly<Record<string, unknown>>)[key];
      return [{ key, value: property.value, source: `${key}: ${JSON.stringify(value)}` }];
    });
  }

  #readMessages(entries: Map<string, Entry>): readonly DraftMessage[] | Refusal {
    switch (this.#call.writer) {
      case "openai":
        return this.#readList(entries, "messages", []);
      case "anthropic":
        return this.#withSystem(entries, "system", "messages");
      case "responses":
        return this.#readResponse(entries);
      case "ai":
        return this.#readAi(entries);
    }
  }

  /** A list of messages behind those that are said apart; what is not known of it stays in the code. */
  #readList(
    entries: Map<string, Entry>,
    key: string,
    before: readonly DraftMessage[],
  ): readonly DraftMessage[] | Refusal {
    const entry = entries.get(key);
    if (entry === undefined) return before.length === 0 ? { reason: `it has no ${key}` } : before;
    const list = this.#messages.readList(entry.value);
    const { program } = this.#call;
    if (list === null || list.messages.length === 0) {
      if (before.length === 0) return { reason: this.#notWritten(entry.value, key) };
      const source = program.text(entry.value);
      this.#kept.push({ source: () => (source === key ? key : `${key}: ${source}`), nodes: [entry.value] });
      return before;
    }
    this.#statements.push(...list.statements);
    const toRole = developerMap(list.messages, program);
    if (toRole === undefined)
      return { reason: "it has messages of both roles, system and developer: give them one" };
    if (toRole !== "" && list.tail.length === 0) {
      this.#kept.push({ source: (prepared) => `${key}: ${prepared}.${key}${toRole}`, nodes: [] });
    }
    if (list.tail.length > 0) {
      const sources = list.tail.map((node) => program.text(node)).join(", ");
      this.#kept.push({
        source: (prepared) => `${key}: [...${prepared}.${key}${toRole}, ${sources}]`,
        nodes: list.tail,
      });
      this.#remarks.push(
        `the messages from ${program.text(list.tail[0] as Node).split("\n")[0]} on stay in the code`,
      );
    }
    return [...before, ...list.messages];
  }

  #withSystem(entries: Map<string, Entry>, key: string, list: string): readonly DraftMessage[] | Refusal {
    const entry = entries.get(key);
    if (entry === undefined) return this.#readList(entries, list, []);
    const said = this.#messages.readSaid("system", entry.value);
    if (said === undefined) return { reason: this.#notWritten(entry.value, key) };
    return this.#readList(entries, list, said);
  }

  #readResponse(entries: Map<string, Entry>): readonly DraftMessage[] | Refusal {
    const system = entries.get("instructions");
    const input = entries.get("input");
    const before: DraftMessage[] = [];
    if (system !== undefined) {
      const pieces = this.#messages.readContent(system.value);
      if (pieces === undefined) return { reason: this.#notWritten(system.value, "instructions") };
      before.push(plainMessage("system", pieces));
    }
    if (input === undefined) return { reason: "it has no input" };
    const said = this.#messages.readContent(input.value);
    if (said !== undefined) return [...before, plainMessage("user", said)];
    const list = this.#messages.readList(input.value);
    const isAll = list?.messages.some(({ role }) => role !== "system");
    // With nothing but instructions in front they would become part of the input.
    return isAll
      ? this.#readList(entries, "input", before)
      : { reason: this.#notWritten(input.value, "input") };
  }

  #readAi(entries: Map<string, Entry>): readonly DraftMessage[] | Refusal {
    const key = entries.has("instructions") ? "instructions" : "system";
    const prompt = entries.get("prompt");
    if (prompt === undefined) return this.#withSystem(entries, key, "messages");
    const said = this.#messages.readContent(prompt.value);
    if (said === undefined) return { reason: this.#notWritten(prompt.value, "prompt") };
    const system = this.#withSystem(new Map([...entries].filter(([name]) => name === key)), key, "messages");
    const before = "reason" in system ? [] : system;
    if ("reason" in system && entries.has(key)) return system;
    return [...before, plainMessage("user", said)];
  }

  #readParameters(entries: Map<string, Entry>): Readonly<Record<string, unknown>> {
    const { programs } = this.#parts;
    const { program, writer } = this.#call;
    const parameters: Record<string, unknown> = {};
    for (const { key, value, source } of entries.values()) {
      if (TEXT_KEYS[writer].has(key)) continue;
      const isParameter = writer === "ai" ? AI_PARAMETERS.has(key) : !NEVER_PARAMETERS.has(key);
      const known = isParameter ? readJson(programs, program, value) : undefined;
      if (known !== undefined && known.value !== null) {
        parameters[key] = known.value;
        inlineNames(this.#modelParts, value);
      } else {
        this.#kept.push({ source: () => source, nodes: [value] });
      }
    }
    return parameters;
  }

  #notWritten(value: Node, key: string): string {
    const { program } = this.#call;
    const node = bare(value);
    const [remark = this.#messages.why] = this.#texts.remarks;
    if (remark !== null) return remark;
    const binding = node.type === "Identifier" ? program.bindingOf(node) : undefined;
    const [source] = program.text(value).split("\n");
    if (binding?.kind === "parameter") {
      return `${key} comes in through the parameter ${binding.name}: give each caller a prompt of its own`;
    }
    return `${key} is put together at run time (${source})`;
  }

  #noWords(messages: readonly DraftMessage[]): string {
    const [remark] = this.#texts.remarks;
    if (remark !== undefined) return remark;
    const names = holesOf(messages.flatMap(({ pieces }) => pieces)).flatMap(({ program, node }) => {
      const binding = node.type === "Identifier" ? program.bindingOf(node) : undefined;
      return binding?.kind === "parameter" ? [binding.name] : [];
    });
    return names.length === 0
      ? "it has no words of its own: they come from elsewhere at run time"
      : `its words come in through ${names.length === 1 ? "the parameter" : "the parameters"} ${names.join(", ")}: give each caller a prompt of its own`;
  }
}

/** What gives the system messages their role back, which a prompt has no word for; empty where none is a developer's. */
function developerMap(messages: readonly DraftMessage[], program: Program): string | undefined {
  const first = messages.filter(({ role }) => role === "system");
  if (first.every(({ isDeveloper }) => !isDeveloper)) return "";
  if (!first.every(({ isDeveloper }) => isDeveloper)) return undefined;
  return `.map((one) => (one.role === "system" ? { ...one, role: ${developerRole(program)} } : one))`;
}

/** Beside other messages its type would be any text, where types are checked. */
function developerRole({ language, source }: Program): string {
  if (language === "typescript") return `"developer" as const`;
  return /@ts-check|@(param|type|returns?)\s*\{/.test(source)
    ? `/** @type {const} */ ("developer")`
    : `"developer"`;
}

/** Arguments that are the prompt itself. */
const TEXT_KEYS = {
  openai: new Set(["model", "messages"]),
  responses: new Set(["model", "instructions", "input"]),
  anthropic: new Set(["model", "system", "messages"]),
  ai: new Set(["model", "system", "instructions", "prompt", "messages"]),
} as const;
