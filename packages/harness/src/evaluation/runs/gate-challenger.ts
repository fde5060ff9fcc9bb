/** Asks the gate whether a challenger may replace what is live, and records its answer as evidence. */
import {
  type Contender,
  decideFirstGate,
  decideGate,
  type GateOptions,
  type GateVerdict,
  type Judge,
  judgeName,
  type RunEnd,
  type RunSide,
  revealVerdict,
  ScoreFold,
  towardsAnchor,
} from "@colophon/evaluation";
import { canonicalJson, type EvidenceData, getEnvironment, getPrompt, type Risk } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { findEvalSet, type OpenEvalSet } from "../eval-sets/load-eval-set.ts";
import type { Picture } from "../reports/report.ts";
import { scorePictures } from "../reports/score-pictures.ts";
import { type ComparedRuns, type Comparison, openComparison, setName } from "./compare-versions.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { evidenceRecord } from "./evidence-record.ts";
import { gateContenders } from "./gate-contenders.ts";
import type { GateAnswer, GateRequest, GateTerms, KeptVerdict } from "./gate-request.ts";
import { linkedSet } from "./linked-set.ts";
import { runNotes } from "./run-notes.ts";
import { type TakenLook, takeLook } from "./take-look.ts";

const AT_ONCE = 16;
/** The dev split may be looked at as often as anybody likes. */
const NO_LOOK: TakenLook = { looks: 0, ladder: null, refused: null };

/**
 * Baseline, anchor and challenger answer the test split in the same run. The answer is recorded as evidence
 * together with its runs; the same question again is answered by the evidence that is there.
 *
 * @throws HarnessError as `evaluate` does; `usage` where the challenger is what it would be compared with.
 */
export async function gateChallenger(
  harness: Harness,
  request: GateRequest,
  parts: EvaluationParts,
): Promise<GateAnswer> {
  const { key, environment, repeats = 1, concurrency = AT_ONCE, split = "test", take } = request;
  const state = await harness.records.state();
  const prompt = getPrompt(state, key);
  getEnvironment(state, environment);
  const set = await findEvalSet(harness, request.set ?? linkedSet(prompt.metadata?.evalSet, key));
  const evidence = await listEvidence(harness, key);
  const contenders = await gateContenders(harness, { state, set, evidence, request });
  const risk = prompt.metadata?.risk ?? "medium";
  const options = gateOptions(request, risk);
  const scores: Partial<Record<RunSide, ScoreFold>> = {};
  for (const { side } of contenders) scores[side] = new ScoreFold(options.requiredMetrics);
  const toAnchor = new ScoreFold(options.requiredMetrics);
  let firstError: string | undefined;
  const plan: Comparison = {
    ...{ contenders, set, split, repeats, environment, concurrency },
    ...(take !== undefined && { take }),
    fresh: request.fresh === true,
    ...(request.budget !== undefined && { budget: request.budget }),
    onLine(side, line) {
      firstError ??= line.error;
      scores[side]?.add(line);
      if (side === "challenger" && comparison.compares) toAnchor.add(towardsAnchor(line));
    },
  };
  const comparison = await openComparison(harness, plan, parts);
  try {
    const { together, judges, silent } = comparison;
    const { model } = contenders.find(({ side }) => side === "challenger") as Contender;
    const look = split === "test" ? await takeLook(harness, { key, model, set, together }) : NO_LOOK;
    const asked: AskedGate = { request, set, contenders, options, look, together, judges, silent };
    const standing = await standingAnswer(harness, evidence, asked);
    if (standing !== undefined) return standing;
    if (look.refused !== null) return refusedAnswer(asked, look.refused);
    const compared = await comparison.run();
    const held = comparison.compares ? { challengerToAnchor: toAnchor } : {};
    return await answerOf(harness, asked, { compared, scores, firstError, ...held });
  } finally {
    await comparison.close();
  }
}

