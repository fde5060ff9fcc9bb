/** Looks at everything that a branch changes of prompts: review, gate, matrix, lock and declarations. */
import { promptSpecValue, readPromptSpec } from "@colophon/authoring";
import { NO_BUDGET, type RunBudget } from "@colophon/evaluation";
import { bodiesOf, type Clock, errorCodeOf, systemClock, templatePartials } from "@colophon/kernel";
import { Purse } from "../../evaluation/matrix/run-cells.ts";
import type { EvaluationParts } from "../../evaluation/runs/evaluation-parts.ts";
import type { House } from "../../house.ts";
import type { PromptSummary } from "../../list-prompts.ts";
import { comparePrompt, listDeclared } from "../../operations/offered-comparisons.ts";
import { listPrompts } from "../../operations/offered-registry.ts";
import { previewReview } from "../../operations/offered-reviews.ts";
import { listMatrix } from "../../operations/offered-runs.ts";
import { type CompareRequest, type Comparison, comparePromptFiles } from "../compare/compare-prompt.ts";
import type { AskedSide } from "../compare/find-side.ts";
import { type FileToReview, reviewFiles } from "../review/preview-review.ts";
import type { ReviewReport } from "../review/review-report.ts";
import { findPromptFolder } from "../sync/prompt-folder.ts";
import type { BranchGate, BranchPrompt, BranchReport, UnpassedCell } from "./branch-report.ts";
import { type ChangedPrompt, type PromptSource, promptChanges } from "./changed-prompts.ts";
import { checkLock } from "./check-lock.ts";
import { checkTypes } from "./check-types.ts";
import { type GateTermsOfBranch, gateChange, notJudged } from "./gate-change.ts";

export interface BranchRequest {
  readonly cwd: string;
  /** A commit or branch; what differs from where the history at hand left it is looked at. */
  readonly base: string;
  /** Where a text would be released, and whose calls costs are estimated by. */
  readonly environment: string;
  /** The folder of the prompt files; the nearest `prompts/` upward unless given. */
  readonly dir?: string | undefined;
  /** What a review policy says, parsed; absent or null for none. */
  readonly policy?: unknown;
  /** Null for a gate that is not to be asked. */
  readonly gate: BranchGateRequest | null;
}

export interface BranchGateRequest {
  readonly terms: GateTermsOfBranch;
  /** Of all texts together. */
  readonly budget?: RunBudget | undefined;
  readonly parts: EvaluationParts;
}

/**
 * Reviews each prompt that the branch changes, and asks the gate whether it may replace what is live. A text of a
 * branch becomes a candidate where the gate is asked, never a version.
 *
 * @param house null where there is no store: then nothing is known of what is live.
 * @throws HarnessError `usage` outside of a repository, for a base that is no commit, and for a clone that is too
 * shallow; `environment-unknown`; `input-malformed` for a policy.
 * @example
 * import { branchOutcome, checkBranch } from "@colophon/harness";
 *
 * const report = await checkBranch(house, {
 *   cwd: process.cwd(),
 *   base: "origin/main",
 *   environment: "production",
 *   gate: null,
 * });
 * console.log(branchOutcome(report, { failOn: "high", requireGate: false }).state);
 */
export async function checkBranch(house: House | null, request: BranchRequest): Promise<BranchReport> {
  const { cwd, base, environment, dir } = request;
  const { base: commit, prefix, prompts: changed } = await promptChanges(cwd, base);
  const place: BranchPlace = {
    house,
    request,
    summaries: await summariesOf(house),
    clock: house?.clock ?? systemClock,
  };
  const subjects = [...changed.map(subjectOf), ...(await declaredSubjects(place, changed))];
  const reviewed = await reviewAll(place, subjects);
  const purse = new Purse(request.gate?.budget ?? NO_BUDGET, () => place.clock.elapsed());
  const prompts: BranchPrompt[] = [];
  for (const subject of subjects) prompts.push(await checkPrompt(place, subject, { reviewed, purse }));
  const keys = prompts.map(({ key }) => key).filter((key) => place.summaries.has(key));
  const { cells, notes } = await cellsOf(place, [...new Set(keys)]);
  const lock = await checkLock(house, { folder: findPromptFolder(cwd, dir), environment });
  return {
    ...{ base, commit, prefix, environment, store: house?.store ?? null, prompts, cells },
    checks: [...lock, ...(await checkTypes(house, cwd))],
    notes,
  };
}

