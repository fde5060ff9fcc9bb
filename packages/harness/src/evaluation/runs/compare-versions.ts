/** Runs versions side by side over an eval set: the common part of `eval`, `gate` and the matrix. */
import {
  type Contender,
  estimateRun,
  type Judge,
  judgeName,
  type RunBudget,
  type RunOutcome,
  type RunPlan,
  type RunSide,
  runEvaluation,
  type ScoreLine,
  type Split,
} from "@colophon/evaluation";
import { hashDocument, type RunData } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { OpenEvalSet } from "../eval-sets/load-eval-set.ts";
import { openAnswerStore } from "./answer-store.ts";
import { type AskedCases, askedCases } from "./asked-cases.ts";
import { askedRound, RoundAnswers } from "./asked-round.ts";
import { checkAskedCases } from "./check-asked-cases.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { type FileJournal, openFileJournal } from "./file-journal.ts";
import { listRuns } from "./list-runs.ts";
import { type Desk, openDesk } from "./open-desk.ts";
import { openRunFolder, type RunFolder } from "./run-folder.ts";
import { lockRun } from "./run-lock.ts";
import { type RunScorers, runScorers } from "./run-scorers.ts";
import { type ScoreFile, writeScores } from "./write-scores.ts";

export interface Comparison {
  /** Each side once. */
  readonly contenders: readonly Contender[];
  readonly set: OpenEvalSet;
  readonly split: Split;
  /** Cases of the split that are asked; all of them unless given. */
  readonly take?: number;
  readonly repeats: number;
  readonly environment: string;
  /** Asks everything anew, whatever answers were kept by earlier runs. */
  readonly fresh?: boolean;
  readonly budget?: RunBudget;
  /** The most calls at once. */
  readonly concurrency: number;
  /** Sees every line once the run is at its end, in the order in which they were finished. */
  readonly onLine?: (side: RunSide, line: ScoreLine) => void;
}

export interface ComparedRuns {
  readonly outcome: RunOutcome;
  /** One for each side; none where nothing was scored. */
  readonly runs: readonly FinishedRun[];
  /** Cases that were to be asked. */
  readonly cases: number;
  /** Forgets where the run was, once its records are written. */
  done(): void;
}

export interface FinishedRun {
  /** Yet to be appended. */
  readonly record: RunData;
}

/** A comparison that is checked and can be run. */
export interface OpenComparison {
  /** Names the question: the same versions, models, cases, repeats and judges in the same round have the same name. */
  readonly together: string;
  readonly judges: readonly Judge[];
  /** Whether scores depend on the other side's answers. */
  readonly compares: boolean;
  /** What of the set says nothing in this run, in sentences. */
  readonly silent: readonly string[];
  /** Runs it to its end, or on from where it was. */
  run(): Promise<ComparedRuns>;
  close(): Promise<void>;
}

/**
 * @throws HarnessError `input-malformed` for cases or scorers that do not fit, `store-unsupported`, `prompt-invalid`;
 * its `run` also `usage` for a budget that cannot be kept or a model that cannot be called, and `store-busy`.
 */
