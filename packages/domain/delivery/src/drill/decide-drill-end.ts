/** Brings a drill to its end: forth to the live version again, and then what was measured. */
import {
  type Actor,
  currentRelease,
  type DrillData,
  type DrillEntry,
  type EpochMs,
  getPrompt,
  type PromptState,
  type RecordDecision,
  type RecordDraft,
  type RegistryState,
} from "@colophon/kernel";
import { endDrafts } from "../rollout/decide-change.ts";
import { openRollout } from "../rollout/rollout-members.ts";
import { releaseDraft } from "./decide-drill.ts";
import { isRehearsed, rehearsalOf } from "./rehearsal.ts";

/** What a drill has measured so far. */
export type DrillMeasures = Pick<DrillData, "lastFollowed" | "lastReturned" | "processes" | "late">;

export interface DrillReturnCommand {
  readonly key: string;
  readonly environment: string;
  /** Of the drill that is to end. */
  readonly id: string;
  readonly measures: DrillMeasures;
  /** In words, what cut it off; null while it goes its way. */
  readonly cutOff: string | null;
  readonly by: Actor;
  readonly now: EpochMs;
}

export interface DrillReturned {
  /** Whether this call brought the live version back. */
  readonly returned: boolean;
  /** In words, what cut the drill off, here or before; null while it goes its way. */
  readonly cutOff: string | null;
}

/**
 * Goes forth again, unless somebody has released, rolled back or ended it meanwhile: what people decide comes
 * before a drill, which is then cut off. Needs no evidence, for it goes to a version that was live; one that was
 * withdrawn meanwhile is live again as it would be without the drill, and served to nobody. Of two that bring
 * one drill back only the first does.
 *
 * @throws HarnessError `key-unknown`.
 */
export function decideDrillReturn(
  state: RegistryState,
  command: DrillReturnCommand,
): RecordDecision<DrillReturned> {
  const { key, environment, id } = command;
  const drill = getPrompt(state, key).drills.get(environment);
  if (drill?.id !== id) {
    return { drafts: [], result: { returned: false, cutOff: "another drill was begun" } };
  }
  if (drill.state !== "began") return { drafts: [], result: { returned: false, cutOff: drill.cutOff } };
  const drafts: RecordDraft[] = [];
  let result: DrillReturned = { returned: false, cutOff: command.cutOff };
  for (const { prompt, entry } of drilledPrompts(state, command, "began")) {
    const overtaken = overtakenBy(prompt, entry);
    const cutOff = overtaken ?? command.cutOff;
    if (overtaken === null) drafts.push(...backDrafts(prompt, entry, command));
    drafts.push(nextDrill(entry, { state: cutOff === null ? "returned" : "ended", cutOff }, command));
    if (prompt.key === key) result = { returned: overtaken === null, cutOff };
  }
  return { drafts, result };
}

/**
 * Keeps what was measured both ways.
 *
 * @throws HarnessError `key-unknown`.
 */
export function decideDrillEnd(
  state: RegistryState,
  command: DrillReturnCommand,
): RecordDecision<{ readonly recorded: boolean }> {
  const { cutOff } = command;
  getPrompt(state, command.key);
  const drafts = drilledPrompts(state, command, "returned").map(({ entry }) =>
    nextDrill(entry, { state: "ended", cutOff }, command),
  );
  return { drafts, result: { recorded: drafts.length > 0 } };
}

interface Drilled {
  readonly prompt: PromptState;
  readonly entry: DrillEntry;
}

/** Every prompt of that drill, as far as it is in that state. */
function drilledPrompts(
  { prompts }: RegistryState,
  { environment, id }: DrillReturnCommand,
  at: DrillData["state"],
): readonly Drilled[] {
  return [...prompts.values()].flatMap((prompt) => {
    const entry = prompt.drills.get(environment);
    return entry?.id === id && entry.state === at ? [{ prompt, entry }] : [];
  });
}

function overtakenBy(prompt: PromptState, drill: DrillEntry): string | null {
  const { environment, share } = drill;
  const current = currentRelease(prompt, environment);
  if (share < 1) {
    const rollout = openRollout(prompt, environment);
    return rollout !== undefined && isRehearsed(prompt, rollout) ? null : "somebody ended it meanwhile";
  }
  if (rehearsalOf(prompt, current) !== undefined) return null;
  const version = current?.version ?? null;
  return `somebody made ${version === null ? "nothing" : `v${version}`} live meanwhile`;
}

function backDrafts(
  prompt: PromptState,
  drill: DrillEntry,
  { by, now }: DrillReturnCommand,
): readonly RecordDraft[] {
  const { environment, from, share } = drill;
  const reason = `Drill: forth to v${from} again.`;
  if (share < 1) {
    const rollout = openRollout(prompt, environment);
    return rollout === undefined
      ? []
      : endDrafts([rollout], { cause: "aborted", reason, by, now, served: false });
  }
  const live = prompt.releases.findLast(
    (one) => one.environment === environment && one.lane === "live" && one.drill === undefined,
  );
  return live === undefined ? [] : [releaseDraft(live, { environment, reason, by })];
}

function nextDrill(
  entry: DrillEntry,
  change: Pick<DrillData, "state" | "cutOff">,
  { measures, by }: DrillReturnCommand,
): RecordDraft {
  const { revision: _revision, at: _at, by: _by, ...drill } = entry;
  return {
    kind: "drill",
    by,
    data: { ...drill, ...measures, missed: measures.late.length, ...change },
  };
}
