/** Shows a prompt or one of its versions, with the answers to the five questions that people ask of one. */

import { listEnvironments, liveOf, rollbackTarget } from "@colophon/delivery";
import {
  getPrompt,
  getVersion,
  type MetadataData,
  openFindings,
  type PromptState,
  type RegistryRecord,
  type RegistryState,
  type ReviewSeverity,
  type VersionText,
} from "@colophon/kernel";
import { withTexts } from "./change-registry.ts";
import type { Harness } from "./harness.ts";
import { type PromptSummary, summarize } from "./list-prompts.ts";

/** What is known, and the record that says so; `none` where there is no such record. */
export interface Answer {
  readonly answer: string;
  readonly record: string;
}

export interface FiveAnswers {
  readonly baseline: Answer;
  readonly evalSet: Answer;
  readonly canary: Answer;
  readonly rollback: Answer;
  readonly modelSwap: Answer;
}

/** What the last review of a version has said. */
export interface ShownReview {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  /** Edition of the built-in rules. */
  readonly rules: number;
  /** Findings that nobody has accepted, as of now. */
  readonly open: Readonly<Record<ReviewSeverity, number>>;
  /** Findings that somebody has. */
  readonly accepted: number;
}

export interface ShownVersion {
  readonly version: number;
  readonly hash: string;
  readonly bodyHash: string;
  readonly at: string;
  readonly author: string;
  /** Others who wrote on it since the version before. */
  readonly coAuthors: readonly string[];
  readonly message: string | null;
  readonly parent: number | null;
  readonly source: string;
  readonly commit: string | null;
  readonly withdrawn: { readonly at: string; readonly reason: string } | null;
  /** Environments where it is live. */
  readonly liveIn: readonly string[];
  readonly text: VersionText | null;
  readonly questions: FiveAnswers;
  /** Null where nobody has reviewed it. */
  readonly review: ShownReview | null;
}

interface ShownFacts extends PromptSummary {
  readonly backup: MetadataData["backup"];
  readonly routes: MetadataData["routes"];
}

/**
 * The prompt together with the version asked for, else the live one of the environment, else the
 * newest; `version` is null when there is none.
 */
export type ShownPrompt = ShownFacts & (ShownVersion | { readonly version: null });

const NONE: Answer = { answer: "none", record: "none" };

export interface ShowQuery {
  readonly key: string;
  readonly version: number | null;
  readonly environment: string;
}

/**
 * A prompt with its live versions, and one version with its text and the five answers.
 *
 * @throws HarnessError `key-unknown` or `version-unknown`.
 * @example
 * const { live, version } = await showPrompt(harness, {
 *   key: "support.triage",
 *   version: 7,
 *   environment: "production",
 * });
 */
export async function showPrompt(harness: Harness, query: ShowQuery): Promise<ShownPrompt> {
  const state = await harness.records.state();
  const prompt = getPrompt(state, query.key);
  const summary = summarize(state, prompt);
  const number = query.version ?? liveOf(state, query.key, query.environment)?.version ?? summary.newest;
  const { backup = [], routes = {} } = prompt.metadata ?? {};
  const version = number === null ? { version: null } : await showVersion(harness, { state, prompt, number });
  return { ...summary, backup, routes, ...version };
}

interface Subject {
  readonly state: RegistryState;
  readonly prompt: PromptState;
  readonly number: number;
}

async function showVersion(harness: Harness, subject: Subject): Promise<ShownVersion> {
  const { state, prompt, number } = subject;
  const entry = getVersion(prompt, number);
  const texts = await harness.records.listTexts([entry.hash]);
  const text = texts.get(entry.hash) ?? null;
  const { version, hash, bodyHash, at, author, message, parent, source, commit, withdrawn } = entry;
  const { coAuthors = [] } = entry;
  const live = listEnvironments(state)
    .map(({ name }) => name)
    .filter((name) => liveOf(state, prompt.key, name)?.version === number);
  return {
    version,
    hash,
    bodyHash,
    at: iso(at),
    author,
    coAuthors,
    message,
    parent,
    source,
    commit,
    withdrawn: withdrawn === null ? null : { at: iso(withdrawn.at), reason: withdrawn.reason },
    liveIn: live,
    text,
    questions: await answers(harness, { ...subject, text, live }),
    review: await lastReview(harness, prompt.key, hash),
  };
}

