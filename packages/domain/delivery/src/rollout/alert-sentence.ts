/** The sentence of an alert about a rollout: which metric, how much, since when, on how many units, what was done. */
import type { RolloutCause, RolloutEntry, RolloutState } from "@colophon/kernel";
import { isoTime, sharePercent } from "./metric-words.ts";
import { servedShare } from "./rollout-members.ts";
import type { Finding } from "./rollout-move.ts";

export interface AlertAbout {
  readonly entry: RolloutEntry;
  /** What the rollout is from now on. */
  readonly state: RolloutState;
  /** What made it so. */
  readonly cause: RolloutCause;
  /** All that move together. */
  readonly set: readonly RolloutEntry[];
}

export function alertSentence(finding: Finding, about: AlertAbout): string {
  const { key, version, words, since } = finding;
  const { entry, state, set } = about;
  const share = servedShare(entry);
  const at = share > 0 ? ` at ${sharePercent(share)}` : "";
  const others = set.filter((one) => one.key !== key).map((one) => one.key);
  const together = others.length === 0 ? "" : `, and with it ${others.join(", ")}`;
  return `${key}@v${version} was ${DONE[state] ?? state} in ${entry.environment}${at}${together}: ${words}, since ${isoTime(since)}. ${after(finding, about)}`;
}

const DONE: Partial<Record<RolloutState, string>> = {
  holding: "held",
  "rolled-back": "rolled back",
};

function after({ accept }: Finding, { entry, state, cause }: AlertAbout): string {
  if (state === "rolled-back") return `v${entry.baseline} serves everybody again.`;
  if (state !== "holding") return `v${entry.baseline} serves as before.`;
  const share = servedShare(entry);
  const command = (what: string) => `\`colophon rollout ${what} ${entry.key} --env ${entry.environment}`;
  const meanwhile = share > 0 ? `It goes on serving ${sharePercent(share)}` : "It serves nobody";
  if (cause === "no-data" || cause === "stale-data") {
    return `${meanwhile}, and goes on by itself when that is over, unless somebody aborts it (${command("abort")}\`).`;
  }
  const spite = accept.length === 0 ? "" : ` --accept ${accept.join(",")}`;
  // What was found once would hold it again; what is not shown yet may still come to be.
  const ways =
    accept.length === 0 || cause === "guard"
      ? `resumes it (${command("resume")}${spite}\`)`
      : `resumes it to wait on (${command("resume")}\`), goes on in spite of that (with \`${spite.trim()}\`)`;
  return `${meanwhile} until somebody ${ways} or aborts it.`;
}
