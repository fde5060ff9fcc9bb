/** Reads how a prompt wants its answer written. */

import type { RequestedFormat } from "./mind-request.ts";
import { escapePattern } from "./words.ts";

export type FormatReading =
  | { readonly kind: "bare"; readonly clarity: Clarity }
  | {
      readonly kind: "json";
      readonly keys: readonly string[];
      readonly clarity: Clarity;
      readonly enforced: boolean;
    }
  | { readonly kind: "schema" }
  | { readonly kind: "explained" }
  | { readonly kind: "free"; readonly clarity: Clarity };

/** Contradictory and vague instructions break the format in a share of the answers. */
export type Clarity = "clear" | "vague" | "contradictory" | "none";

const ONE_WORD =
  /\b(?:one|single) (?:\w+ )?word\b|\b(?:only|just|nothing but|exactly) (?:with )?(?:the |one |a |of the )?(?:single )?(?:labels?|category|categories|class|word|name|of these|of the)\b|\b(?:labels?|category|class|word)(?: name)? only\b|\bnothing else\b|\bno (?:other|further|additional) (?:text|words|output)\b|\bwithout (?:any )?(?:explanation|further|other)\b|\bno explanations?\b|\bexactly one of\b|\b(?:reply|answer|respond) with one of\b/i;
const JSON_WORD = /\bjson\b/i;
const JSON_SHAPE = /\{[^{}]*["'][\w-]+["']\s*:[^{}]*\}/;
const NO_JSON = /\b(?:no|not|without|never|avoid) (?:use |using )?(?:any )?json\b/i;
const EXPLAIN =
  /\b(?:explain|explanations?|justify|reasons?|reasoning|why|rationale|full sentences?|complete sentences?|in a sentence|one sentence|step by step)\b/i;
const NO_EXPLAIN =
  /\b(?:no|without|don'?t|do not|never)\s+(?:\w+\s+){0,2}(?:explain|explanations?|reasons?|reasoning|justif\w+)\b/gi;
const VAGUE =
  /\b(?:be (?:concise|brief|clear|helpful|short)|briefly|short answer|concise(?:ly)?|structured|well formatted|nicely|machine[- ]readable|appropriate format|usual format|keep it short)\b/i;
const KEYS_SAID =
  /\b(?:keys?|fields?|properties)\b[^.\n]{0,20}?((?:["'`]?[a-z_]\w*["'`]?(?:\s*,\s*|\s+and\s+)?){1,6})/i;

function keysIn(instructions: string): readonly string[] {
  const shape = JSON_SHAPE.exec(instructions)?.[0];
  if (shape !== undefined) {
    const keys = [...shape.matchAll(/["']([\w-]+)["']\s*:/g)].map((match) => match[1] ?? "");
    if (keys.length > 0) return [...new Set(keys)];
  }
  const said = KEYS_SAID.exec(instructions)?.[1] ?? "";
  return [...said.matchAll(/[a-z_]\w*/gi)]
    .map((match) => match[0])
    .filter((key) => !/^(?:and|the|a|an|are|is|with|of|named?|called)$/i.test(key));
}

/** What the answers shown in examples teach, where they agree. */
function formatOfExamples(answers: readonly string[]): "bare" | "json" | undefined {
  if (answers.length === 0) return undefined;
  if (answers.every((answer) => answer.startsWith("{"))) return "json";
  return answers.every((answer) => answer.split(/\s+/).length <= 3) ? "bare" : undefined;
}

/** "Answer yes or no": the labels themselves are the answers. */
function namesTheAnswers(instructions: string, labels: readonly string[]): boolean {
  const names = labels.map(escapePattern).join("|");
  const pattern = new RegExp(
    `\\b(?:answer|reply|respond|return|output)\\s+(?:only\\s+)?(?:with\\s+)?(?:either\\s+)?["'\`*]*(?:${names})["'\`*]*\\s*(?:,|/|\\||or\\b)`,
    "iu",
  );
  return labels.length > 0 && pattern.test(instructions);
}

function readBare(oneWord: boolean, explain: boolean, vague: boolean): FormatReading {
  if (oneWord) return { kind: "bare", clarity: explain ? "contradictory" : "clear" };
  if (explain) return { kind: "explained" };
  return { kind: "free", clarity: vague ? "vague" : "none" };
}

export interface FormatSource {
  readonly instructions: string;
  readonly labels: readonly string[];
  readonly answers: readonly string[];
  readonly requested: RequestedFormat;
}

/** The format the prompt asks for, and how clearly. */
export function readFormat({ instructions, labels, answers, requested }: FormatSource): FormatReading {
  if (requested.kind === "schema") return { kind: "schema" };
  const plain = instructions.replaceAll(NO_EXPLAIN, " no explanation ");
  const explain = EXPLAIN.test(plain.replaceAll(" no explanation ", " "));
  const oneWord = ONE_WORD.test(plain) || /\bno explanation\b/.test(plain) || namesTheAnswers(plain, labels);
  const taught = formatOfExamples(answers);
  const shown = answers.find((answer) => answer.startsWith("{"));
  const keys = keysIn(JSON_SHAPE.test(instructions) || shown === undefined ? instructions : shown);
  if (requested.kind === "json") return { kind: "json", keys, clarity: "clear", enforced: true };
  const wantsJson =
    (JSON_WORD.test(instructions) || JSON_SHAPE.test(instructions)) && !/^\W*$/.test(instructions);
  if (wantsJson) {
    const refused = NO_JSON.test(instructions);
    const contradictory = refused || (oneWord && /\b(?:one|single) word\b/i.test(plain)) || taught === "bare";
    return { kind: "json", keys, clarity: contradictory ? "contradictory" : "clear", enforced: false };
  }
  const asked = readBare(oneWord, explain, VAGUE.test(plain));
  if (asked.kind === "bare" && asked.clarity === "contradictory") return asked;
  if (taught === "json")
    return { kind: "json", keys, clarity: oneWord ? "contradictory" : "clear", enforced: false };
  if (taught === "bare") return { kind: "bare", clarity: explain ? "contradictory" : "clear" };
  return asked;
}
