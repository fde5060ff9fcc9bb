/** Looks at everything that a branch changes of prompts: review, gate, matrix, lock and declarations. */
import { promptSpecValue, readPromptSpec } from "@colophon/authoring";
import { NO_BUDGET, type RunBudget } from "@colophon/evaluation";
import { type Clock, errorCodeOf, type ModelChoice, systemClock, type VersionText } from "@colophon/kernel";
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
import { findPromptFolder, folderContent, type PromptFolder, readFolder } from "../sync/prompt-folder.ts";
import { type BranchPartials, dependentFiles, withBranchPartials } from "./branch-partials.ts";
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
  /** Given the models that the texts of the branch are asked on. */
  readonly partsFor: (models: readonly ModelChoice[]) => Promise<EvaluationParts>;
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
  const folder = findPromptFolder(cwd, dir);
  const inFiles = changed.map(subjectOf);
  const { dependents, partials } = partialsOfBranch(folder, { subjects: inFiles, known: place.summaries });
  const spoken = [...inFiles, ...dependents];
  const subjects = [...spoken, ...(await declaredSubjects(place, spoken))];
  const reviewed = await reviewAll(place, subjects);
  const purse = new Purse(request.gate?.budget ?? NO_BUDGET, () => place.clock.elapsed());
  const prompts: BranchPrompt[] = [];
  const gate = await openGate(request.gate, subjects);
  const parts = { reviewed, partials, purse, gate };
  for (const subject of subjects) prompts.push(await checkPrompt(place, subject, parts));
  const keys = prompts.map(({ key }) => key).filter((key) => place.summaries.has(key));
  const { cells, notes } = await cellsOf(place, [...new Set(keys)]);
  const lock = await checkLock(house, { folder, environment });
  return {
    ...{ base, commit, prefix, environment, store: house?.store ?? null, prompts, cells },
    checks: [...lock, ...(await checkTypes(house, cwd))],
    notes,
  };
}

interface OpenGate {
  readonly terms: GateTermsOfBranch;
  readonly parts: EvaluationParts;
}

async function openGate(
  asked: BranchGateRequest | null,
  subjects: readonly Subject[],
): Promise<OpenGate | null> {
  if (asked === null) return null;
  const { terms, partsFor } = asked;
  const own = subjects.flatMap(({ after }) =>
    after === null ? [] : [readPromptSpec(after.value, after.file).text.model],
  );
  return { terms, parts: await partsFor(terms.model === undefined ? own : [...own, terms.model]) };
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

interface FilesOfBranch {
  readonly subjects: readonly Subject[];
  readonly known: BranchPartials["known"];
}

/** Prompts that say something else now, though their files are as they were. */
function partialsOfBranch(
  folder: PromptFolder,
  { subjects, known }: FilesOfBranch,
): { readonly dependents: readonly Subject[]; readonly partials: BranchPartials } {
  const texts = new Map<string, VersionText>();
  for (const { key, after } of subjects) {
    if (after !== null) texts.set(key, readPromptSpec(after.value, after.file).text);
  }
  if (texts.size === 0) return { dependents: [], partials: { texts, known } };
  const files = readableFiles(folder);
  const gone = new Set(subjects.map(({ key }) => key));
  const found = dependentFiles(files, { texts, known }).filter(({ spec }) => !gone.has(spec.key));
  const dependents = found.map(({ name, source, spec }): Subject => {
    const after = { file: name, value: promptSpecValue(spec), source };
    return { key: spec.key, change: "dependent", file: name, before: null, after, problem: null, notes: [] };
  });
  // One that stands between a changed partial and others is written into those as well.
  for (const { spec } of found) texts.set(spec.key, spec.text);
  return { dependents, partials: { texts, known } };
}

/** What keeps the folder from being read is told of the lock. */
function readableFiles(folder: PromptFolder) {
  try {
    return readFolder(folder, folderContent(folder)).files;
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return [];
  }
}

/** What a file of the branch says of the prompt comes before what its code did. */
async function declaredSubjects(
  { house, request: { environment } }: BranchPlace,
  spoken: readonly Subject[],
): Promise<readonly Subject[]> {
  if (house === null) return [];
  const inFiles = new Set(spoken.map(({ key }) => key));
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
  // Of a file that is as it was nothing is found that the branch has brought.
  const texts = subjects.flatMap((subject) =>
    subject.after === null || subject.change === "dependent"
      ? []
      : [{ subject, file: reviewable(subject, subject.after) }],
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

interface CheckParts {
  readonly reviewed: Reviewed;
  readonly partials: BranchPartials;
  readonly purse: Purse;
  /** Null where it is not to be asked. */
  readonly gate: OpenGate | null;
}

async function checkPrompt(
  place: BranchPlace,
  subject: Subject,
  { reviewed, ...gating }: CheckParts,
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
  const { gate, inlined } = await gateSubject(place, subject, gating);
  // It tells of the verdict, too.
  const { comparison, notes } =
    change === "dependent" ? { comparison: null, notes: [] } : await compareSubject(place, subject);
  const said = [...subject.notes, ...notes, ...partialNotes(subject, inlined)];
  return { ...about, comparison, review: report, gate, notes: said };
}

function partialNotes({ change }: Subject, inlined: readonly string[]): readonly string[] {
  if (inlined.length === 0) return [];
  const names = inlined.join(", ");
  return [
    change === "dependent"
      ? `Its file is as it was; it includes what the branch changes: ${names}.`
      : `It includes what the branch changes too: ${names}.`,
  ];
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

interface GatedSubject {
  readonly gate: BranchGate;
  /** Partials of the branch that it was judged with. */
  readonly inlined: readonly string[];
}

async function gateSubject(
  place: BranchPlace,
  { key, after, change }: Subject,
  { partials, purse, gate: asked }: Omit<CheckParts, "reviewed">,
): Promise<GatedSubject> {
  const { house, request, summaries } = place;
  const open = (gate: BranchGate): GatedSubject => ({ gate, inlined: [] });
  if (after === null)
    return open({ state: "nothing-to-judge", why: "the file is gone, and what is live stays" });
  const evalSet = typeof after.value.evalSet === "string" ? after.value.evalSet : null;
  const text = wholeText(after, partials);
  if ("why" in text) return open(notJudged(text.why));
  const { value, inlined } = text;
  const told = (gate: BranchGate): GatedSubject => ({ gate, inlined });
  if (house === null)
    return told(notJudged("there is no store that knows what is live: name one with --store"));
  if (asked === null) return told(notJudged("the gate was not to be asked"));
  if (purse.isEmpty) return told(notJudged("the budget was spent on the prompts before it"));
  const known = summaries.get(key) ?? null;
  const rationale = rationaleOf(change, { file: after.file, inlined });
  const gate = await gateChange(
    house,
    { key, file: after.file, value, evalSet, known, rationale },
    { environment: request.environment, ...asked, budget: purse.rest() },
  );
  if (gate.state === "judged") purse.spend(gate.answer);
  return told(gate);
}

/** A candidate stands alone in the registry: what it includes of the branch is written into it. */
function wholeText(after: PromptSource, partials: BranchPartials) {
  try {
    return withBranchPartials(after, partials);
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    return { why: (error as Error).message };
  }
}

function rationaleOf(
  change: Subject["change"],
  { file, inlined }: { readonly file: string; readonly inlined: readonly string[] },
): string {
  if (change === "declared") return `declared by ${file}`;
  const included = inlined.length === 0 ? "" : `, with ${inlined.join(", ")} of the branch written into it`;
  return `${file} as a branch has it${included}`;
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
