/** Holds every case of a run against every contract before anything is paid for, and gathers what the cases' own scorers are. */
import type { Contender, ScorerSpec } from "@colophon/evaluation";
import { canonicalJson, errorCodeOf, HarnessError } from "@colophon/kernel";
import type { CheckerOf } from "../../registry-declaration.ts";
import { checkVariables } from "../../render-prompt.ts";
import type { AskedCases } from "./asked-cases.ts";

/** A scorer that cases name beside those of the set. */
export interface CaseSpec {
  readonly spec: ScorerSpec;
  /** The first case that names it. */
  readonly case: string;
}

export interface CaseSpecs {
  /** Each once. */
  readonly specs: readonly CaseSpec[];
  /** The first case that names none; null where all do. */
  readonly bare: string | null;
}

export interface CasesToCheck {
  /** `triage@v3`. */
  readonly name: string;
  readonly cases: AskedCases;
  readonly contenders: readonly Contender[];
  readonly checkerOf: CheckerOf;
}

/** @throws HarnessError `input-malformed` for a case that does not fit. */
export async function checkAskedCases({
  name,
  cases,
  contenders,
  checkerOf,
}: CasesToCheck): Promise<CaseSpecs> {
  const checks = contenders.map(({ key, subject, text }) => {
    const check = checkerOf(text.input);
    return { key, subject, input: text.input, checkerOf: () => check };
  });
  const specs = new Map<string, CaseSpec>();
  let bare: string | null = null;
  for await (const { id, variables, scorers } of cases) {
    for (const check of checks) {
      try {
        checkVariables({ ...check, variables });
      } catch (error) {
        throw misfit(error, { set: name, case: id, asked: `${check.key}@${check.subject}` });
      }
    }
    if (scorers.length === 0) bare ??= id;
    for (const spec of scorers) {
      const text = canonicalJson(spec);
      if (!specs.has(text)) specs.set(text, { spec, case: id });
    }
  }
  return { specs: [...specs.values()], bare };
}

function misfit(
  error: unknown,
  where: { readonly set: string; readonly case: string; readonly asked: string },
): unknown {
  if (errorCodeOf(error)?.startsWith("variable-") !== true) return error;
  return new HarnessError(
    "input-malformed",
    `Case ${where.case} of ${where.set} does not fit ${where.asked}: ${(error as Error).message}`,
    { cause: error, details: { case: where.case } },
  );
}
