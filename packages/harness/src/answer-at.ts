/** Answers what the prompt was at a time, for whom, and why: what was released, what was served, where they differ. */
import {
  currentRelease,
  type Execution,
  inheritanceOf,
  type Lane,
  overrideScope,
  type Pseudonym,
  type Reason,
  type Revision,
  SUBJECT_KINDS,
  type SubjectKind,
  type Tier,
  type VersionText,
} from "@colophon/kernel";
import { differenceSentence } from "./difference-sentence.ts";
import type { Harness } from "./harness.ts";
import { type LedgerRow, readableRows } from "./ledger-row.ts";
import { type Moment, readMoment } from "./read-time.ts";
import { type ConsideredTier, type ResolvedPrompt, resolveFully } from "./resolve-prompt.ts";

export interface AtQuery {
  readonly time: string;
  readonly key: string;
  readonly environment: string;
  readonly user?: string;
  readonly tenant?: string;
  readonly document?: string;
  readonly documentType?: string;
  /** As in `resolvePrompt`; the one whose call was served when absent, where that can be told. */
  readonly application?: string | null;
}

/** What the registry said at that time. */
export interface ReleasedThen {
  /** Whose code is meant, as in a resolution. */
  readonly application: string | null;
  readonly version: number | null;
  readonly hash: string | null;
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
  readonly revision: Revision | null;
  /** When the release, override or declaration that decided was recorded (ISO 8601). */
  readonly since: string | null;
  readonly by: string | null;
  /** What was written to explain it. */
  readonly releaseReason: string | null;
  readonly considered: readonly ConsideredTier[];
}

/** What the ledger says was served. */
export interface ServedThen {
  readonly version: number | null;
  readonly hash: string;
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
  readonly at: string;
  readonly executionId: string;
  readonly revision: Revision | null;
  readonly requestedModel: string;
}

export interface AtAnswer {
  readonly key: string;
  readonly environment: string;
  /** First and last millisecond that was asked about (ISO 8601). */
  readonly from: string;
  readonly until: string;
  readonly released: ReleasedThen;
  readonly served: ServedThen | null;
  /** Null where they agree, or where nothing was served. */
  readonly differs: string | null;
  /** The text that was served, else the one that was released; null when there was none. */
  readonly text: VersionText | null;
  readonly executions: readonly LedgerRow[];
}

/** How far around an instant rows still belong to it. */
const AROUND_MS = 60_000;
const AFTER_ROWS = 20;

/**
 * Reads indexes only, however long the ledger is.
 *
 * @throws HarnessError `time-invalid`, `key-unknown`, `environment-unknown` or `application-unknown`.
 * @example
 * const { released, served, differs } = await answerAt(harness, {
 *   time: "14:32",
 *   key: "support.triage",
 *   environment: "production",
 *   user: "ada",
 * });
 */
export async function answerAt(harness: Harness, query: AtQuery): Promise<AtAnswer> {
  const now = harness.clock.now();
  const moment = readMoment(query.time, now);
  const last = Math.min(moment.until - 1, now);
  const asked = await pseudonymsOf(harness, query);
  const rows = asked.unknown ? [] : await rowsAround(harness, { query, moment, subjects: asked.known });
  const served = rows.find((row) => row.at <= last);
  const context = await completed(harness, { query, asked: asked.known, served });
  const { key, environment } = query;
  const reveal = (pseudonym: Pseudonym): string | undefined => context.plain.get(pseudonym);
  const { application } = query;
  const question = { key, environment, application, ...context.subjects, at: last };
  const resolved = await resolveFully(harness, question, { reveal, served });
  const released = releasedThen(resolved, context);
  const [text, executions] = await Promise.all([
    textOf(harness, served?.hash ?? released.hash),
    readableRows(harness, rows),
  ]);
  return {
    key,
    environment,
    from: new Date(moment.from).toISOString(),
    until: new Date(last).toISOString(),
    released,
    served: served === undefined ? null : servedThen(served),
    differs: served === undefined ? null : differenceSentence({ served, released, resolved }),
    text,
    executions,
  };
}

type Pseudonyms = Partial<Record<SubjectKind, Pseudonym>>;

async function pseudonymsOf(
  harness: Harness,
  query: AtQuery,
): Promise<{ readonly known: Pseudonyms; readonly unknown: boolean }> {
  const known: Pseudonyms = {};
  let unknown = false;
  for (const kind of SUBJECT_KINDS) {
    const value = query[kind];
    if (value === undefined) continue;
    const pseudonym = await harness.records.findPseudonym({ kind, value });
    if (pseudonym === undefined) unknown = true;
    else known[kind] = pseudonym;
  }
  return { known, unknown };
}

