/** Has a judge judge what people have labelled, and records how far it agrees with them. */
import {
  askJudge,
  type Calibration,
  calibrateJudge,
  compareAnswers,
  type Judge,
  type JudgeCaller,
  type JudgeMaterial,
  judgeName,
  type RunBudget,
  type RunEnd,
} from "@colophon/evaluation";
import { type CalibrationData, HarnessError, hashDocument, type ModelChoice } from "@colophon/kernel";
import { changeRegistry } from "../../change-registry.ts";
import type { Harness } from "../../harness.ts";
import { openAnswerStore } from "../runs/answer-store.ts";
import { type DeskParts, openDesk } from "../runs/open-desk.ts";
import { openRunFolder } from "../runs/run-folder.ts";
import { judgeCaller } from "../runs/run-scorers.ts";
import { findJudge, registerJudge } from "./find-judge.ts";
import type { AnswerToJudge, LabelledAnswer } from "./read-judged-answers.ts";

export interface CalibrationRequest {
  /** `KEY@vN`, or the key of a judge of the house. */
  readonly judge: string;
  readonly labelled: readonly LabelledAnswer[];
  /** Answers without a label, whose share of good ones is to be known. */
  readonly unlabelled?: readonly AnswerToJudge[];
  /** Of lines that have none of their own. */
  readonly rubric?: string | undefined;
  /** From this score on the judge counts as having passed an answer. 0.5 when left out. */
  readonly threshold?: number | undefined;
  /** Of the ledger's rows. */
  readonly environment: string;
  readonly budget?: RunBudget;
  /** The most calls at once; 8 unless given. */
  readonly concurrency?: number;
}

/** Where the judge and a person differ. */
export interface Disagreement {
  readonly line: number;
  readonly label: boolean;
  readonly score: number;
  readonly reason: string;
}

export interface CalibrationReport extends Calibration {
  readonly judge: string;
  readonly hash: string;
  readonly model: ModelChoice;
  /** Nothing is recorded unless it is complete. */
  readonly end: RunEnd;
  readonly recorded: boolean;
  readonly disagreements: readonly Disagreement[];
  readonly failures: readonly { readonly line: number; readonly error: string }[];
}

const AT_ONCE = 8;

/**
 * Every call is a row of the ledger with purpose `judge`; answers that were judged before are not paid
 * for again. Appends a `calibration` record when all answers were asked about.
 *
 * @throws HarnessError what `findJudge` throws, `usage` for labels of the other kind of judge or a model that
 * cannot be called, `store-unsupported`, `store-busy`.
 */
export async function runCalibration(
  harness: Harness,
  request: CalibrationRequest,
  parts: Omit<DeskParts, "answers">,
): Promise<CalibrationReport> {
  const found = await findJudge(harness, request.judge);
  checkAnswers(found, request);
  // A model that cannot be called is told before anything is written.
  parts.endpointOf(found.text.model);
  const judge = await registerJudge(harness, found);
  const answers = openAnswerStore(openRunFolder(harness).answers);
  const { environment, budget, concurrency = AT_ONCE } = request;
  const place = { environment, concurrency, ...(budget !== undefined && { budget }) };
  const desk = await openDesk(harness, place, { ...parts, answers });
  try {
    const ask = { caller: judgeCaller(desk.calls), judge, concurrency };
    const { labelled, unlabelled = [] } = withRubric(request);
    const judged = await askAll(ask, labelled);
    const others = await askAll(ask, unlabelled);
    const end: RunEnd = desk.calls.ended ?? { kind: "complete" };
    const report = reportOf({ judge, labelled, judged, others, end }, request.threshold);
    if (report.recorded) await record(harness, judge, { ...report, labelsHash: labelsHash(labelled) });
    return report;
  } finally {
    await desk.close();
    answers.close();
  }
}

/** A judge that compares two answers is held against people who did so too. */
function checkAnswers({ form }: Judge, { judge, labelled, unlabelled = [] }: CalibrationRequest): void {
  const isPairs = form.kind === "preference";
  const other = labelled.find(({ material }) => (material.answer === undefined) !== isPairs);
  const line = other === undefined ? "" : ` Line ${other.line} of the labels has ${isPairs ? "one" : "two"}.`;
  if (isPairs && (other !== undefined || unlabelled.length > 0)) {
    throw new HarnessError(
      "usage",
      `The judge ${judge} compares two answers: give labels with answerA and answerB, and no other answers.${line}`,
    );
  }
  if (other !== undefined) {
    throw new HarnessError(
      "usage",
      `The judge ${judge} grades single answers: give labels with answer.${line}`,
    );
  }
}

