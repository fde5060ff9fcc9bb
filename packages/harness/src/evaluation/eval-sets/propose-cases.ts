/** Turns a query over the ledger into a batch of proposed cases, for somebody to review and import. */
import { evalSetReference, getEvalSet, promptsOf } from "@colophon/evaluation";
import {
  canonicalJson,
  type EpochMs,
  type Execution,
  getEnvironment,
  getPrompt,
  HarnessError,
  nearestName,
  type Outcome,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { capturedCall, scanExecutions } from "./captured-calls.ts";
import { draftFromCall } from "./draft-from-call.ts";
import { loadEvalSet } from "./load-eval-set.ts";

/** What makes a call worth a case. */
export const CASE_QUERIES = [
  "thumbs-down",
  "schema-failed",
  "low-score",
  "refused",
  "retried",
  "escalated",
  "guard-fired",
] as const;
export type CaseQuery = (typeof CASE_QUERIES)[number];

/**
 * Reads what calls are asked for.
 *
 * @throws HarnessError `usage` for a word that is none of them.
 * @example
 * readCaseQuery("thumbs-down");
 */
export function readCaseQuery(text: string): CaseQuery {
  const found = CASE_QUERIES.find((query) => query === text);
  if (found !== undefined) return found;
  const meant = nearestName(text, CASE_QUERIES);
  throw new HarnessError(
    "usage",
    `"${text}" is nothing that calls can be asked for: ${meant === undefined ? `use one of ${CASE_QUERIES.join(", ")}.` : `did you mean ${meant}?`}`,
  );
}

export interface ProposeCasesRequest {
  /** The set that the cases are for: those it has are not proposed again. */
  readonly name: string;
  readonly where: CaseQuery;
  /** Instead of the prompts whose metadata name the set. */
  readonly prompt?: string | undefined;
  /** All environments where left out. */
  readonly environment?: string | undefined;
  readonly since: EpochMs;
  /** Scores below this are low. */
  readonly below: number;
  readonly limit: number;
}

export interface ProposedCases {
  readonly name: string;
  readonly where: CaseQuery;
  /** Calls that the query found, up to the limit's worth of cases. */
  readonly found: number;
  /** A JSON line each, which `importEvalSet` adds to the set once reviewed. */
  readonly proposals: readonly Readonly<Record<string, unknown>>[];
  /** Calls of which no case can be made, by why. */
  readonly left: Readonly<Record<string, number>>;
  /** Why there is nothing to propose although calls were found, where that is for want of contents; else null. */
  readonly insufficient: string | null;
}

/**
 * The newest calls first, each text once. Nothing is recorded.
 *
 * @throws HarnessError `usage`, `eval-set-unknown`, `key-unknown` or `environment-unknown`.
 */
export async function proposeCases(harness: Harness, request: ProposeCasesRequest): Promise<ProposedCases> {
  const { name, where, limit } = request;
  const prompts = await promptsAsked(harness, request);
  const { content } = await loadEvalSet(harness, name);
  const known = new Set(content.cases.flatMap((one) => [one.id, canonicalJson(one.variables)]));
  const left = new Map<string, number>();
  const leave = (why: string): void => {
    left.set(why, (left.get(why) ?? 0) + 1);
  };
  const proposals: Readonly<Record<string, unknown>>[] = [];
  const wanting = new Set<string>();
  let found = 0;
  for await (const { execution, why } of answering(harness, prompts, request)) {
    if (proposals.length >= limit) break;
    found += 1;
    const captured = await capturedCall(harness, execution);
    if ("reason" in captured) {
      leave(captured.reason);
      wanting.add(captured.reason);
      continue;
    }
    const text = canonicalJson(captured.variables);
    if (known.has(execution.id) || known.has(text)) {
      leave("in the set already, or proposed before it");
      continue;
    }
    known.add(text);
    const { id, variables, tags, cluster, provenance } = draftFromCall(captured);
    const review = { proposed: true, why, observed: captured.output, expected: null };
    proposals.push({ ...review, id, variables, tags, cluster, provenance });
  }
  const insufficient = proposals.length > 0 ? undefined : wanting.values().next().value;
  return {
    name,
    where,
    found,
    proposals,
    left: Object.fromEntries(left),
    insufficient: insufficient ?? null,
  };
}

/** Calls that answer the query, with why in words. */
async function* answering(
  harness: Harness,
  prompts: readonly string[],
  { where, below, since, environment }: ProposeCasesRequest,
): AsyncGenerator<{ readonly execution: Execution; readonly why: string }> {
  for (const prompt of prompts) {
    const filter = {
      prompt,
      purpose: "serve",
      since,
      ...(environment === undefined ? {} : { environment }),
    } as const;
    const alerted = where === "guard-fired" ? await alertedCalls(harness, { prompt, since }) : new Map();
    for await (const page of scanExecutions(harness, filter)) {
      const outcomes = Map.groupBy(
        await harness.ledger.listOutcomes(page.map(({ id }) => id)),
        (outcome) => outcome.execution,
      );
      for (const execution of page) {
        const asked = { where, below, alerted, outcomes: outcomes.get(execution.id) ?? [] };
        const why = reasonFor(execution, asked);
        if (why !== undefined) yield { execution, why };
      }
    }
  }
}

async function promptsAsked(
  harness: Harness,
  { name, prompt, environment }: ProposeCasesRequest,
): Promise<readonly string[]> {
  const state = await harness.records.state();
  getEvalSet(state, evalSetReference(name));
  if (environment !== undefined) getEnvironment(state, environment);
  if (prompt !== undefined) return [getPrompt(state, prompt).key];
  const linked = promptsOf(state, name);
  if (linked.length > 0) return linked;
  throw new HarnessError(
    "usage",
    `No prompt's metadata name the eval set ${name}; say with --prompt whose calls are meant.`,
  );
}

interface Asked extends Pick<ProposeCasesRequest, "where" | "below"> {
  /** What alerts say of the calls behind them, by execution. */
  readonly alerted: ReadonlyMap<string, string>;
  /** Of the execution. */
  readonly outcomes: readonly Outcome[];
}

/** Why the call answers the query; undefined where it does not. */
function reasonFor(execution: Execution, asked: Asked): string | undefined {
  if (asked.where === "schema-failed" && execution.schemaOk === false) return "the answer broke its contract";
  if (asked.where === "refused" && execution.refused === true) return "the model declined";
  const alert = asked.alerted.get(execution.id);
  if (alert !== undefined) return `a guard fired: ${alert}`;
  const told = asked.outcomes.find((outcome) => tells(outcome, asked));
  return told && `${told.name} is ${told.value}, says ${told.by ?? told.source}`;
}

const SIGNALS: Readonly<Partial<Record<CaseQuery, readonly [name: string, value: boolean]>>> = {
  "thumbs-down": ["thumbs", false],
  "schema-failed": ["schemaOk", false],
  refused: ["refused", true],
  retried: ["retried", true],
  escalated: ["escalated", true],
};

function tells({ name, value, source }: Outcome, { where, below }: Asked): boolean {
  const signal = SIGNALS[where];
  if (signal !== undefined) return name === signal[0] && value === signal[1];
  const isScore = name === "quality" || source === "judge" || source === "rule";
  return where === "low-score" && isScore && typeof value === "number" && value >= 0 && value < below;
}

/** The calls that guards of the prompt named when they fired, each with the newest alert's words. */
async function alertedCalls(
  harness: Harness,
  { prompt, since }: { readonly prompt: string; readonly since: EpochMs },
): Promise<ReadonlyMap<string, string>> {
  const alerts = await harness.records.listRecords({ key: prompt, kinds: ["alert"] });
  return new Map(
    alerts.flatMap((record) => {
      if (record.kind !== "alert" || record.at < since) return [];
      const words = record.data.message.replace(/\.$/, "");
      return record.data.executions.map((id) => [id, words] as const);
    }),
  );
}
