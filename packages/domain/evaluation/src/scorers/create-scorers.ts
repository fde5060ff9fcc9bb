/** All scorers by their names, with what they need of the world handed in. */
import { type Embedder, nearestName } from "@colophon/kernel";
import type { ScorerSpec } from "../eval-case.ts";
import type { Judge } from "../judges/judge.ts";
import type { ScoreInput, ScoreOutcome, Scorer } from "../scorer.ts";
import { cost, latency } from "./call-limits.ts";
import { contains } from "./contains.ts";
import { type CustomScorer, customScorer } from "./custom.ts";
import { exact } from "./exact.ts";
import { jsonEqual } from "./json-equal.ts";
import { jsonPath } from "./json-path.ts";
import { jsonSchemaScorer, type SchemaCheckerOf } from "./json-schema.ts";
import { jsonValid } from "./json-valid.ts";
import { type JudgeParts, judgeScorer, judgesNamed } from "./judge-scorer.ts";
import { label } from "./label.ts";
import { length } from "./length.ts";
import { numeric } from "./numeric.ts";
import { oneOf } from "./one-of.ts";
import { pairwiseScorer } from "./pairwise.ts";
import { refusal } from "./refusal.ts";
import { regex } from "./regex.ts";
import { similarityScorer } from "./similarity.ts";
import { startsWith } from "./starts-with.ts";
import { editDistanceScorer, rougeLScorer, tokenF1Scorer } from "./text-distances.ts";
import { toolCall } from "./tool-call.ts";

export interface ScorerParts {
  readonly checkerOf: SchemaCheckerOf;
  readonly embedder?: Embedder | undefined;
  readonly judging?: JudgeParts | undefined;
  /** Functions of the user's own, by the path that specs name. */
  readonly custom?: ReadonlyMap<string, CustomScorer>;
}

export interface Scorers {
  readonly names: readonly string[];
  /** What is wrong with a spec, whatever the run has; undefined for nothing. */
  check(spec: ScorerSpec): string | undefined;
  /** What a spec needs that this run does not have; undefined for nothing. */
  lacks(spec: ScorerSpec): string | undefined;
  /** The score with `negate` applied. Rejects only where a port does. */
  score(spec: ScorerSpec, input: ScoreInput): Promise<ScoreOutcome>;
  /** The judges that the specs can ask, each once: what their scores depend on beside the specs. */
  judgesOf(specs: readonly ScorerSpec[]): readonly Judge[];
}

export function createScorers(parts: ScorerParts): Scorers {
  const all: readonly Scorer[] = [
    exact,
    oneOf,
    contains,
    startsWith,
    regex,
    label,
    numeric,
    editDistanceScorer,
    tokenF1Scorer,
    rougeLScorer,
    similarityScorer(parts.embedder),
    jsonValid,
    jsonSchemaScorer(parts.checkerOf),
    jsonPath,
    jsonEqual,
    length,
    cost,
    latency,
    refusal,
    toolCall,
    customScorer(parts.custom ?? new Map()),
    judgeScorer(parts.judging),
    pairwiseScorer(parts.judging),
  ];
  const byName = new Map(all.map((scorer) => [scorer.name, scorer]));
  const names = [...byName.keys()];
  return {
    names,
    check(spec) {
      const scorer = byName.get(spec.scorer);
      return scorer === undefined ? unknownScorer(spec, names) : scorer.check(spec);
    },
    lacks: (spec) => byName.get(spec.scorer)?.lacks?.(spec),
    async score(spec, input) {
      const scorer = byName.get(spec.scorer);
      if (scorer === undefined) return { ok: false, error: unknownScorer(spec, names) };
      const outcome = await scorer.score(spec, input);
      return outcome.ok && spec.negate === true ? { ...outcome, value: 1 - outcome.value } : outcome;
    },
    judgesOf(specs) {
      const references = specs.flatMap(judgesNamed);
      const judges = [...new Set(references)].flatMap((one) => parts.judging?.find(one) ?? []);
      return [...new Map(judges.map((judge) => [judge.hash, judge])).values()];
    },
  };
}

function unknownScorer({ scorer }: ScorerSpec, names: readonly string[]): string {
  const near = nearestName(scorer, names);
  const hint = near === undefined ? `take one of ${names.join(", ")}.` : `did you mean ${near}?`;
  return `There is no scorer "${scorer}": ${hint}`;
}
