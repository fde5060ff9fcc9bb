/** Reads a case strictly out of parsed JSON or YAML: a misspelt field would be lost in silence. */
import { type Expectation, type Provenance, SPLITS, type Split } from "../eval-case.ts";
import type { CaseDraft } from "./case-draft.ts";
import {
  type Complain,
  type Fields,
  isFields,
  readScorers,
  refuseUnknown,
  shown,
} from "./read-scorer-spec.ts";

/** What a reviewer is shown of a proposed case, and what is not taken in. */
const FOR_REVIEW = ["proposed", "observed", "why"] as const;
const FIELDS = [
  "id",
  "variables",
  "expected",
  "split",
  "tags",
  "cluster",
  "provenance",
  "scorers",
  ...FOR_REVIEW,
];
const KINDS = ["none", "label", "json", "reference", "rubric"] as const;
const TEXT_KINDS: readonly string[] = ["label", "reference", "rubric"];
const SOURCES: readonly string[] = ["import", "human", "execution", "generated"];

export interface CasePlace {
  /** `line 3`. */
  readonly place: string;
  /** Where the case comes from unless it says so itself. */
  readonly provenance: Provenance;
}

/** Undefined, with a complaint, for what is none. */
export function readCaseDraft(value: unknown, where: CasePlace, complain: Complain): CaseDraft | undefined {
  if (!isFields(value)) {
    complain(`it is ${shown(value)}; give an object with "variables"`);
    return undefined;
  }
  refuseUnknown(value, FIELDS, complain);
  if (isDeep(value, DEEPEST)) {
    complain(`it is nested more than ${DEEPEST} levels deep`);
    return undefined;
  }
  const { variables } = value;
  if (!isFields(variables)) {
    complain(
      variables === undefined
        ? 'it has no "variables"'
        : `"variables" is ${shown(variables)}; give an object`,
    );
    return undefined;
  }
  return {
    id: readOptionalText(value, "id", complain),
    variables,
    expected: readExpectation(value.expected, complain),
    split: readSplit(value.split, complain),
    tags: readTags(value.tags, complain),
    cluster: readOptionalText(value, "cluster", complain),
    provenance: readProvenance(value.provenance, where.provenance, complain),
    scorers: readScorers(value.scorers, complain),
    place: where.place,
  };
}

/** Levels that whatever walks through a case later on can bear. */
const DEEPEST = 100;

function isDeep(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((inside) => isDeep(inside, left - 1));
}

/** Whether a line is one that `evalset add --where` wrote for review: it adds to a set. */
export function isProposed(value: unknown): boolean {
  return isFields(value) && value.proposed === true;
}

/**
 * `{ kind, value }`, or in short: a text is a label, any other value is JSON that is expected, and
 * nothing is `none`.
 */
export function readExpectation(value: unknown, complain: Complain): Expectation {
  if (value === undefined || value === null) return { kind: "none" };
  if (typeof value === "string") return { kind: "label", value };
  if (!isFields(value) || !KINDS.some((kind) => kind === value.kind)) return { kind: "json", value };
  refuseUnknown(value, ["kind", "value"], complain);
  if (value.kind === "none") return { kind: "none" };
  // A label may be empty: the answer has to be.
  const isEmpty = value.value === "" && value.kind !== "label";
  if (TEXT_KINDS.includes(value.kind as string) && (typeof value.value !== "string" || isEmpty)) {
    complain(`"expected" is a ${value.kind} whose value is ${shown(value.value)}; give a text`);
    return { kind: "none" };
  }
  if (value.value === undefined) complain('"expected" is JSON without a "value"');
  return { kind: value.kind, value: value.value } as Expectation;
}

/** Absent and empty are null. */
export function readSplit(value: unknown, complain: Complain): Split | null {
  if (value === undefined || value === null || value === "") return null;
  const split = SPLITS.find((known) => known === value);
  if (split === undefined) complain(`"split" is ${shown(value)}; use ${SPLITS.join(" or ")}`);
  return split ?? null;
}

/** Absent and empty are null. A number beyond what is read exactly would be that of another one too. */
export function readOptionalText(fields: Fields, name: string, complain: Complain): string | null {
  const value = fields[name];
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") return value;
  // YAML and CSV read ids of digits as numbers.
  if (Number.isSafeInteger(value)) return String(value);
  const advice = typeof value === "number" ? "put it in quotes" : "give a text";
  complain(`"${name}" is ${shown(value)}; ${advice}`);
  return null;
}

function readTags(value: unknown, complain: Complain): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((tag) => typeof tag === "string" && tag !== "")) return value;
  complain(`"tags" is ${shown(value)}; give a list of texts`);
  return [];
}

function readProvenance(value: unknown, otherwise: Provenance, complain: Complain): Provenance {
  if (value === undefined || value === null) return otherwise;
  if (isFields(value) && SOURCES.includes(value.source as string)) {
    refuseUnknown(value, ["source", "ref"], complain);
    const { source, ref = null } = value;
    if (ref === null || typeof ref === "string") return { source, ref } as Provenance;
  }
  complain(`"provenance" is ${shown(value)}; give "source" (${SOURCES.join(", ")}) and "ref", a text`);
  return otherwise;
}
