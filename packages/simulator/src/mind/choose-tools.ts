/** Decides which offered tools to call, by the words they share with what is asked, and fills their arguments. */

import { createSeededRandom } from "../seeded-random.ts";
import { knowsWord } from "./background.ts";
import type { ChoiceConditions } from "./choose-label.ts";
import { extractValue, wordsOfName } from "./extract-value.ts";
import { fillSchema, type SchemaFilling } from "./fill-schema.ts";
import { choiceOf } from "./find-labels.ts";
import { findSpans, kindsFor } from "./find-spans.ts";
import type { MindMessage, MindRequest, SchemaNode, ToolOffer, WantedCall } from "./mind-request.ts";
import { escapePattern, sentencesOf, stemsOf } from "./words.ts";

export interface ToolAsking {
  readonly request: MindRequest;
  /** What is asked and the text it is asked about. */
  readonly text: string;
  /** Conditions of a choice, told apart by its purpose. */
  readonly conditions: (purpose: string) => ChoiceConditions;
  /** Chooses among the strings of an enumeration. */
  readonly choose: (path: string, options: readonly string[]) => string;
}

const NAME_WEIGHT = 1.2;
const DESCRIPTION_WEIGHT = 0.6;
const PARAMETER_WEIGHT = 0.3;
const MENTION_WEIGHT = 2;
const BID_WEIGHT = 1.5;
/** From this weight on a tool is called without being forced. */
const CALL_THRESHOLD = 1.1;
const FORBIDS = /\b(?:never|not|don'?t|avoid|without)\b/i;
const BIDS = /\b(?:always|must|should|first|before)\b/i;

/** The arguments that each tool was called with since the user last spoke, as JSON. */
function calledSince(messages: readonly MindMessage[]): ReadonlyMap<string, ReadonlySet<string>> {
  const start = messages.findLastIndex((message) => message.role === "user");
  const called = new Map<string, Set<string>>();
  for (const { name, arguments: given } of messages
    .slice(start + 1)
    .flatMap(({ toolCalls = [] }) => toolCalls))
    called.set(name, (called.get(name) ?? new Set()).add(compact(given)));
  return called;
}

function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

/** A tool is called once until the user speaks again; of a list, each value once. */
function stillToCall(
  calls: readonly WantedCall[],
  called: ReadonlySet<string> | undefined,
): readonly WantedCall[] {
  if (called === undefined) return calls;
  const isNew = (call: WantedCall): boolean => !called.has(JSON.stringify(call.arguments));
  return calls.some((call) => !isNew(call)) ? calls.filter(isNew) : [];
}

function hits(own: ReadonlySet<string>, text: ReadonlySet<string>): number {
  return [...own].filter((stem) => text.has(stem)).length ** 0.75;
}

function propertiesOf({ properties }: SchemaNode): readonly (readonly [string, SchemaNode])[] {
  return typeof properties === "object" && properties !== null ? Object.entries(properties) : [];
}

/** What instructions say of a tool by its name: for which words it is meant, whether it is bidden or forbidden. */
function instructedWeight(tool: ToolOffer, instructions: string, text: ReadonlySet<string>): number {
  const named = new RegExp(`(?<![\\w-])${escapePattern(tool.name)}(?![\\w-])`, "i");
  return sentencesOf(instructions)
    .filter((sentence) => named.test(sentence))
    .reduce((sum, sentence) => {
      if (FORBIDS.test(sentence)) return sum - 2 * MENTION_WEIGHT;
      const bid = BIDS.test(sentence) ? BID_WEIGHT : 0;
      return sum + bid + DESCRIPTION_WEIGHT * hits(stemsOf(sentence.replace(named, "")), text);
    }, 0);
}

function weighTool(tool: ToolOffer, { request, text, conditions }: ToolAsking): number {
  const stems = stemsOf(text);
  const { profile, noise } = conditions("tool");
  const name = stemsOf(wordsOfName(tool.name));
  const described = new Set([...stemsOf(tool.description)].filter((stem) => !name.has(stem)));
  const parameters = propertiesOf(tool.schema).map(
    ([key, { description }]) => `${wordsOfName(key)} ${String(description ?? "")}`,
  );
  const instructions = request.messages.filter((message) => message.role === "system");
  const known = new Set([...described].filter((stem) => knowsWord(stem, profile.knowledge)));
  const misread = createSeededRandom(noise.seed, "tool", tool.name, noise.content).normal();
  return (
    NAME_WEIGHT * hits(name, stems) +
    DESCRIPTION_WEIGHT * hits(known, stems) +
    PARAMETER_WEIGHT * hits(stemsOf(parameters.join(" ")), stems) +
    (text.includes(tool.name) ? MENTION_WEIGHT : 0) +
    instructedWeight(tool, instructions.map((message) => message.text).join("\n"), stems) +
    (profile.misreading * misread) / profile.sharpness
  );
}

/** The arguments of one call, and of one more for each further value that stands in a list with the first. */
function argumentSets(tool: ToolOffer, asking: ToolAsking): readonly Readonly<Record<string, unknown>>[] {
  const lists = new Map<string, readonly string[]>();
  const fillingWith = (given: ReadonlyMap<string, string>): SchemaFilling => ({
    root: { type: "object", ...tool.schema },
    data: asking.text,
    choose: (path, options) => asking.choose(`${tool.name} ${path}`, options),
    extract: (path, field) => {
      const value = given.get(path);
      if (value !== undefined) return value;
      const found = extractValue(field, asking.text, asking.conditions(`argument ${tool.name} ${path}`));
      if (found !== undefined) lists.set(path, found.list);
      return found?.text;
    },
    reason: asking.text,
    confidence: 0.5,
    evidentOnly: true,
  });
  const first = fillSchema(fillingWith(new Map())) as Record<string, unknown>;
  const required = Array.isArray(tool.schema.required) ? tool.schema.required : [];
  const [path, ...more] = required.map(String);
  const list = path === undefined || more.length > 0 ? undefined : lists.get(path);
  if (path === undefined || list === undefined || list.length < 2) return [first];
  return list.map((value) => fillSchema(fillingWith(new Map([[path, value]]))) as Record<string, unknown>);
}

/** Whether the text lacks a value that the tool cannot do without, of a kind that its name tells. */
function lacksValue({ schema }: ToolOffer, { text }: ToolAsking): boolean {
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return propertiesOf(schema)
    .filter(([key, node]) => required.includes(key) && choiceOf(node) === undefined)
    .some(([key]) => {
      const kinds = kindsFor(stemsOf(wordsOfName(key)));
      return kinds.length > 0 && kinds.every((kind) => findSpans(text, kind).length === 0);
    });
}

/** The calls to make before an answer can be given; none where no tool has enough to do with what is asked. */
export function chooseTools(asking: ToolAsking): readonly WantedCall[] {
  const { tools = [], toolChoice = { kind: "auto" }, parallelToolCalls = true } = asking.request;
  if (tools.length === 0 || toolChoice.kind === "none") return [];
  const callsOf = (tool: ToolOffer): readonly WantedCall[] =>
    argumentSets(tool, asking).map((given) => ({ name: tool.name, arguments: given }));
  const weighed = tools
    .map((tool) => ({ tool, weight: weighTool(tool, asking) }))
    .toSorted((left, right) => right.weight - left.weight);
  if (toolChoice.kind !== "auto") {
    const forced =
      toolChoice.kind === "named" ? tools.find((tool) => tool.name === toolChoice.name) : weighed[0]?.tool;
    return forced === undefined ? [] : callsOf(forced).slice(0, parallelToolCalls ? undefined : 1);
  }
  const called = calledSince(asking.request.messages);
  const wanted = weighed.filter(({ tool, weight }) => weight >= CALL_THRESHOLD && !lacksValue(tool, asking));
  const calls = wanted.flatMap(({ tool }) => stillToCall(callsOf(tool), called.get(tool.name)));
  return parallelToolCalls ? calls : calls.slice(0, 1);
}