interface BranchPlace {
  readonly house: House | null;
  readonly request: BranchRequest;
  /** By key. */
  readonly summaries: ReadonlyMap<string, PromptSummary>;
  readonly clock: Clock;
}

/** A text of the branch, wherever it stands. */
interface Subject {
  readonly key: string;
  readonly change: BranchPrompt["change"];
  readonly file: string | null;
  readonly before: AskedSide | null;
  readonly after: PromptSource | null;
  readonly problem: string | null;
  readonly notes: readonly string[];
}

async function summariesOf(house: House | null): Promise<ReadonlyMap<string, PromptSummary>> {
  if (house === null) return new Map();
  return new Map((await listPrompts(house)).map((one) => [one.key, one]));
}

function subjectOf({ before, ...changed }: ChangedPrompt): Subject {
  return { ...changed, before: before === null ? null : { kind: "file", ...before } };
}

/** What a file of the branch says of the prompt comes before what its code did. */
async function declaredSubjects(
  { house, request: { environment } }: BranchPlace,
  changed: readonly ChangedPrompt[],
): Promise<readonly Subject[]> {
  if (house === null) return [];
  const inFiles = new Set(changed.map(({ key }) => key));
  const declared = await listDeclared(house, { environment });
  return declared
    .filter(({ key }) => !inFiles.has(key))
    .map(({ key, application, text }) => {
      const file = application === null ? "code" : `code of ${application}`;
      const value = promptSpecValue({ key, text, metadata: {} });
      const before: AskedSide = { kind: "current", environment };
      return {
        key,
        change: "declared",
        file: null,
        before,
        after: { file, value, source: "" },
        problem: null,
        notes: [],
      };
    });
}

type Reviewed = ReadonlyMap<Subject, ReviewReport | { readonly problem: string }>;

/** Together, since a partial that is not pinned is looked for among them; else one by one, to say whose fault it is. */
async function reviewAll(place: BranchPlace, subjects: readonly Subject[]): Promise<Reviewed> {
  const texts = subjects.flatMap((subject) =>
    subject.after === null ? [] : [{ subject, file: reviewable(subject, subject.after) }],
  );
  const reports = await review(
    place,
    texts.map(({ file }) => file),
  ).catch((error: unknown) => {
    if (errorCodeOf(error) !== undefined) return null;
    throw error;
  });
  const reviewed = new Map<Subject, ReviewReport | { readonly problem: string }>();
  for (const [at, { subject, file }] of texts.entries()) {
    const report = reports?.[at];
    reviewed.set(subject, report ?? (await reviewAlone(place, file)));
  }
  return reviewed;
}

/** Text in code has no lines that a review could name. */
function reviewable({ file: path }: Subject, { file, value, source }: PromptSource): FileToReview {
  return path === null ? { file, value } : { file, value, source };
}

function review({ house, request, clock }: BranchPlace, files: readonly FileToReview[]) {
  const { policy = null } = request;
  if (files.length === 0) return Promise.resolve([]);
  return house === null ? reviewFiles({ files, policy }, clock) : previewReview(house, { files, policy });
}

async function reviewAlone(place: BranchPlace, file: FileToReview) {
  try {
    const [report] = await review(place, [file]);
    return report ?? { problem: `${file.file} was not reviewed.` };
  } catch (error) {
    const code = errorCodeOf(error);
    // A policy that cannot be read is nobody's prompt.
    if (code === undefined || code.startsWith("store-") || code === "input-malformed") throw error;
    return { problem: (error as Error).message };
  }
}

