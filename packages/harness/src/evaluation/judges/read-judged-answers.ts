/** Reads answers for a calibration out of JSON Lines: with people's labels, or without. */
import {
  caseQuestion,
  InputProblems,
  isFields,
  type JudgeMaterial,
  refuseUnknown,
} from "@colophon/evaluation";

/** A file's text and how people call it. */
export interface AnswersFile {
  readonly file: string;
  readonly text: string;
}

export interface AnswerToJudge {
  /** 1 for the first. */
  readonly line: number;
  readonly material: JudgeMaterial;
}

export interface LabelledAnswer extends AnswerToJudge {
  /** Whether a person let the answer pass; of two answers, whether they found the first one better. */
  readonly label: boolean;
}

const FIELDS = ["id", "answer", "text", "variables", "question", "rubric", "reference"];
const PAIR_FIELDS = ["answerA", "answerB"];
type Labels = readonly (readonly [unknown, boolean])[];
const LABELS: Labels = [
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ["pass", true],
  ["fail", false],
];
const PAIR_LABELS: Labels = [
  ["A", true],
  ["B", false],
];

/**
 * Answers with people's labels, to calibrate a judge by; or pairs of them, `answerA` and `answerB`.
 *
 * @throws HarnessError `input-malformed` with every bad line by its number; none is taken in then.
 * @example
 * const labelled = readLabelledAnswers({ file: "labels.jsonl", text: '{"answer": "Thank you!", "label": true}' });
 */
export function readLabelledAnswers(given: AnswersFile): readonly LabelledAnswer[] {
  return readAnswers(given, [...FIELDS, ...PAIR_FIELDS, "label"], (answer, { label }, complain) => {
    const isPair = answer.material.answer === undefined;
    const known = (isPair ? PAIR_LABELS : LABELS).find(([word]) => word === label);
    if (known === undefined) {
      const wanted = isPair ? '"A" or "B"' : 'true or false, 1 or 0, "pass" or "fail"';
      complain(`"label" is ${JSON.stringify(label) ?? "missing"}; give ${wanted}`);
    }
    return { ...answer, label: known?.[1] ?? false };
  });
}

/**
 * Answers that nobody has labelled, whose share of good ones is to be known.
 *
 * @throws HarnessError `input-malformed` with every bad line by its number; none is taken in then.
 * @example
 * const unlabelled = readUnlabelledAnswers({ file: "answers.jsonl", text: '{"answer": "No."}' });
 */
export function readUnlabelledAnswers(given: AnswersFile): readonly AnswerToJudge[] {
  return readAnswers(given, FIELDS, (answer) => answer);
}

type Complain = (what: string) => void;
type Line = Readonly<Record<string, unknown>>;

function readAnswers<T>(
  { file, text }: AnswersFile,
  fields: readonly string[],
  make: (answer: AnswerToJudge, line: Line, complain: Complain) => T,
): readonly T[] {
  const problems = new InputProblems();
  const answers = text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const complain = (what: string): void => problems.add(`line ${index + 1}`, what);
    const value = parsed(line, complain);
    if (value === undefined) return [];
    refuseUnknown(value, fields, complain);
    return [make({ line: index + 1, material: materialOf(value, complain) }, value, complain)];
  });
  problems.refuse(file);
  if (answers.length === 0) problems.add("it", "has no answer; give one a line");
  problems.refuse(file);
  return answers;
}

function parsed(line: string, complain: Complain): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (isFields(value)) return value;
    complain("it is no object");
  } catch (cause) {
    complain(`it is no JSON (${(cause as Error).message})`);
  }
  return undefined;
}

function materialOf(line: Line, complain: Complain): JudgeMaterial {
  const text = (name: string): string | undefined => {
    const value = line[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string") complain(`"${name}" is no text`);
    return String(value);
  };
  const answer = text("answer") ?? text("text");
  const pair = { answerA: text("answerA"), answerB: text("answerB") };
  const isPair = answer === undefined && (pair.answerA ?? pair.answerB) !== undefined;
  if (answer === undefined && !isPair) complain('it has no answer; give it as "answer"');
  if (isPair && (pair.answerA === undefined || pair.answerB === undefined)) {
    complain('it has one answer of two; give "answerA" and "answerB"');
  }
  const { variables = {} } = line;
  if (!isFields(variables)) complain('"variables" is no object');
  const [rubric, reference] = [text("rubric"), text("reference")];
  return {
    ...(isPair ? { answerA: pair.answerA ?? "", answerB: pair.answerB ?? "" } : { answer: answer ?? "" }),
    question: text("question") ?? caseQuestion(isFields(variables) ? variables : {}),
    ...(rubric !== undefined && { rubric }),
    ...(reference !== undefined && { reference }),
  };
}
