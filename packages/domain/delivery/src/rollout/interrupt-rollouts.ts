/** Ends rollouts that another decision has overtaken, in the same append. */
import type {
  Actor,
  EpochMs,
  PromptState,
  RecordDraft,
  RegistryState,
  RolloutCause,
  RolloutEntry,
} from "@colophon/kernel";
import { endDrafts } from "./decide-change.ts";
import { challengersOf, openRollout, rolloutMembers, servedShare } from "./rollout-members.ts";

/** A rollout that ended because of something else that was decided. */
export interface EndedRollout {
  readonly id: string;
  readonly key: string;
  readonly environment: string;
  readonly versions: readonly number[];
  /** Share of units that its challengers served. */
  readonly share: number;
}

export interface Interruption {
  readonly cause: Extract<RolloutCause, "rollback" | "withdrawn" | "superseded">;
  readonly reason: string;
  readonly by: Actor;
  readonly now: EpochMs;
  /** A version that goes on being served, though its rollout ends. */
  readonly released?: number;
}

export interface Interrupted {
  readonly drafts: readonly RecordDraft[];
  readonly ended: readonly EndedRollout[];
}

/** Ends the open rollouts of a prompt that are wanted, each with all that move together with it. */
export function interruptRollouts(
  state: RegistryState,
  { prompt, wanted }: { readonly prompt: PromptState; readonly wanted: (entry: RolloutEntry) => boolean },
  interruption: Interruption,
): Interrupted {
  const drafts: RecordDraft[] = [];
  const ended: EndedRollout[] = [];
  for (const environment of prompt.rollouts.keys()) {
    const entry = openRollout(prompt, environment);
    if (entry === undefined || !wanted(entry)) continue;
    const members = rolloutMembers(state, entry);
    const { released } = interruption;
    const goesOn = released !== undefined && challengersOf(entry).includes(released);
    drafts.push(...endDrafts(members, { ...interruption, served: goesOn ? false : null }));
    ended.push(...members.map(endedOf));
  }
  return { drafts, ended };
}

function endedOf(entry: RolloutEntry): EndedRollout {
  const { id, key, environment } = entry;
  return { id, key, environment, versions: challengersOf(entry), share: servedShare(entry) };
}
