/** Audits an eval set: its age, size and power, what its splits share, and what of it leaks into a body. */
import type { EpochMs, EvalSetEntry } from "@colophon/kernel";
import { findNearDuplicates, sharedSpan } from "@colophon/methods";
import type { EvalCase, EvalSetContent, Split } from "../eval-case.ts";
import { tellingTexts, variablesText } from "./case-text.ts";
import { type EvalSetAge, evalSetAge } from "./eval-set-age.ts";
import { type EvalSetPower, evalSetPower, type SplitSize } from "./eval-set-power.ts";

/** A text that cases must not stand in. */
export interface AuditedBody {
  /** `support.triage@v7`. */
  readonly version: string;
  readonly text: string;
}

/** A case of dev and one of test that say nearly the same. */
export interface SharedPair {
  readonly dev: string;
  readonly test: string;
  /** Jaccard similarity of their pairs of words, 0.6 to 1. */
  readonly similarity: number;
}

/** Words of a case that stand in a body. */
export interface CaseLeak {
  readonly case: string;
  readonly split: Split;
  readonly version: string;
  /** The words, in lower case. */
  readonly span: string;
}

export interface EvalSetAudit {
  readonly age: EvalSetAge;
  readonly dev: SplitSize;
  readonly test: SplitSize;
  readonly power: readonly EvalSetPower[];
  readonly nearDuplicates: readonly SharedPair[];
  readonly leaks: readonly CaseLeak[];
}

export interface AuditParts {
  readonly entry: EvalSetEntry;
  readonly content: EvalSetContent;
  readonly bodies: readonly AuditedBody[];
  readonly now: EpochMs;
}

/** What the set itself and the bodies show; what traffic shows is `coverage`. */
export function auditEvalSet({ entry, content, bodies, now }: AuditParts): EvalSetAudit {
  const dev = content.cases.filter(({ split }) => split === "dev");
  const test = content.cases.filter(({ split }) => split === "test");
  return {
    age: evalSetAge(entry, now),
    dev: sizeOf(dev),
    test: sizeOf(test),
    power: evalSetPower(sizeOf(test)),
    nearDuplicates: nearDuplicates(dev, test),
    leaks: content.cases.flatMap((one) => leaksOf(one, bodies)),
  };
}

function sizeOf(cases: readonly EvalCase[]): SplitSize {
  const clusters = new Set(
    cases.map(({ cluster, id }) => (cluster === null ? `case:${id}` : `cluster:${cluster}`)),
  );
  return { cases: cases.length, clusters: clusters.size };
}

function nearDuplicates(dev: readonly EvalCase[], test: readonly EvalCase[]): readonly SharedPair[] {
  const textOf = ({ variables }: EvalCase): string => variablesText(variables);
  return findNearDuplicates(dev.map(textOf), test.map(textOf)).map(({ one, other, similarity }) => ({
    dev: dev[one]?.id ?? "",
    test: test[other]?.id ?? "",
    similarity,
  }));
}

/** The longest span of the case in each body. */
function leaksOf(one: EvalCase, bodies: readonly AuditedBody[]): readonly CaseLeak[] {
  return bodies.flatMap(({ version, text }) => {
    const [span] = tellingTexts(one)
      .flatMap((telling) => sharedSpan(telling, text) ?? [])
      .sort((a, b) => b.length - a.length);
    return span === undefined ? [] : [{ case: one.id, split: one.split, version, span }];
  });
}
