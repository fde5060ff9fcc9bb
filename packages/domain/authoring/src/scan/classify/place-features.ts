/** Reads from where a text stands what it may be for: names, calls, files and what is beside it. */
import type { SourceScope } from "../source/source-module.ts";
import type { ClassifiedText } from "./classified-text.ts";
import type { FeatureFound, FeatureName } from "./feature-weights.ts";
import { factsOf, isAsking } from "./module-facts.ts";
import { nameWords } from "./name-words.ts";
import {
  ASKING_FIRST,
  DATA_NAMES,
  FIELD_NAMES,
  INSTRUCTION_WORDS,
  isPromptFile,
  MODEL_CALLS,
  NOT_PROMPTS,
  OTHER_CALLS,
  OTHER_FILE,
  OTHER_NAMES,
  OTHER_RECEIVERS,
  OTHER_TAGS,
  PROMPT_DECORATOR,
  PROMPT_WORDS,
  PROMPTED,
  SYSTEM_WORDS,
  TELLING,
  TEMPLATE_WORDS,
  TEST_FILE,
  TRAILING,
} from "./place-words.ts";

/** Whether a text stands where no prompt ever stands: thrown, compared, in markup, a docstring and the like. */
export function isElsewhere(text: ClassifiedText): boolean {
  // A text that is a statement by itself is a comment, and so is what is bound to `__doc__`.
  if (text.context[0]?.kind === "statement" || /^__\w+__$/.test(text.name ?? "")) return true;
  if (text.context.some(({ kind }) => kind === "thrown")) return true;
  // In what is handed to a call the place around the call says nothing of the text.
  const call = text.context.findIndex(({ kind }) => kind === "argument");
  const near = call === -1 ? text.context : text.context.slice(0, call);
  return near.some((step) => {
    switch (step.kind) {
      case "docstring":
        return !(text.decorators ?? []).some((name) => PROMPT_DECORATOR.test(name));
      case "markup":
      case "comparison":
      case "subscript":
      case "type":
        return true;
      case "tag":
        return OTHER_TAGS.has((step.name.split(/[.(]/)[0] ?? "").toLowerCase());
      default:
        return false;
    }
  });
}

/** `[{ input: "…", expected: "…" }]`, or a part of one of the `examples`: rows of data. */
function isDataRow(context: ClassifiedText["context"]): boolean {
  const [property, item, ...outer] = context;
  const isExample = [item, ...outer].some(
    (step) =>
      (step?.kind === "property" || step?.kind === "binding" || step?.kind === "argument") &&
      EXAMPLES.test(step.name ?? ""),
  );
  if (isExample) return true;
  return (
    property?.kind === "property" && item?.kind === "item" && DATA_NAMES.has(property.name.toLowerCase())
  );
}

export function placeFeatures(text: ClassifiedText, words: number): readonly FeatureFound[] {
  const found: FeatureFound[] = [];
  const add = (feature: FeatureName, shown: string | null, strength = 1): void => {
    found.push({ feature, shown, strength });
  };
  const { file } = text.module;
  const facts = factsOf(text.module);
  if (facts.usesModels) add("modelLibrary", null);
  if (isPromptFile(file) && !facts.asksPeople) {
    // A constant of a file of prompts is one of them.
    const isConstant =
      text.context[0]?.kind === "binding" && words >= LEAST_CONSTANT && functionAround(text) === undefined;
    add("promptFile", file.split("/").at(-1) ?? file, isConstant ? 1.4 : 1);
  }
  if (OTHER_FILE.test(file) || TEST_FILE.test(file)) add("otherFile", null);
  const at = text.span?.from;
  const role = at === undefined ? undefined : facts.roles.get(at);
  if (role !== undefined) add("roleBeside", role, TEST_FILE.test(file) || words < 3 ? 0.4 : 1);
  if (at !== undefined && facts.beside.has(at)) add("modelBeside", null);
  if ((at !== undefined && facts.toolTexts.has(at)) || isOfTool(text)) add("toolName", null);
  const names = namesOf(text);
  if (isDataRow(text.context)) add("dataRow", null);
  for (const one of nameFeatures(names)) {
    // `promptForRegion` asks somebody at a terminal.
    if (facts.asksPeople && one.feature === "promptName" && /^prompt\p{Lu}/u.test(one.shown ?? "")) continue;
    const isTelling =
      (one.feature === "promptName" && one.strength === 1 && words >= LONG_PROMPT) ||
      (one.feature === "fieldName" && /descriptions?$/i.test(one.shown ?? ""));
    add(one.feature, one.shown, one.strength * (isTelling ? 1.2 : 1));
  }
  if (text.callee !== null) for (const one of callFeatures(text.callee)) add(one.feature, one.shown);
  if (text.context.some(({ kind }) => kind === "piece")) add("fragment", null);
  const named = found.some(({ feature }) => PROMPT_NAMES.has(feature));
  if (!named && isInTable(text)) add("catalogue", null);
  return found;
}

/** `server.tool("search", "Searches the …", …)`, `declareTool({ description: "…" })`. */
function isOfTool({ context, callee }: ClassifiedText): boolean {
  if (callee === null || nameWords(callee.at(-1) ?? "").at(-1) !== "tool") return false;
  const [first, second] = context;
  if (first?.kind === "argument") return first.position > 0;
  return first?.kind === "property" && first.name === "description" && second?.kind === "argument";
}

const LEAST_CONSTANT = 6;
/** What is asked of a person is shorter. */
const LONG_PROMPT = 15;
const EXAMPLES = /^(?:few_?shot_?)?(?:examples?|samples|demos|demonstrations|test_?cases|dataset)$/i;
/** The innermost function with a name. */
function functionAround({ module, span }: Pick<ClassifiedText, "module" | "span">): SourceScope | undefined {
  if (span === undefined) return undefined;
  return module.scopes.findLast(
    ({ kind, from, to, name }) => kind === "function" && from <= span.from && span.to <= to && name !== null,
  );
}

const PROMPT_NAMES: ReadonlySet<FeatureName> = new Set(["promptName", "systemName", "instructionName"]);

/** Names that the text has, innermost first. */
function namesOf({ context, name, module, span }: ClassifiedText): readonly string[] {
  const names = context.flatMap((step): readonly string[] => {
    if (step.kind === "property" || step.kind === "binding") return [step.name];
    if (step.kind === "argument") return step.name === null ? [] : [step.name];
    if (step.kind === "default") return [step.parameter];
    return step.kind === "return" && step.function !== null ? [step.function] : [];
  });
  if (name !== null && !names.includes(name)) names.push(name);
  if (span === undefined) return names;
  const around = functionAround({ module, span });
  return around?.name == null || names.includes(around.name) ? names : [...names, around.name];
}

/** `prompt.select(…)`, `console_io.PromptContinue(…)` and `ask_user(…)` ask somebody at a terminal. */
function isQuestion(callee: readonly string[]): boolean {
  const [first = "", ...rest] = nameWords(callee.at(-1) ?? "");
  if (first === "prompt" && PROMPTED.has(rest[0] ?? "")) return true;
  if (ASKING_FIRST.has(first) && rest.some((word) => word === "user" || word === "human")) return true;
  if (nameWords(callee.at(-2) ?? "")[0] === "console") return true;
  return isAsking(callee);
}

/** The inner a name, the more it says: the outer ones count for less, and against a text only the first that says anything. */
function nameFeatures(names: readonly string[]): readonly FeatureFound[] {
  const best = new Map<FeatureName, FeatureFound>();
  for (const [depth, name] of names.entries()) {
    const feature = nameFeature(nameWords(name)) ?? containerFeature(name);
    if (feature === null || (best.size > 0 && AGAINST.has(feature))) continue;
    const strength = depth === 0 || AGAINST.has(feature) ? 1 : depth === 1 ? 0.8 : 0.6;
    if ((best.get(feature)?.strength ?? 0) < strength) best.set(feature, { feature, shown: name, strength });
  }
  const [strongest] = PROMPT_NAME_ORDER.flatMap((feature) => best.get(feature) ?? []);
  // `descriptions["prompt-injection"]` is a table of descriptions, whatever each is of.
  const table = names.find((name) => FIELD_TABLES.test(name));
  if (table !== undefined) return [{ feature: "fieldName", shown: table, strength: 1 }];
  const option = names.find((name) => OPTION.test(name));
  if (option !== undefined) return [{ feature: "fieldName", shown: option, strength: 1 }];
  const against = best.get("fieldName") ?? best.get("otherName");
  // `promptDescription` and `prompts.description` describe; `errorPrompt` is a prompt about errors.
  return [strongest, against].filter((one) => one !== undefined);
}

const AGAINST: ReadonlySet<FeatureName> = new Set(["otherName", "fieldName"]);

/** `docs.groupby` is one of the docs; what a table is called says nothing for a text. */
function containerFeature(name: string): FeatureName | null {
  const end = name.lastIndexOf(".");
  const feature = end > 0 ? nameFeature(nameWords(name.slice(0, end))) : null;
  return feature !== null && AGAINST.has(feature) ? feature : null;
}

const PROMPT_NAME_ORDER: readonly FeatureName[] = [
  "systemName",
  "promptName",
  "instructionName",
  "templateName",
];

function nameFeature(words: readonly string[]): FeatureName | null {
  const has = (...any: readonly string[]): boolean => any.some((word) => words.includes(word));
  const last = words.findLast((word) => !TRAILING.has(word)) ?? "";
  const isPrompt = PROMPT_WORDS.has(last) || (has("prompt", "prompts") && !NOT_PROMPTS.has(last));
  if (isPrompt) return has("system", "sys", "developer") ? "systemName" : "promptName";
  if (words.join(" ") === "system" || (has("system", "developer") && SYSTEM_WORDS.has(last)))
    return "systemName";
  // As often it is what a system tells people.
  if (has("system") && /^(?:message|msg)$/.test(last)) return "templateName";
  if (has("tool") && has("description")) return "fieldName";
  if (FIELD_NAMES.has(last) || words.join(" ").endsWith("display name")) return "fieldName";
  if (OTHER_NAMES.has(last) || /\bhow to\b/.test(words.join(" "))) return "otherName";
  if (INSTRUCTION_WORDS.has(last) || (has("few") && has("shot", "shots"))) return "instructionName";
  // How a tool is used is told to models.
  const isUsage = has("usage") && !has("tool", "tools");
  if (isUsage || has("help", "helptext", "docstring", "docstrings")) return "fieldName";
  return TEMPLATE_WORDS.has(last) ? "templateName" : null;
}

/** `HELP["--quiet"]`. */
const OPTION = /(?:^|\.)--?[a-z][\w-]*$/;
const FIELD_TABLES = /(?:descriptions|labels|tooltips|placeholders|displayNames|(?:^|_)help)$/i;
const COLLECTING: ReadonlySet<string> = new Set(["append", "extend", "insert", "push", "unshift", "add"]);

function callFeatures(callee: readonly string[]): readonly FeatureFound[] {
  const last = (callee.at(-1) ?? "").replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  const receivers = callee.slice(0, -1).map((step) => step.toLowerCase());
  const shown = callee.join(".");
  const words = nameWords(callee.at(-1) ?? "");
  const isOther =
    receivers.some((step) => OTHER_RECEIVERS.has(step)) ||
    /(?:error|exception)$/.test(last) ||
    // A bundler numbers what has the same name.
    TELLING.has((words[0] ?? "").replace(/\d+$/, "")) ||
    TELLING.has(words.at(-1) ?? "") ||
    words.some((word) => word === "docstring" || word === "docstrings") ||
    isQuestion(callee);
  if (isOther) return [{ feature: "otherCall", shown, strength: 1 }];
  const isOtherCall = OTHER_CALLS.has(last);
  const asks = callee
    .flatMap(nameWords)
    // `promptOutput.write` and `prompt_parts.append` ask nobody.
    .some(
      (word) => MODEL_CALLS.has(word) && !(PROMPT_WORDS.has(word) && (isOtherCall || COLLECTING.has(last))),
    );
  if (isOtherCall && !asks) return [{ feature: "otherCall", shown, strength: 1 }];
  return asks ? [{ feature: "modelCall", shown, strength: 1 }] : [];
}

/** A table holds many texts, and they are short: messages to people, not prompts. */
const TABLE_TEXTS = 6;
const TABLE_WORDS = 14;

function isInTable({ context, module }: ClassifiedText): boolean {
  if (!context.some(({ kind }) => kind === "property")) return false;
  const binding = context.findLast((step) => step.kind === "binding");
  const table = factsOf(module).tables.get(binding?.kind === "binding" ? binding.name : "");
  return table !== undefined && table.texts >= TABLE_TEXTS && table.words / table.texts < TABLE_WORDS;
}
