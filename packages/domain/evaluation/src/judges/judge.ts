/** A judge: a text of the registry that grades an answer, or says which of two is better. */
import { HarnessError, hashText, type JsonSchema, type VersionText } from "@colophon/kernel";

/** What a judge can be told of an answer; a text takes those that its contract names. */
export const GRADING_VARIABLES = ["question", "answer", "rubric", "reference"] as const;
/** What a judge that compares two answers can be told. */
export const COMPARING_VARIABLES = ["question", "answerA", "answerB", "rubric", "reference"] as const;
export type JudgeVariable = (typeof GRADING_VARIABLES)[number] | (typeof COMPARING_VARIABLES)[number];

/** What comes from outside, and has to be fenced: whoever wrote it may want a good mark. */
const FOREIGN: readonly string[] = ["question", "answer", "answerA", "answerB"];

/** The lowest and the highest mark. */
export type MarkScale = readonly [number, number];

/** How a judge says what it found, read off its output contract. */
export type JudgeForm =
  /** `score`: a number on a scale. */
  | { readonly kind: "score"; readonly scale: MarkScale }
  /** `pass`: true or false. */
  | { readonly kind: "pass" }
  /** `preference`: A, B or tie. */
  | { readonly kind: "preference" };

/** A judge that is pinned: the hash says which text, whatever is registered later. */
export interface Judge {
  readonly key: string;
  /** Null for a text that no store has numbered. */
  readonly version: number | null;
  readonly hash: string;
  readonly text: VersionText;
  readonly form: JudgeForm;
  /** What the text wants to be told. */
  readonly takes: ReadonlySet<JudgeVariable>;
  /** What it cannot do without. */
  readonly needs: ReadonlySet<JudgeVariable>;
}

export interface JudgeText {
  readonly key: string;
  readonly version: number | null;
  readonly text: VersionText;
}

/** @throws HarnessError `prompt-invalid` for a text that is no judge. */
export function judgeOf({ key, version, text }: JudgeText): Judge {
  const form = formOf(text.output);
  if (form === undefined) {
    throw notJudge(key, "its answer has neither score, pass nor preference; give it an output contract");
  }
  const known: readonly string[] = form.kind === "preference" ? COMPARING_VARIABLES : GRADING_VARIABLES;
  const takes = Object.keys((text.input.properties ?? {}) as object);
  const strange = takes.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw notJudge(key, `it wants the variable ${strange}, and is told ${known.join(", ")} alone`);
  }
  const answers = form.kind === "preference" ? ["answerA", "answerB"] : ["answer"];
  const missing = answers.find((name) => !takes.includes(name));
  if (missing !== undefined) throw notJudge(key, `it does not take the variable ${missing}`);
  const open = takes.find((name) => FOREIGN.includes(name) && text.untrusted?.includes(name) !== true);
  if (open !== undefined) {
    throw notJudge(
      key,
      `it does not mark ${open} as untrusted, so that an answer could give orders to its judge`,
    );
  }
  const needs = Array.isArray(text.input.required) ? text.input.required : [];
  return {
    key,
    version,
    hash: hashText(text),
    text,
    form,
    takes: new Set(takes) as ReadonlySet<JudgeVariable>,
    needs: new Set(needs) as ReadonlySet<JudgeVariable>,
  };
}

function notJudge(key: string, why: string): HarnessError {
  return new HarnessError("prompt-invalid", `${key} cannot judge: ${why}.`);
}

function formOf(output: JsonSchema | undefined): JudgeForm | undefined {
  const { preference, score, pass } = (output?.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  if (preference !== undefined) return { kind: "preference" };
  if (score !== undefined) return { kind: "score", scale: scaleOf(score) };
  return pass === undefined ? undefined : { kind: "pass" };
}

/** From the allowed values, else from the limits; 0 to 1 where the contract says neither. */
function scaleOf({ enum: values, minimum, maximum }: JsonSchema): MarkScale {
  const marks = Array.isArray(values) ? values.filter((value) => typeof value === "number") : [];
  if (marks.length > 1) return [Math.min(...marks), Math.max(...marks)];
  const low = typeof minimum === "number" ? minimum : 0;
  const high = typeof maximum === "number" ? maximum : 1;
  return low < high ? [low, high] : [0, 1];
}

/** `KEY@vN`, or the key and the beginning of the hash for a text without a number. */
export function judgeName({ key, version, hash }: Pick<Judge, "key" | "version" | "hash">): string {
  return version === null ? `${key}#${hash.slice(0, 8)}` : `${key}@v${version}`;
}