export async function openComparison(
  harness: Harness,
  comparison: Comparison,
  parts: EvaluationParts,
): Promise<OpenComparison> {
  const folder = openRunFolder(harness);
  const { set, contenders } = comparison;
  const cases = askedCases(comparison);
  const name = setName(set);
  const specs = await checkAskedCases({ name, cases, contenders, checkerOf: parts.checkerOf });
  const kept = openAnswerStore(folder.answers);
  const answers = new RoundAnswers(kept);
  const desk = await openDesk(harness, comparison, { ...parts, answers });
  const close = async (): Promise<void> => {
    await desk.close();
    kept.close();
  };
  try {
    const scored = { name, scorers: set.scorers, hasPairs: contenders.length > 1, ...specs };
    const scorers = await runScorers(harness, scored, { ...parts, calls: desk.calls });
    const question = planName(comparison, { parts, scorers, cases: cases.count });
    const round = askedRound(
      await listRuns(harness, contenders[0]?.key ?? ""),
      question,
      comparison.fresh === true,
    );
    answers.begin(round);
    const { together } = round;
    const work = { comparison, folder, cases, scorers, together, desk, parts };
    const { judges, compares, silent } = scorers;
    return { together, judges, compares, silent, run: () => runPlan(harness, work), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `triage@v3`. */
export function setName({ entry }: Pick<OpenEvalSet, "entry">): string {
  return `${entry.name}@v${entry.version}`;
}

/** The same question has the same name, so that it is gone on with, and found again. */
function planName(
  { contenders, set, split, repeats }: Comparison,
  {
    parts,
    scorers,
    cases,
  }: {
    readonly parts: EvaluationParts;
    readonly scorers: RunScorers;
    readonly cases: number;
  },
): string {
  const asked = contenders.map(({ side, hash, model, parts: partials, drawOffset }) => {
    return { side, hash, model, partials, drawOffset, at: parts.endpointOf(model) };
  });
  const { hashes } = scorers;
  return hashDocument({ asked, set: set.entry.hash, split, cases, repeats, hashes });
}

interface Work {
  readonly comparison: Comparison;
  readonly folder: RunFolder;
  readonly cases: AskedCases;
  readonly scorers: RunScorers;
  readonly together: string;
  readonly desk: Desk;
  readonly parts: EvaluationParts;
}

async function runPlan(harness: Harness, work: Work): Promise<ComparedRuns> {
  const { comparison, folder, cases, scorers, together, desk, parts } = work;
  const { contenders, repeats, concurrency } = comparison;
  const file = folder.journal(together.slice(0, 16));
  const unlock = lockRun(`${file}.lock`);
  let journal: FileJournal | undefined;
  try {
    journal = await openFileJournal(file);
    const plan: RunPlan = {
      contenders,
      cases,
      count: cases.count,
      repeats,
      seed: together,
      workers: concurrency,
    };
    parts.onEstimate?.(await estimateRun(plan, { calls: desk.calls, journal, prices: desk.prices }));
    const outcome = await runEvaluation(plan, {
      calls: desk.calls,
      scorer: scorers,
      journal,
      elapsed: () => harness.clock.elapsed(),
      ...(parts.onProgress !== undefined && { onProgress: parts.onProgress }),
    });
    journal.close();
    return await finished(harness, work, { journal, outcome });
  } finally {
    journal?.close();
    unlock();
  }
}

async function finished(
  harness: Harness,
  work: Work,
  { journal, outcome }: { readonly journal: FileJournal; readonly outcome: RunOutcome },
): Promise<ComparedRuns> {
  const { comparison, folder, cases, desk } = work;
  const { contenders, onLine } = comparison;
  const ids = new Map(contenders.map(({ side }) => [side, harness.ids.next()]));
  const targets = contenders.map(({ side }) => ({
    side,
    file: folder.scoreFile(ids.get(side) as string),
    ...(onLine !== undefined && { onLine: (line: ScoreLine) => onLine(side, line) }),
  }));
  const written = journal.finished === 0 ? [] : await writeScores(journal.groups(), targets);
  const runs = written.map((file) => {
    const contender = contenders.find(({ side }) => side === file.side) as Contender;
    const id = ids.get(file.side) as string;
    const record = runRecord({ ...work, id, contender, file, outcome, currency: desk.currency() });
    return { record };
  });
  const done = (): void => {
    if (outcome.end.kind === "complete") journal.remove();
  };
  return { outcome, runs, cases: cases.count, done };
}

interface RunToRecord extends Work {
  readonly id: string;
  readonly contender: Contender;
  readonly file: ScoreFile;
  readonly outcome: RunOutcome;
  readonly currency: string | null;
}

function runRecord(run: RunToRecord): RunData {
  const { comparison, cases, scorers, together, id, contender, file, outcome, currency } = run;
  const { entry, scorers: ofSet } = comparison.set;
  const { key, subject, hash, model, side } = contender;
  const { sums } = file;
  const { name, version: setVersion, hash: setHash } = entry;
  return {
    id,
    key,
    subject,
    hash,
    model,
    side,
    together,
    environment: comparison.environment,
    evalSet: { name, version: setVersion, hash: setHash, split: comparison.split },
    scorers: [...new Set(ofSet.map(({ scorer, metric }) => metric ?? scorer))],
    judges: scorers.judges.map(judgeName),
    repeats: comparison.repeats,
    seed: together,
    cases: cases.count,
    end: outcome.end.kind,
    scores: sums.scores(),
    lines: sums.lines,
    errors: sums.errors,
    cost: sums.cost === null || currency === null ? null : { amount: sums.cost, currency },
    results: file.hash,
  };
}