interface AskedGate {
  readonly request: GateRequest;
  readonly set: OpenEvalSet;
  readonly contenders: readonly Contender[];
  readonly options: GateOptions;
  readonly look: TakenLook;
  readonly together: string;
  readonly judges: readonly Judge[];
  readonly silent: readonly string[];
}

function gateOptions(request: GateRequest, risk: Risk): GateOptions {
  const { margin, alpha, mode, blockingSlices, guards } = request;
  const { requiredMetrics, minimumCases, maxErrorShare, maxUnpairedShare } = request;
  const given: GateTerms = {
    ...{ margin, alpha, mode, blockingSlices, guards },
    ...{ requiredMetrics, minimumCases, maxErrorShare, maxUnpairedShare },
  };
  return { ...given, risk };
}

/** Every piece of evidence about a prompt, oldest first. */
export async function listEvidence(harness: Harness, key: string): Promise<readonly EvidenceData[]> {
  const records = await harness.records.listRecords({ key, kinds: ["evidence"] });
  return records.flatMap((record) => (record.kind === "evidence" ? [record.data] : []));
}

/** The same question, put before and answered in full, has its answer. */
async function standingAnswer(
  harness: Harness,
  evidence: readonly EvidenceData[],
  asked: AskedGate,
): Promise<GateAnswer | undefined> {
  const { together, look, request, contenders } = asked;
  const records = await harness.records.listRecords({ key: request.key, kinds: ["run"] });
  const complete = new Set(
    records.flatMap(({ kind, data }) =>
      kind === "run" && data.together === together && data.end === "complete" ? [data.id] : [],
    ),
  );
  // A candidate and the version that it became are one text, and each has evidence of its own.
  const { subject } = contenders.find(({ side }) => side === "challenger") as Contender;
  const last = evidence.findLast(
    ({ challenger, runs }) =>
      challenger === subject && runs.length > 0 && runs.every((run) => complete.has(run)),
  );
  // Answers that failed may come this time.
  if (last === undefined || last.verdict === "invalid") return undefined;
  const documents = await harness.records.listDocuments([last.document]);
  const kept = documents.get(last.document) as KeptVerdict | undefined;
  if (kept === undefined || canonicalJson(kept.asked) !== canonicalJson(questionOf(asked))) return undefined;
  return {
    ...kept.verdict,
    ...about(asked),
    evidenceId: last.id,
    unchanged: true,
    runs: last.runs,
    testLooks: look.looks,
    end: { kind: "complete" },
    progress: null,
    pictures: kept.pictures,
  };
}

function questionOf({ options, request }: AskedGate): unknown {
  return { options, threshold: request.threshold ?? null };
}

function about({ request, contenders, set, judges }: AskedGate) {
  const nameOf = (side: RunSide): string | null =>
    contenders.find((contender) => contender.side === side)?.subject ?? null;
  const { model, subject } = contenders.find(({ side }) => side === "challenger") as Contender;
  return {
    key: request.key,
    challenger: subject,
    baseline: nameOf("baseline"),
    anchorVersion: nameOf("anchor"),
    environment: request.environment,
    model,
    set: setName(set),
    split: request.split ?? "test",
    judges: judges.map(judgeName),
  };
}

/** A question that is not put has no figures: the verdict is `invalid`, and says why. */
function refusedAnswer(asked: AskedGate, trouble: string): GateAnswer {
  return {
    ...decideGate({ baseline: [], challenger: [], options: { ...asked.options, trouble: [trouble] } }),
    reasons: [trouble],
    ...about(asked),
    evidenceId: null,
    unchanged: false,
    runs: [],
    testLooks: asked.look.looks,
    end: { kind: "stopped" },
    progress: null,
    pictures: [],
  };
}

interface Finished {
  readonly compared: ComparedRuns;
  readonly scores: Readonly<Partial<Record<RunSide, ScoreFold>>>;
  /** Why an answer has no score. */
  readonly firstError: string | undefined;
  /** Where scores depend on whom the challenger is held against. */
  readonly challengerToAnchor?: ScoreFold;
}

