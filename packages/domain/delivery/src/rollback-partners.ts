/** Takes back what a release set made live together with a version that is rolled back. */
import type { Actor, EpochMs, RecordDraft, RegistryState, ReleaseEntry } from "@colophon/kernel";
import { rehearsalOf } from "./drill/rehearsal.ts";
import type { Texts } from "./fit.ts";
import { liveOf, reachedEnvironments } from "./live.ts";
import { rollbackDraft } from "./rollback-draft.ts";
import { rollbackTarget } from "./rollback-target.ts";
import { type EndedRollout, interruptRollouts } from "./rollout/interrupt-rollouts.ts";

export interface RollbackPartner {
  readonly key: string;
  readonly from: number;
  readonly version: number;
}

export interface PartnersCommand {
  readonly key: string;
  readonly environment: string;
  readonly to?: number | null;
  readonly reason: string;
  readonly by: Actor;
  readonly now: EpochMs;
  readonly texts: Texts;
}

export interface RolledBackPartners {
  readonly drafts: readonly RecordDraft[];
  readonly ended: readonly EndedRollout[];
  readonly together: readonly RollbackPartner[];
  readonly warnings: readonly string[];
}

/**
 * Each goes back to its own last known good. Where a person named the version to go back to, nobody said
 * which of the others', so those stay and are named in a warning.
 */
export function rollbackPartners(
  state: RegistryState,
  left: ReleaseEntry | undefined,
  command: PartnersCommand,
): RolledBackPartners {
  const { key, environment, to = null, reason, by, now, texts } = command;
  const drafts: RecordDraft[] = [];
  const ended: EndedRollout[] = [];
  const together: RollbackPartner[] = [];
  const warnings: string[] = [];
  for (const prompt of state.prompts.values()) {
    if (left?.set == null || prompt.key === key) continue;
    const live = liveOf(state, prompt.key, environment);
    if (live?.release.set !== left.set) continue;
    const back = to === null ? rollbackTarget(state, { key: prompt.key, environment, texts }) : null;
    if (back === null || back.version === null || back.release === null) {
      const why =
        to === null
          ? "and has nothing to go back to"
          : "and stays: roll it back too where they belong together";
      warnings.push(`${prompt.key}@v${live.version} was released together with ${key} ${why}.`);
      continue;
    }
    const { version, release } = back;
    const from = rehearsalOf(prompt, live.release)?.from ?? live.version;
    const reached = reachedEnvironments(state, prompt, environment);
    const interrupted = interruptRollouts(
      state,
      { prompt, wanted: (entry) => reached.includes(entry.environment) },
      { cause: "rollback", reason, by, now },
    );
    drafts.push(
      rollbackDraft({ ...release, version }, { environment, from, reason, by }),
      ...interrupted.drafts,
    );
    ended.push(...interrupted.ended);
    together.push({ key: prompt.key, from, version });
  }
  return { drafts, ended, together, warnings };
}
