/** A cell of the matrix: a prompt on a model, and what evidence says of it. */
import { canonicalJson, type EvidenceData, type ModelChoice, type Risk } from "@colophon/kernel";

/** Why a model stands in a prompt's row. */
export const CELL_ROLES = ["primary", "backup", "route", "other"] as const;
export type CellRole = (typeof CELL_ROLES)[number];

/** `open`: the last verdict was inconclusive or invalid, which is neither passed nor failed. */
export type CellState = "passed" | "failed" | "stale" | "open" | "never-run";

/** What changed since the evidence of a stale cell. */
export type StaleReason = "body" | "model" | "set" | "judge";

/** What evidence speaks of: a text on a model, and what both are held to, as things stand now. */
export interface TextOnModel {
  readonly key: string;
  readonly environment: string;
  /** Of the text. */
  readonly hash: string;
  /** With the parameters that it is asked with. */
  readonly model: ModelChoice;
  /** The newest version of the prompt's eval set; null where it names none, or one that is not there. */
  readonly evalSet: { readonly name: string; readonly version: number; readonly hash: string } | null;
  /** Judges that the set asks, as evidence names them. */
  readonly judges: readonly string[];
}

/** What a cell is about: a live version on one of its prompt's models. */
export interface CellSubject extends TextOnModel {
  readonly risk: Risk;
  readonly version: number;
  readonly role: CellRole;
  /** Cases of the test split. */
  readonly cases: number;
}

/** What evidence says of a text on a model. */
export interface CellReading {
  readonly state: CellState;
  /** Of a stale cell; empty otherwise. */
  readonly changed: readonly StaleReason[];
  /** The evidence that the state was read from. */
  readonly evidence: string | null;
  /** What the state was before things changed; null where the cell was never run. */
  readonly verdict: EvidenceData["verdict"] | null;
}

export interface MatrixCell extends CellSubject, CellReading {}

/**
 * Reads a cell's state from the last evidence about this prompt on this model: of this text, else of an earlier
 * one, which makes it stale.
 *
 * @param evidence of all prompts, oldest first, with the model that each was on.
 */
export function readCell<T extends TextOnModel>(
  subject: T,
  evidence: readonly CellEvidence[],
): T & CellReading {
  const own = evidence.filter(
    ({ data, model }) =>
      data.key === subject.key &&
      model.provider === subject.model.provider &&
      model.id === subject.model.id &&
      (data.environment === null || data.environment === subject.environment),
  );
  const last = own.findLast(({ data }) => data.hash === subject.hash) ?? own.at(-1);
  if (last === undefined) {
    return { ...subject, state: "never-run", changed: [], evidence: null, verdict: null };
  }
  const { data } = last;
  const changed = changes(subject, last);
  const state = changed.length > 0 ? "stale" : STATES[data.verdict];
  return { ...subject, state, changed, evidence: data.id, verdict: data.verdict };
}

/** Evidence, and the model that answered: that of its challenger's run. */
export interface CellEvidence {
  readonly data: EvidenceData;
  readonly model: ModelChoice;
}

const STATES = { ship: "passed", block: "failed", inconclusive: "open", invalid: "open" } as const;

function changes(subject: TextOnModel, { data, model }: CellEvidence): readonly StaleReason[] {
  const { evalSet, judges } = subject;
  const found: StaleReason[] = [];
  if (data.hash !== subject.hash) found.push("body");
  if (canonicalJson(model) !== canonicalJson(subject.model)) found.push("model");
  if (evalSet !== null && data.evalSet.hash !== evalSet.hash) found.push("set");
  // Another set asks its own judges: that the set changed says it all.
  else if (canonicalJson([...data.judges].sort()) !== canonicalJson([...judges].sort())) found.push("judge");
  return found;
}