async function lastReview(harness: Harness, key: string, hash: string): Promise<ShownReview | null> {
  const records = await harness.records.listRecords({ key, kinds: ["review"] });
  const last = ofKind(records, "review").findLast(({ data }) => data.hash === hash);
  if (last === undefined) return null;
  const { id, rules, findings } = last.data;
  const open = openFindings(last.data, { now: harness.clock.now(), least: "low" });
  const count = (severity: ReviewSeverity): number => open.filter((one) => one.severity === severity).length;
  return {
    ...{ id, rules, at: iso(last.at), by: last.by.id, accepted: findings.length - open.length },
    open: { high: count("high"), medium: count("medium"), low: count("low") },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

interface Asked extends Subject {
  readonly text: VersionText | null;
  readonly live: readonly string[];
}

type Of<K extends RegistryRecord["kind"]> = Extract<RegistryRecord, { readonly kind: K }>;

async function answers(harness: Harness, asked: Asked): Promise<FiveAnswers> {
  const { key } = asked.prompt;
  const records = await harness.records.listRecords({ key, kinds: ["evidence", "run", "rollout", "drill"] });
  const sets = await harness.records.listRecords({ kinds: ["eval-set"] });
  return {
    baseline: baseline(records, asked),
    evalSet: evalSet([...sets, ...records], asked),
    canary: canary(records, asked),
    rollback: await rollback(harness, records, asked),
    modelSwap: modelSwap(records, asked),
  };
}

function ofKind<K extends RegistryRecord["kind"]>(
  records: readonly RegistryRecord[],
  kind: K,
): readonly Of<K>[] {
  return records.filter((record): record is Of<K> => record.kind === kind);
}

function baseline(records: readonly RegistryRecord[], { number }: Asked): Answer {
  const last = ofKind(records, "evidence").findLast(({ data }) => data.challenger === `v${number}`);
  if (last === undefined) return NONE;
  const { baseline: against, verdict, id } = last.data;
  return { answer: `${against ?? "no baseline"}, verdict ${verdict}`, record: id };
}

function evalSet(records: readonly RegistryRecord[], { prompt, number }: Asked): Answer {
  const run = ofKind(records, "run").findLast(
    ({ data }) => data.key === prompt.key && data.subject === `v${number}`,
  );
  const name = run?.data.evalSet.name ?? prompt.metadata?.evalSet ?? undefined;
  if (name === undefined) return NONE;
  const set = ofKind(records, "eval-set").findLast(
    ({ data }) => data.name === name && (run === undefined || data.version === run.data.evalSet.version),
  );
  const size =
    set === undefined
      ? "its cases are not recorded"
      : `${set.data.cases.dev} dev and ${set.data.cases.test} test cases`;
  const record = run?.data.id ?? (set === undefined ? "none" : `r${set.revision}`);
  return { answer: `${name}: ${size}${run === undefined ? ", this version was not run on it" : ""}`, record };
}

function canary(records: readonly RegistryRecord[], { number }: Asked): Answer {
  // A drill on a share tries no version out.
  const drills = new Set(ofKind(records, "drill").map(({ data }) => data.id));
  const last = ofKind(records, "rollout").findLast(
    ({ data }) => !drills.has(data.id) && data.arms.some((arm) => arm.version === number),
  );
  if (last === undefined) return NONE;
  return { answer: `${last.data.state} in ${last.data.environment}`, record: last.data.id };
}

/** Where the version is live: what a rollback would go back to. */
async function rollback(harness: Harness, records: readonly RegistryRecord[], asked: Asked): Promise<Answer> {
  const { state, prompt, live } = asked;
  const ways: string[] = [];
  let record = "none";
  for (const environment of live) {
    const target = await withTexts(harness, async (texts) =>
      rollbackTarget(state, { key: prompt.key, environment, texts }),
    );
    if (target.version === null || target.release === null) continue;
    ways.push(`to v${target.version} in ${environment}`);
    record = `r${target.release.revision}`;
  }
  if (ways.length === 0) return NONE;
  const drill = ofKind(records, "drill").findLast(
    ({ data }) => data.state === "ended" && data.cutOff === null && live.includes(data.environment),
  );
  const rehearsed = drill === undefined ? "not rehearsed" : `rehearsed ${iso(drill.at)}`;
  return {
    answer: `${ways.join(", ")}; ${rehearsed}`,
    record: drill === undefined ? record : `r${drill.revision}`,
  };
}

function modelSwap(records: readonly RegistryRecord[], { number, text }: Asked): Answer {
  const other = ofKind(records, "run").findLast(
    ({ data }) => data.subject === `v${number}` && data.model.id !== text?.model.id,
  );
  return other === undefined ? NONE : { answer: `run on ${other.data.model.id}`, record: other.data.id };
}
