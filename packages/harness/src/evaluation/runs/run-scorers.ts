/** Brings the scorers of an eval set to a run: rules, judges out of the registry, functions of the user's own. */

import {
  builtInJudge,
  type CaseScorer,
  createScorers,
  type Judge,
  type JudgeCaller,
  judgesNamed,
  PAIRWISE,
  type PaidCalls,
  type SchemaCheckerOf,
  type ScoreInput,
  type ScorerSpec,
  type Scorers,
  scoreAnswer,
} from "@colophon/evaluation";
import { HarnessError, type VersionText } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { CheckerOf } from "../../registry-declaration.ts";
import { findJudge, registerJudge } from "../judges/find-judge.ts";
import type { CaseSpecs } from "./check-asked-cases.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { loadCustomScorers } from "./load-custom-scorers.ts";

export interface RunScorers extends CaseScorer {
  readonly compares: boolean;
  /** What of the set says nothing in this run, in sentences. */
  readonly silent: readonly string[];
  /** Judges that the set asks. */
  readonly judges: readonly Judge[];
  /** Of the judges' texts and the user's own scorers: what a score depends on beside set and answer. */
  readonly hashes: readonly string[];
}

/** What a set and its cases are scored by, and how people call the set. */
export interface ScoredSet extends CaseSpecs {
  readonly name: string;
  /** Of all cases. */
  readonly scorers: readonly ScorerSpec[];
  /** Whether there is another version to compare answers with. */
  readonly hasPairs: boolean;
}

/**
 * @throws HarnessError `input-malformed` for a scorer that is unknown or asked for wrongly, or a case without any;
 * `version-unknown`, `withdrawn` or `prompt-invalid` for a judge that cannot judge.
 */
export async function runScorers(
  harness: Harness,
  set: ScoredSet,
  parts: Pick<EvaluationParts, "checkerOf" | "embedder" | "folder"> & { readonly calls: PaidCalls },
): Promise<RunScorers> {
  const specs = [...set.scorers, ...set.specs.map(({ spec }) => spec)];
  const custom = await loadCustomScorers(specs, parts.folder);
  const found = await findJudges(harness, specs);
  const scorers = createScorers({
    checkerOf: schemaChecker(parts.checkerOf),
    embedder: parts.embedder,
    judging: {
      caller: judgeCaller(parts.calls),
      find: (reference) => found.get(reference) ?? builtInJudge(reference),
    },
    custom: custom.byFile,
  });
  checkSpecs(scorers, set);
  const judges = scorers.judgesOf(specs);
  const compares = specs.some(isPairwise);
  const { hasPairs } = set;
  return {
    compares: compares && hasPairs,
    silent: compares && !hasPairs ? [ALONE] : [],
    judges,
    hashes: [...judges.map(({ hash }) => hash), ...custom.hashes],
    async score({ evalCase, text, input }) {
      const all = [...set.scorers, ...evalCase.scorers, ...contractSpec(text, input)];
      const own = hasPairs ? all : all.filter((spec) => !isPairwise(spec));
      return (await scoreAnswer(scorers, own, input)).scores;
    },
  };
}

const ALONE = `Scorer "${PAIRWISE}" said nothing: it compares two versions, and this run has one.`;

const PAIRS_ALONE = `Its one scorer, "${PAIRWISE}", compares two versions, and this run has one; name a version that it is held against, or add a scorer that judges one answer.`;

function isPairwise({ scorer }: ScorerSpec): boolean {
  return scorer === PAIRWISE;
}

/** An answer that breaks its version's own contract is a veto. Refusals and calls of tools have none to keep. */
function contractSpec(
  { output }: VersionText,
  { refused, text, toolCalls }: ScoreInput,
): readonly ScorerSpec[] {
  if (output === undefined || refused || (text === null && toolCalls.length > 0)) return [];
  const options = { schema: output };
  return [{ scorer: "json-schema", metric: "contract", weight: 0, required: true, options }];
}

/** Every judge that specs can ask, by the reference in them; those of the house become versions like any other. */
async function findJudges(
  harness: Harness,
  specs: readonly ScorerSpec[],
): Promise<ReadonlyMap<string, Judge>> {
  const references = specs.flatMap(judgesNamed);
  const found = new Map<string, Judge>();
  for (const reference of new Set(references)) {
    found.set(reference, await registerJudge(harness, await findJudge(harness, reference)));
  }
  return found;
}

export function judgeCaller(calls: PaidCalls): JudgeCaller {
  return {
    async ask({ judge, messages, draw }) {
      const { key, version, hash, text } = judge;
      const request = { text, model: text.model, messages };
      const [result] = await calls.callAll([{ key, version, hash, purpose: "judge", request, draw }]);
      if (result?.kind === "answered") return { ok: true, answer: result.answer };
      return { ok: false, error: result?.kind === "failed" ? result.error : "The run ended." };
    },
  };
}

/** Checks answers with what the face checks contracts with. */
export function schemaChecker(checkerOf: CheckerOf): SchemaCheckerOf {
  return (schema) => {
    const check = checkerOf(schema);
    return (value) => {
      const result = check(value);
      if (result instanceof Promise) return "The schema cannot be checked here.";
      const [issue] = result.issues ?? [];
      if (issue === undefined) return undefined;
      const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
      return `${path.join(".") || "the answer"} ${issue.message}`;
    };
  };
}

function checkSpecs(all: Scorers, { name, scorers, specs, bare, hasPairs }: ScoredSet): void {
  const problems = new Map<string, string>();
  const look = (spec: ScorerSpec, where: string): void => {
    const problem = all.check(spec) ?? all.lacks(spec);
    if (problem !== undefined && !problems.has(problem)) problems.set(problem, where);
  };
  for (const spec of scorers) look(spec, "the set");
  for (const own of specs) look(own.spec, `case ${own.case}`);
  if (scorers.length === 0 && bare !== null) problems.set("It has no scorer.", `case ${bare}`);
  else if (bare !== null && !hasPairs && scorers.every(isPairwise)) problems.set(PAIRS_ALONE, "the set");
  if (problems.size === 0) return;
  const [[problem, where] = ["", ""]] = problems;
  const more = problems.size === 1 ? "" : ` There are ${problems.size - 1} more such problems.`;
  throw new HarnessError(
    "input-malformed",
    `${name} cannot be scored: ${where}: ${problem}${more} Correct the set and import it again.`,
    { details: { problems: [...problems].map(([what, at]) => `${at}: ${what}`) } },
  );
}
