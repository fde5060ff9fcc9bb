/** Decides what a breach of a standing guard leads to: back to the last known good, or a word to people. */
import {
  type Actor,
  type AlertData,
  type EpochMs,
  getPrompt,
  type RecordDecision,
  type RecordDraft,
  type RegistryState,
  type Revision,
  sha256,
} from "@colophon/kernel";
import { decideRollback } from "../decide-rollback.ts";
import { rehearsalOf } from "../drill/rehearsal.ts";
import type { Texts } from "../fit.ts";
import { type LiveRelease, liveOf } from "../live.ts";
import { rollbackTarget } from "../rollback-target.ts";
import type { StandingReading } from "./standing-guards.ts";

export interface StandingCommand {
  readonly reading: StandingReading;
  /** Revision of the live release that was looked at. */
  readonly seen: Revision;
  readonly by: Actor;
  readonly now: EpochMs;
  /** Texts of the versions that may be gone back to, and of their partials, by hash. */
  readonly texts: Texts;
}

export interface StandingDecided {
  readonly key: string;
  readonly environment: string;
  readonly guard: string;
  /** True when guard or live version are others by now, or it has fired about this one: nothing was decided. */
  readonly outdated: boolean;
  /** The version that serves again; null where nothing was rolled back. */
  readonly version: number | null;
  readonly alert: AlertData | null;
}

/**
 * A guard fires once about a version. After its own rollback it only alerts about the version that it went
 * back to: where both do badly the version is not what is wrong, and going on would empty the history.
 *
 * @throws HarnessError `key-unknown`, or `store-corrupt` with `details.missingTexts`.
 */
export function decideStanding(
  state: RegistryState,
  command: StandingCommand,
): RecordDecision<StandingDecided> {
  const { reading, seen, by } = command;
  const { key, environment, version } = reading;
  const prompt = getPrompt(state, key);
  const guard = prompt.guards.get(reading.guard);
  const live = liveOf(state, key, environment);
  const result = { key, environment, guard: reading.guard, version: null };
  const current =
    reading.state === "breached" &&
    guard !== undefined &&
    guard.revision === reading.revision &&
    !guard.fired.includes(version) &&
    live?.version === version &&
    live.release.revision === seen &&
    // What a drill has put there for a moment is not what would be left.
    rehearsalOf(prompt, live.release) === undefined;
  if (!current) return { drafts: [], result: { ...result, outdated: true, alert: null } };
  const { drafts, done, to } = guard.action === "rollback" ? goBack(state, live, command) : NOT_ASKED;
  const alert = alertOf(reading, { done, rolledBack: to !== null, seen });
  const alerted: RecordDraft = { kind: "alert", by, data: alert };
  return { drafts: [...drafts, alerted], result: { ...result, outdated: false, version: to, alert } };
}

interface Answer {
  readonly drafts: readonly RecordDraft[];
  /** In words, what was done. */
  readonly done: string;
  readonly to: number | null;
}

const NOT_ASKED: Answer = { drafts: [], done: "Nothing was done: this guard only alerts.", to: null };

function goBack(state: RegistryState, live: LiveRelease, command: StandingCommand): Answer {
  const { reading, by, now, texts } = command;
  const { key, environment, version } = reading;
  const left = live.release.rollbackFrom;
  const fired = getPrompt(state, key).guards.get(reading.guard)?.fired ?? [];
  if (left !== null && fired.includes(left)) {
    const done = `Nothing was done: v${left} was left for the same reason, so the version is hardly the cause.`;
    return { drafts: [], done, to: null };
  }
  const { version: to } = rollbackTarget(state, { key, environment, texts });
  if (to === null) {
    return { drafts: [], done: `Nothing was done: there is no version to go back to from v${version}.`, to };
  }
  const { drafts } = decideRollback(state, {
    key,
    environment,
    fromLive: true,
    reason: reading.words,
    by,
    now,
    texts,
  });
  return { drafts, done: `v${to} serves again.`, to };
}

function alertOf(
  reading: StandingReading,
  {
    done,
    rolledBack,
    seen,
  }: { readonly done: string; readonly rolledBack: boolean; readonly seen: Revision },
): AlertData {
  const { guard, key, environment, metric, version, value, limit, since, count, executions } = reading;
  const was = rolledBack ? "was rolled back" : "breaches a standing guard";
  return {
    // Two schedulers that saw the same come to the same id.
    id: sha256(`standing ${guard} ${reading.revision} ${version} ${seen}`).slice(0, 32),
    key,
    environment,
    metric,
    message: `${key}@v${version} ${was} in ${environment}: ${reading.words}. ${done}`,
    since,
    units: count,
    value,
    limit,
    version,
    action: rolledBack ? "rolled-back" : "none",
    rollout: null,
    guard,
    executions,
  };
}