function withRubric({ labelled, unlabelled = [], rubric }: CalibrationRequest): {
  readonly labelled: readonly LabelledAnswer[];
  readonly unlabelled: readonly AnswerToJudge[];
} {
  const add = <T extends AnswerToJudge>(answer: T): T =>
    rubric === undefined ? answer : { ...answer, material: { rubric, ...answer.material } };
  return { labelled: labelled.map(add), unlabelled: unlabelled.map(add) };
}

interface Asking {
  readonly caller: JudgeCaller;
  readonly judge: Judge;
  readonly concurrency: number;
}

/** What the judge found of one answer, or of two. */
type Judged =
  | {
      readonly ok: true;
      /** Of two answers 1 for the first, 0 for the second; null for a tie. */
      readonly score: number | null;
      readonly reason: string;
    }
  | { readonly ok: false; readonly error: string };

/** As many at once as may be, in the order of the answers. */
async function askAll(
  asking: Asking,
  answers: readonly { readonly material: JudgeMaterial }[],
): Promise<readonly Judged[]> {
  const outcomes: Judged[] = new Array(answers.length);
  const left = answers.entries();
  const ask = asking.judge.form.kind === "preference" ? compareTwo : gradeOne;
  const { concurrency } = asking;
  const work = async (): Promise<void> => {
    for (const [at, { material }] of left) outcomes[at] = await ask(asking, material);
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return outcomes;
}

async function gradeOne({ caller, judge }: Asking, material: JudgeMaterial): Promise<Judged> {
  const outcome = await askJudge(caller, { judge, material, draw: 0 });
  if (!outcome.ok) return outcome;
  const { finding } = outcome;
  if (finding.kind === "grade") return { ok: true, score: finding.value, reason: finding.reason };
  return { ok: false, error: "The judge compares two answers and grades none." };
}

/** As runs have it compare: in both orders. */
async function compareTwo({ caller, judge }: Asking, material: JudgeMaterial): Promise<Judged> {
  const { answerA: challenger = "", answerB: baseline = "", ...rest } = material;
  const found = await compareAnswers(caller, { judge, challenger, baseline, material: rest });
  if (!found.ok) return found;
  const score = found.better === null ? null : Number(found.better === "challenger");
  return { ok: true, score, reason: found.reasons[0] };
}

interface Asked {
  readonly judge: Judge;
  readonly labelled: readonly LabelledAnswer[];
  readonly judged: readonly Judged[];
  readonly others: readonly Judged[];
  readonly end: RunEnd;
}

function reportOf(
  { judge, labelled, judged, others, end }: Asked,
  threshold: number | undefined,
): CalibrationReport {
  const lines = labelled.map(({ line, label }, at) => {
    const outcome = judged[at] as Judged;
    return { line, label, outcome, score: labelledScore(outcome, label) };
  });
  const calibration = calibrateJudge({
    labelled: lines,
    unlabelled: others.map((one) => (one.ok ? one.score : null)),
    ...(threshold !== undefined && { threshold }),
  });
  return {
    judge: judgeName(judge),
    hash: judge.hash,
    model: judge.text.model,
    ...calibration,
    end,
    recorded: end.kind === "complete" && calibration.labels > 0,
    disagreements: lines.flatMap(({ line, label, outcome, score }) => {
      if (!outcome.ok || score === null || score >= calibration.threshold === label) return [];
      return [{ line, label, score, reason: outcome.reason }];
    }),
    failures: lines.flatMap(({ line, outcome }) => (outcome.ok ? [] : [{ line, error: outcome.error }])),
  };
}

/** A tie where people preferred one is a miss, whichever they did. */
function labelledScore(outcome: Judged, label: boolean): number | null {
  return outcome.ok ? (outcome.score ?? Number(!label)) : null;
}

function labelsHash(labelled: readonly LabelledAnswer[]): string {
  return hashDocument(labelled.map(({ label, material }) => ({ label, material })));
}

async function record(
  harness: Harness,
  { key, version, hash }: Judge,
  measured: Omit<CalibrationData, "judge" | "version" | "hash">,
): Promise<void> {
  const { threshold, kappa, truePositiveRate, trueNegativeRate, labels, errors } = measured;
  const { labelsHash: labelled } = measured;
  const figures = { threshold, kappa, truePositiveRate, trueNegativeRate, labels, errors };
  const data: CalibrationData = { judge: key, version, hash, ...figures, labelsHash: labelled };
  await changeRegistry(harness, () => ({
    drafts: [{ kind: "calibration", by: harness.actor, data }],
    result: undefined,
  }));
}
