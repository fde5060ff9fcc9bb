/** Audits an eval set against its prompts' bodies and the real traffic of the ledger. */

import { liveOf } from "@colophon/delivery";
import {
  type AuditedBody,
  auditEvalSet,
  type CapturedCall,
  type EvalCase,
  type EvalSetAudit,
  promptsOf,
  type TrafficCoverage,
  trafficCoverage,
} from "@colophon/evaluation";
import { bodiesOf, type EpochMs, getPrompt, type PromptState, type RegistryState } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { bodyText } from "../../render-prompt.ts";
import { capturedCall, scanExecutions } from "./captured-calls.ts";
import { subjectState } from "./copied-subjects.ts";
import { type EvalSetRow, rowOf } from "./list-eval-sets.ts";
import { loadEvalSet } from "./load-eval-set.ts";

/** Calls beyond these say little more, and each is read on its own. */
const MOST_CALLS = 2_000;

export interface AuditSetRequest {
  readonly set: string;
  /** Instead of the prompts whose metadata name the set. */
  readonly prompt?: string | undefined;
  /** Traffic from this time on is looked at. */
  readonly since: EpochMs;
}

export interface AuditedSet extends EvalSetRow, Omit<EvalSetAudit, "age" | "dev" | "test"> {
  readonly devClusters: number;
  readonly testClusters: number;
  /** Versions whose bodies were searched. */
  readonly bodies: readonly string[];
  readonly coverage: TrafficCoverage;
  /** Cases made of calls of which a subject was erased since: take them out with a new version. */
  readonly erased: readonly string[];
  /** False when the set is overdue, its splits share cases, test cases stand in a body, or subjects were erased. */
  readonly ok: boolean;
}

/**
 * Age, size, power, near-duplicates between the splits, cases that stand in a body, traffic without a case.
 *
 * @throws HarnessError `usage`, `eval-set-unknown`, `version-unknown` or `key-unknown`.
 */
export async function auditSet(harness: Harness, request: AuditSetRequest): Promise<AuditedSet> {
  const { entry, content } = await loadEvalSet(harness, request.set);
  const state = await harness.records.state();
  const keys = request.prompt === undefined ? promptsOf(state, entry.name) : [request.prompt];
  const prompts = keys.map((key) => getPrompt(state, key));
  const bodies = await auditedBodies(harness, state, prompts);
  const now = harness.clock.now();
  const { dev, test, age, ...audit } = auditEvalSet({ entry, content, bodies, now });
  const erased = await erasedCases(harness, content.cases);
  const leaked = audit.leaks.some(({ split }) => split === "test");
  return {
    ...rowOf(state, entry, now),
    ...audit,
    devClusters: dev.clusters,
    testClusters: test.clusters,
    bodies: bodies.map(({ version }) => version),
    coverage: await coverageOf(harness, { keys, since: request.since }, content),
    erased,
    ok: !age.overdue && audit.nearDuplicates.length === 0 && !leaked && erased.length === 0,
  };
}

/** Of each prompt the newest version and those that are live. */
async function auditedBodies(
  harness: Harness,
  state: RegistryState,
  prompts: readonly PromptState[],
): Promise<readonly AuditedBody[]> {
  const bodies: AuditedBody[] = [];
  for (const { key, versions } of prompts) {
    const live = [...state.environments.keys()].flatMap((name) => liveOf(state, key, name)?.version ?? []);
    const numbers = [...new Set([...live, ...[...versions.keys()].slice(-1)])].sort((a, b) => a - b);
    const entries = numbers.flatMap((number) => versions.get(number) ?? []);
    const texts = await harness.records.listTexts(entries.map(({ hash }) => hash));
    for (const { version, hash } of entries) {
      const text = texts.get(hash);
      if (text === undefined) continue;
      bodies.push({ version: `${key}@v${version}`, text: bodiesOf(text).map(bodyText).join("\n\n") });
    }
  }
  return bodies;
}

async function coverageOf(
  harness: Harness,
  { keys, since }: { readonly keys: readonly string[]; readonly since: EpochMs },
  content: Parameters<typeof trafficCoverage>[0],
): Promise<TrafficCoverage> {
  if (keys.length === 0) return { state: "insufficient", reason: "no prompt names the set", calls: 0 };
  const captured: CapturedCall[] = [];
  let calls = 0;
  for (const prompt of keys) {
    for await (const page of scanExecutions(harness, { prompt, purpose: "serve", since })) {
      for (const execution of page.slice(0, MOST_CALLS - calls)) {
        calls += 1;
        const call = await capturedCall(harness, execution);
        if (!("reason" in call)) captured.push({ execution: execution.id, variables: call.variables });
      }
      if (calls >= MOST_CALLS) break;
    }
  }
  return trafficCoverage(content, captured, calls);
}

/** A case outlives the contents of its call, so an erasure has to be told of it. */
async function erasedCases(harness: Harness, cases: readonly EvalCase[]): Promise<readonly string[]> {
  const erased: string[] = [];
  for (const { id, provenance } of cases) {
    if (provenance.source !== "execution" || provenance.ref === null) continue;
    if ((await subjectState(harness, provenance.ref)) === "erased") erased.push(id);
  }
  return erased;
}
