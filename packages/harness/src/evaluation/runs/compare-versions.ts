/** Runs versions side by side over an eval set: the common part of `eval`, `gate` and the matrix. */
import {
  type Contender,
  type EvalCase,
  estimateRun,
  type Judge,
  judgeName,
  type RunBudget,
  type RunOutcome,
  type RunPlan,
  type RunSide,
  runEvaluation,
  type ScoreLine,
  type ScoreSums,
  type Split,
} from "@colophon/evaluation";
import { errorCodeOf, HarnessError, hashDocument, type RunData, unitDraw } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { checkVariables } from "../../render-prompt.ts";
import type { LoadedEvalSet } from "../eval-sets/load-eval-set.ts";
import { openAnswerStore } from "./answer-store.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { type FileJournal, openFileJournal } from "./file-journal.ts";
import { type Desk, openDesk } from "./open-desk.ts";
import { openRunFolder, type RunFolder } from "./run-folder.ts";
import { lockRun } from "./run-lock.ts";
import { type RunScorers, runScorers } from "./run-scorers.ts";
import { type ScoreFile, writeScores } from "./write-scores.ts";

export interface Comparison {
  /** Each side once. */
  readonly contenders: readonly Contender[];
  readonly set: LoadedEvalSet;
  readonly split: Split;
  /** Cases of the split that are asked; all of them unless given. */
  readonly take?: number;
  readonly repeats: number;
  readonly environment: string;
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
  readonly sums: ScoreSums;
}

/** A comparison that is checked and can be run. */
export interface OpenComparison {
  /** Names the question: the same versions, models, cases, repeats and judges have the same name. */
  readonly together: string;
  readonly judges: readonly Judge[];
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
  const cases = casesOf(comparison);
  checkCases(comparison, cases, parts);
  const answers = openAnswerStore(folder.answers);
  const desk = await openDesk(harness, comparison, { ...parts, answers });
  const close = async (): Promise<void> => {
    await desk.close();
    answers.close();
  };
  try {
    const set = { name: setName(comparison.set), content: comparison.set.content, cases };
    const scorers = await runScorers(harness, set, { ...parts, calls: desk.calls });
    const together = planName(comparison, { parts, scorers, cases });
    const work = { comparison, folder, cases, scorers, together, desk, parts };
    return { together, judges: scorers.judges, run: () => runPlan(harness, work), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `triage@v3`. */
export function setName({ entry }: LoadedEvalSet): string {
  return `${entry.name}@v${entry.version}`;
}

/** In an order drawn by the set's hash: a run that ends early has asked a fair sample. */
function casesOf({ set, split, take }: Comparison): readonly EvalCase[] {
  const { entry, content } = set;
  const own = content.cases.filter((one) => one.split === split);
  if (own.length === 0) {
    const other = split === "test" ? "dev" : "test";
    throw new HarnessError(
      "input-malformed",
      `${setName(set)} has no ${split} split; import cases with split ${split}, or use --split ${other} where that will do.`,
    );
  }
  return own
    .map((evalCase) => ({ evalCase, draw: unitDraw(`${entry.hash}:${evalCase.id}`) }))
    .sort((a, b) => a.draw - b.draw)
    .slice(0, take)
    .map(({ evalCase }) => evalCase);
}

/** Every case is held against every contract before anything is paid for. */
function checkCases(
  { contenders, set }: Comparison,
  cases: readonly EvalCase[],
  { checkerOf }: EvaluationParts,
): void {
  for (const { key, version, text } of contenders) {
    const check = checkerOf(text.input);
    for (const { id, variables } of cases) {
      try {
        checkVariables({ key, input: text.input, variables, checkerOf: () => check });
      } catch (error) {
        const code = errorCodeOf(error);
        if (code?.startsWith("variable-") !== true) throw error;
        throw new HarnessError(
          "input-malformed",
          `Case ${id} of ${setName(set)} does not fit ${key}@v${version}: ${(error as Error).message}`,
          { cause: error, details: { case: id } },
        );
      }
    }
  }
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
    readonly cases: readonly EvalCase[];
  },
): string {
  const asked = contenders.map(({ side, hash, model, parts: partials, drawOffset }) => {
    return { side, hash, model, partials, drawOffset, at: parts.endpointOf(model) };
  });
  const { hashes } = scorers;
  return hashDocument({ asked, set: set.entry.hash, split, cases: cases.length, repeats, hashes });
}

interface Work {
  readonly comparison: Comparison;
  readonly folder: RunFolder;
  readonly cases: readonly EvalCase[];
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
      count: cases.length,
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
    return { record, sums: file.sums };
  });
  const done = (): void => {
    if (outcome.end.kind === "complete") journal.remove();
  };
  return { outcome, runs, cases: cases.length, done };
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
  const { entry, content } = comparison.set;
  const { key, version, hash, model, side } = contender;
  const { sums } = file;
  const { name, version: setVersion, hash: setHash } = entry;
  return {
    id,
    key,
    subject: `v${version}`,
    hash,
    model,
    side,
    together,
    environment: comparison.environment,
    evalSet: { name, version: setVersion, hash: setHash, split: comparison.split },
    scorers: [...new Set(content.scorers.map(({ scorer, metric }) => metric ?? scorer))],
    judges: scorers.judges.map(judgeName),
    repeats: comparison.repeats,
    seed: together,
    cases: cases.length,
    end: outcome.end.kind,
    scores: sums.scores(),
    lines: sums.lines,
    errors: sums.errors,
    cost: sums.cost === null || currency === null ? null : { amount: sums.cost, currency },
    results: file.hash,
  };
}