/** Newest first. */
async function rowsAround(
  harness: Harness,
  of: { readonly query: AtQuery; readonly moment: Moment; readonly subjects: Pseudonyms },
): Promise<readonly Execution[]> {
  const { query, moment, subjects } = of;
  // Evaluations, shadows and the like were shown to nobody.
  const filter = {
    prompt: query.key,
    environment: query.environment,
    purpose: "serve",
    ...subjects,
  } as const;
  const { from, until, precision } = moment;
  if (precision === "minute") return harness.ledger.listExecutions({ ...filter, since: from, until });
  // Asked for apart, so that a crowd of later rows cannot push the one that was served out of the answer.
  const [before, after] = await Promise.all([
    harness.ledger.listExecutions({ ...filter, since: from - AROUND_MS, until }),
    harness.ledger.listExecutions({
      ...filter,
      since: until,
      until: until + AROUND_MS,
      order: "oldest-first",
      limit: AFTER_ROWS,
    }),
  ]);
  return [...after.toReversed(), ...before];
}

interface Context {
  readonly subjects: Partial<Record<SubjectKind, string>>;
  /** The plain ids behind the pseudonyms that overrides may name. */
  readonly plain: ReadonlyMap<Pseudonym, string>;
  readonly pseudonyms: Pseudonyms;
}

const MEANT = [
  ["user", "tenant"],
  ["document", "documentType"],
] as const;

/**
 * Who asks for a user also means that user's tenant, and who asks for a document its type, as the
 * call that was served names them.
 */
async function completed(
  harness: Harness,
  of: { readonly query: AtQuery; readonly asked: Pseudonyms; readonly served: Execution | undefined },
): Promise<Context> {
  const { query, asked, served } = of;
  const subjects: Partial<Record<SubjectKind, string>> = {};
  const pseudonyms: Pseudonyms = { ...asked };
  const plain = new Map<Pseudonym, string>();
  for (const kind of SUBJECT_KINDS) {
    const value = query[kind];
    const pseudonym = asked[kind];
    if (value === undefined) continue;
    subjects[kind] = value;
    if (pseudonym !== undefined) plain.set(pseudonym, value);
  }
  for (const [named, meant] of MEANT) {
    const pseudonym = served?.subjects[meant] ?? null;
    if (query[named] === undefined || subjects[meant] !== undefined || pseudonym === null) continue;
    const value = (await harness.records.listSubjects([pseudonym])).get(pseudonym);
    if (value === undefined) continue;
    subjects[meant] = value;
    pseudonyms[meant] = pseudonym;
    plain.set(pseudonym, value);
  }
  return { subjects, plain, pseudonyms };
}

function releasedThen(resolved: ResolvedPrompt, context: Context): ReleasedThen {
  const { application, version, hash, tier, lane, reason, revision, considered } = resolved.resolution;
  const decided = decidingRecord(resolved, context);
  return {
    application,
    version,
    hash,
    tier,
    lane,
    reason,
    revision,
    since: decided === undefined ? null : new Date(decided.at).toISOString(),
    by: decided?.by ?? null,
    releaseReason: decided?.reason ?? null,
    considered,
  };
}

interface Deciding {
  readonly at: number;
  readonly by: string;
  readonly reason: string | null;
}

/** The record that made the resolution come out as it did. */
function decidingRecord(resolved: ResolvedPrompt, context: Context): Deciding | undefined {
  const { prompt, state, resolution, declared } = resolved;
  const { tier, lane, version, environment } = resolution;
  switch (tier) {
    case "document":
    case "user": {
      const kinds: readonly SubjectKind[] =
        tier === "document" ? ["document", "documentType"] : ["user", "tenant"];
      const entries = kinds.flatMap((kind) => {
        const pseudonym = context.pseudonyms[kind];
        return pseudonym === undefined ? [] : (prompt.overrides.get(overrideScope(kind, pseudonym)) ?? []);
      });
      const entry = entries.find(
        (one) => one.version === version && (one.environment === null || one.environment === environment),
      );
      return entry && { at: entry.at, by: entry.by.id, reason: entry.reason };
    }
    case "environment": {
      for (const from of inheritanceOf(state, environment)) {
        const rollout = lane === "canary" ? prompt.rollouts.get(from) : undefined;
        if (rollout?.arms.some((arm) => arm.version === version && arm.share > 0) === true) {
          return { at: rollout.at, by: rollout.by.id, reason: rollout.reason };
        }
        const release = currentRelease(prompt, from);
        if (release !== undefined) return { at: release.at, by: release.by.id, reason: release.reason };
      }
      return undefined;
    }
    case "default":
      return declared && { at: declared.at, by: declared.by.id, reason: null };
    case null:
      return undefined;
  }
}

function servedThen(row: Execution): ServedThen {
  const { version, hash, tier, lane, reason, at, id, revision, requestedModel } = row;
  return {
    version,
    hash,
    tier,
    lane,
    reason,
    at: new Date(at).toISOString(),
    executionId: id,
    revision,
    requestedModel,
  };
}

async function textOf(harness: Harness, hash: string | null): Promise<VersionText | null> {
  if (hash === null || hash === "") return null;
  return (await harness.records.listTexts([hash])).get(hash) ?? null;
}
