/** Maps all assertions of a promptfoo test: the scorers of a case, what it expects, and what is left out. */
import { type Expectation, isFields, type ScorerSpec, shown } from "@colophon/evaluation";
import { canonicalJson } from "@colophon/kernel";
import type { Unmapped } from "../eval-set-file.ts";
import type { Assertion } from "./assertion.ts";
import { fillValue } from "./fill-value.ts";
import { mapAssertion } from "./map-assertion.ts";

export interface MappedAssertions {
  readonly scorers: readonly ScorerSpec[];
  readonly expected: Expectation;
  readonly unmapped: readonly Unmapped[];
}

interface TestParts {
  /** For what is said of it: `test 3 (line 9)`. */
  readonly test: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const FIELDS = ["type", "value", "threshold", "weight", "metric"] as const;

export function mapAssertions(assertions: readonly unknown[], test: TestParts): MappedAssertions {
  const unmapped: Unmapped[] = [];
  const scorers: ScorerSpec[] = [];
  let expected: Expectation = { kind: "none" };
  for (const [index, written] of flatten(assertions).entries()) {
    const assertion = readAssertion(written, test.variables);
    const name = `assertion ${index + 1} (${isFields(written) ? String(written.type) : shown(written)})`;
    const said = (why: string, instead: string | null): void => {
      unmapped.push({ test: test.test, assertion: name, why, instead });
    };
    if (typeof assertion === "string") {
      said(assertion, null);
      continue;
    }
    const mapped = mapAssertion(assertion);
    if (mapped.spec === null) {
      said(mapped.why, null);
      continue;
    }
    const { spec, differs } = mapped;
    if (differs !== undefined) said(differs, spec.scorer);
    const wanted = mapped.expected;
    if (wanted === undefined || wanted.kind === "none") scorers.push(spec);
    else if (spec.negate !== true && (expected.kind === "none" || same(expected, wanted))) {
      expected = wanted;
      scorers.push(spec);
    } else {
      const own = spec.scorer === "judge" ? { rubric: wanted.value } : { value: wanted.value };
      scorers.push({ ...spec, options: { ...spec.options, ...own } });
    }
  }
  return { scorers, expected, unmapped };
}

function same(one: Expectation, other: Expectation): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** A set of assertions that all have to hold is its assertions; one with a threshold of its own is not. */
function flatten(assertions: readonly unknown[]): readonly unknown[] {
  return assertions.flatMap((one): readonly unknown[] => {
    if (!isFields(one) || one.type !== "assert-set" || !Array.isArray(one.assert)) return [one];
    return one.threshold === undefined && one.weight === undefined ? flatten(one.assert) : [one];
  });
}

/** The assertion with the test's variables filled in, or why it cannot be read. */
function readAssertion(written: unknown, variables: TestParts["variables"]): Assertion | string {
  if (!isFields(written) || typeof written.type !== "string") return "it has no type";
  if (written.type === "assert-set")
    return "a set of assertions with a threshold or weight of its own has no counterpart";
  const value = written.value === undefined ? undefined : fillValue(written.value, variables);
  if (value === undefined && written.value !== undefined)
    return "its value is a template of more than the test's variables";
  const { type, threshold, weight, metric } = written;
  if (weight !== undefined && !(typeof weight === "number" && weight >= 0))
    return `its weight is ${shown(weight)}`;
  return {
    type,
    ...(value === undefined ? {} : { value }),
    ...(typeof threshold === "number" ? { threshold } : {}),
    ...(typeof weight === "number" ? { weight } : {}),
    ...(typeof metric === "string" ? { metric } : {}),
    others: Object.keys(written).filter((name) => !FIELDS.some((known) => known === name)),
  };
}