async function answerOf(harness: Harness, asked: AskedGate, finished: Finished): Promise<GateAnswer> {
  const { compared } = finished;
  const { outcome, runs } = compared;
  const { end, progress } = outcome;
  if (end.kind === "stopped" || end.kind === "barred" || runs.length === 0) {
    return { ...refusedAnswer(asked, unfinished(end)), end, progress };
  }
  const exact = decide(asked, finished);
  const notes = await runNotes(harness, asked.set, asked);
  const held = end.kind === "budget" ? heldBack(exact, { why: end.why, compared }) : exact;
  // With a verdict the answers that are missing are few.
  const { firstError } = finished;
  const why =
    held.verdict === "invalid" && firstError !== undefined
      ? [`The first answer without a score: ${firstError}`]
      : [];
  const whole = { ...held, reasons: [...held.reasons, ...why, ...notes] };
  const { ladder } = asked.look;
  const verdict = ladder === null ? whole : revealVerdict(whole, ladder);
  const pictures = picturesOf(asked, finished);
  const document: KeptVerdict = { asked: questionOf(asked), verdict, pictures };
  const { request, set, contenders, look, judges } = asked;
  const record = evidenceRecord({
    id: harness.ids.next(),
    ...{ request, set, contenders, verdict, document, judges: judges.map(judgeName) },
    runs: runs.map(({ record: { id } }) => id),
    testLooks: look.looks,
  });
  await harness.records.append(() => ({
    drafts: [
      ...runs.map((run) => ({ kind: "run", by: harness.actor, data: run.record }) as const),
      { kind: "evidence", by: harness.actor, data: record },
    ],
    documents: [document],
    result: null,
  }));
  compared.done();
  return {
    ...verdict,
    ...about(asked),
    evidenceId: record.id,
    unchanged: false,
    runs: record.runs,
    testLooks: look.looks,
    end,
    progress,
    pictures,
  };
}

function picturesOf({ contenders }: AskedGate, { scores }: Finished): readonly Picture[] {
  const sides = contenders.map(({ side, subject }) => ({
    name: `${side} ${subject}`,
    scores: (scores[side] ?? new ScoreFold()).side(),
  }));
  return scorePictures(sides);
}

function decide({ options, request }: AskedGate, { scores, challengerToAnchor }: Finished): GateVerdict {
  const { baseline, anchor, challenger = [] } = scores;
  if (baseline === undefined) {
    const threshold = request.threshold === undefined ? {} : { threshold: request.threshold };
    return decideFirstGate({ challenger, options: { ...options, ...threshold } });
  }
  return decideGate({
    baseline,
    challenger,
    ...(anchor !== undefined && { anchor }),
    ...(challengerToAnchor !== undefined && { challengerToAnchor }),
    options,
  });
}

/** Cases that were not asked could still hold a veto: nothing ships on a part of the split. */
function heldBack(
  verdict: GateVerdict,
  { why, compared }: { readonly why: string; readonly compared: ComparedRuns },
): GateVerdict {
  const asked = compared.outcome.progress.done;
  const planned = compared.outcome.progress.planned ?? asked;
  const said = `The budget ended (${why}) after ${asked} of ${planned} answers of each version; raise it and run the same command again: what is paid for is not paid for again.`;
  const isShip = verdict.verdict === "ship";
  const isOpen = isShip || verdict.verdict === "inconclusive";
  return {
    ...verdict,
    ...(isOpen ? { obstacles: [said, ...(verdict.obstacles ?? [])] } : {}),
    verdict: isShip ? "inconclusive" : verdict.verdict,
    casesNeeded: isShip ? compared.cases : verdict.casesNeeded,
    reasons: [said, ...verdict.reasons],
  };
}

function unfinished(end: RunEnd): string {
  switch (end.kind) {
    case "stopped":
      return "The run was stopped before its end; run the same command again to go on where it was.";
    case "barred":
      return `The run could not go on: ${end.why.replace(/\.$/, "")}. What is paid for is not paid for again.`;
    case "budget":
      return `The budget ended before any answer (${end.why}); raise it.`;
    case "complete":
      return "Nothing was scored.";
  }
}
