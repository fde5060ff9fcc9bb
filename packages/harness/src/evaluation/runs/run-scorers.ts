/** Brings the scorers of an eval set to a run: rules, judges out of the registry, functions of the user's own. */

import {
  builtInJudge,
  type CaseScorer,
  createScorers,
  type EvalCase,
  type EvalSetContent,
  type Judge,
  type JudgeCaller,
  judgesNamed,
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
import type { EvaluationParts } from "./evaluation-parts.ts";
import { loadCustomScorers } from "./load-custom-scorers.ts";

export interface RunScorers extends CaseScorer {
  /** Judges that can be asked. */
  readonly judges: readonly Judge[];
  /** Of the judges' texts and the user's own scorers: what a score depends on beside set and answer. */
  readonly hashes: readonly string[];
}

/** A set's content, and how people call it. */
export interface ScoredSet {
  readonly name: string;
  readonly content: EvalSetContent;
  readonly cases: readonly EvalCase[];
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
  const specs = [...set.content.scorers, ...set.cases.flatMap(({ scorers }) => scorers)];
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
  return {
    judges,
    hashes: [...judges.map(({ hash }) => hash), ...custom.hashes],
    async score({ evalCase, text, input }) {
      const all = [...set.content.scorers, ...evalCase.scorers, ...contractSpec(text, input)];
      return (await scoreAnswer(scorers, all, input)).scores;
    },
  };
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
  const references = specs.filter(({ scorer }) => scorer === "judge").flatMap(judgesNamed);
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

function checkSpecs(scorers: Scorers, { name, content, cases }: ScoredSet): void {
  const problems = new Map<string, string>();
  const look = (spec: ScorerSpec, where: string): void => {
    const problem = scorers.check(spec) ?? scorers.lacks(spec);
    if (problem !== undefined && !problems.has(problem)) problems.set(problem, where);
  };
  for (const spec of content.scorers) look(spec, "the set");
  for (const { id, scorers: own } of cases) {
    for (const spec of own) look(spec, `case ${id}`);
    if (content.scorers.length + own.length === 0) problems.set("It has no scorer.", `case ${id}`);
  }
  if (problems.size === 0) return;
  const [[problem, where] = ["", ""]] = problems;
  const more = problems.size === 1 ? "" : ` There are ${problems.size - 1} more such problems.`;
  throw new HarnessError(
    "input-malformed",
    `${name} cannot be scored: ${where}: ${problem}${more} Correct the set and import it again.`,
    { details: { problems: [...problems].map(([what, at]) => `${at}: ${what}`) } },
  );
}
