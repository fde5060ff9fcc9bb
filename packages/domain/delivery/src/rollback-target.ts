/** Which version a rollback goes back to. */

import type { PromptState, RegistryState, ReleaseEntry } from "@colophon/kernel";
import { getPrompt } from "@colophon/kernel";
import { fitOf, type Texts } from "./fit.ts";
import { type LiveHistory, liveHistory } from "./live.ts";

/** A version that was live, and why it is or is not the one. */
export interface RollbackCandidate {
  readonly version: number;
  readonly outcome: "target" | "live" | "withdrawn" | "rolled-back" | "misfit";
  readonly misfits: readonly string[];
}

export interface RollbackTarget {
  /** Null when there is no way back. */
  readonly version: number | null;
  /** The release with which it was live last: its model comes back too. */
  readonly release: ReleaseEntry | null;
  /** What was looked at, latest first, down to the target. */
  readonly considered: readonly RollbackCandidate[];
}

export interface RollbackQuestion {
  readonly key: string;
  readonly environment: string;
  readonly texts: Texts;
}

/**
 * The latest version that was live there, is not the live one, not withdrawn, was never rolled back
 * from there, and fits the code.
 *
 * @throws HarnessError `key-unknown`, or `store-corrupt` with `details.missingTexts`.
 */
export function rollbackTarget(state: RegistryState, question: RollbackQuestion): RollbackTarget {
  const prompt = getPrompt(state, question.key);
  const history = liveHistory(state, prompt, question.environment);
  const considered: RollbackCandidate[] = [];
  for (const release of history.lived.toReversed()) {
    if (considered.some((one) => one.version === release.version)) continue;
    const candidate = judge(state, { prompt, history, release }, question);
    considered.push(candidate);
    if (candidate.outcome === "target") return { version: candidate.version, release, considered };
  }
  return { version: null, release: null, considered };
}

interface Case {
  readonly prompt: PromptState;
  readonly history: LiveHistory;
  readonly release: LiveHistory["lived"][number];
}

function judge(
  state: RegistryState,
  { prompt, history, release }: Case,
  { environment, texts }: RollbackQuestion,
): RollbackCandidate {
  const { version, model } = release;
  const entry = prompt.versions.get(version);
  const out = (
    outcome: RollbackCandidate["outcome"],
    misfits: readonly string[] = [],
  ): RollbackCandidate => ({
    version,
    outcome,
    misfits,
  });
  if (entry === undefined || entry.withdrawn !== null) return out("withdrawn");
  if (version === history.current) return out("live");
  if (history.rolledBack.has(version)) return out("rolled-back");
  const { misfits } = fitOf(state, { prompt, hash: entry.hash, environment, model, texts });
  return misfits.length > 0 ? out("misfit", misfits) : out("target");
}