async function checkPrompt(
  place: BranchPlace,
  subject: Subject,
  { reviewed, purse }: { readonly reviewed: Reviewed; readonly purse: Purse },
): Promise<BranchPrompt> {
  const { key, change, file } = subject;
  const found = reviewed.get(subject);
  const problem = subject.problem ?? (found !== undefined && "problem" in found ? found.problem : null);
  const report = found === undefined || "problem" in found ? null : found;
  const about = { key, change, file, problem };
  if (problem !== null) {
    const gate = notJudged("the file cannot be read");
    return { ...about, comparison: null, review: null, gate, notes: subject.notes };
  }
  const gate = await gateSubject(place, subject, purse);
  // It tells of the verdict, too.
  const { comparison, notes } = await compareSubject(place, subject);
  const partials = gate.state === "judged" ? changedPartials(subject, reviewed) : [];
  return { ...about, comparison, review: report, gate, notes: [...subject.notes, ...notes, ...partials] };
}

/** A candidate stands alone in the registry, and what it includes is what is live there. */
function changedPartials({ after }: Subject, reviewed: Reviewed): readonly string[] {
  if (after === null) return [];
  const { text } = readPromptSpec(after.value, after.file);
  const included = new Set(bodiesOf(text).flatMap((body) => templatePartials(body).map(({ name }) => name)));
  return [...reviewed.keys()]
    .filter(({ key }) => included.has(key))
    .map(({ key }) => `The partial ${key} changes too, and the gate was asked with what is live of it.`);
}

async function compareSubject(
  { house, request, clock }: BranchPlace,
  { key, before, after }: Subject,
): Promise<{ readonly comparison: Comparison | null; readonly notes: readonly string[] }> {
  const { environment, policy = null } = request;
  const side: AskedSide | null =
    after === null ? null : { kind: "file", file: after.file, value: after.value };
  if (side === null && before === null) return { comparison: null, notes: [] };
  const asked: CompareRequest = { key, before, after: side, environment, policy };
  try {
    const comparison = await (house === null
      ? comparePromptFiles(asked, clock)
      : comparePrompt(house, asked));
    return { comparison, notes: [] };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined || code.startsWith("store-")) throw error;
    return { comparison: null, notes: [`It could not be compared: ${(error as Error).message}`] };
  }
}

async function gateSubject(place: BranchPlace, subject: Subject, purse: Purse): Promise<BranchGate> {
  const { house, request, summaries } = place;
  const { key, after, change } = subject;
  if (after === null) return { state: "nothing-to-judge", why: "the file is gone, and what is live stays" };
  if (house === null) return notJudged("there is no store that knows what is live: name one with --store");
  if (request.gate === null) return notJudged("the gate was not to be asked");
  if (purse.isEmpty) return notJudged("the budget was spent on the prompts before it");
  const { terms, parts } = request.gate;
  const evalSet = typeof after.value.evalSet === "string" ? after.value.evalSet : null;
  const rationale = change === "declared" ? `declared by ${after.file}` : `${after.file} as a branch has it`;
  const known = summaries.get(key) ?? null;
  const gate = await gateChange(
    house,
    { key, file: after.file, value: after.value, evalSet, known, rationale },
    { environment: request.environment, terms, budget: purse.rest(), parts },
  );
  if (gate.state === "judged") purse.spend(gate.answer);
  return gate;
}

/** Of prompts that the branch changes: what is live may have lost its evidence too. */
async function cellsOf(
  { house, request: { environment } }: BranchPlace,
  prompts: readonly string[],
): Promise<{ readonly cells: readonly UnpassedCell[]; readonly notes: readonly string[] }> {
  if (house === null || prompts.length === 0) return { cells: [], notes: [] };
  try {
    const { cells } = await listMatrix(house, { environment, prompts });
    const unpassed = cells.filter(({ state }) => state !== "passed");
    return {
      cells: unpassed.map(({ key, version, model, state, changed }) => ({
        key,
        version,
        model,
        state,
        changed,
      })),
      notes: [],
    };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined || code.startsWith("store-") || code === "environment-unknown") throw error;
    return { cells: [], notes: [`The matrix could not be read: ${(error as Error).message}`] };
  }
}
