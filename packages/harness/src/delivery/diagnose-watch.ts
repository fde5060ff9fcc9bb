/** Finds rollouts and standing guards that nobody watches, and rollouts that wait for a person. */
import { FINAL_STATES } from "@colophon/delivery";
import type { RegistryState } from "@colophon/kernel";
import { about, type Diagnosis } from "../diagnosis.ts";
import type { Harness } from "../harness.ts";
import { watchedUntil } from "./watch/watch-lease.ts";

export async function diagnoseWatch(harness: Harness, state: RegistryState): Promise<readonly Diagnosis[]> {
  const prompts = [...state.prompts.values()];
  const open = prompts.flatMap(({ rollouts }) =>
    [...rollouts.values()].filter((rollout) => !FINAL_STATES.includes(rollout.state)),
  );
  const guards = prompts.flatMap((prompt) => [...prompt.guards.values()]);
  const findings: Diagnosis[] = open
    .filter((rollout) => rollout.state === "holding")
    .map(({ key, environment, reason }) => ({
      ...about("note", "rollout-held", { key, environment }),
      message: `The rollout of ${key} in ${environment} is held: ${reason}.`,
      advice: `Look with \`colophon rollout status ${key} --env ${environment}\`, then resume or abort it.`,
    }));
  if (open.length + guards.length === 0 || (await watchedUntil(harness)) !== null) return findings;
  const unwatched = open.map(
    ({ key, environment, state: stands }): Diagnosis => ({
      ...about("warning", "unwatched", { key, environment }),
      message: `The rollout of ${key} in ${environment} is ${stands}, and nobody watches: it neither goes on nor is stopped.`,
      advice: "Keep `colophon watch` running beside the applications.",
    }),
  );
  const places = new Map(
    guards.map(({ key, environment }) => [`${key} ${environment}`, { key, environment }]),
  );
  const idle = [...places.values()].map(
    (place): Diagnosis => ({
      ...about("warning", "unwatched", place),
      message: `The standing guards of ${place.key} in ${place.environment} are looked at by nobody.`,
      advice: "Keep `colophon watch` running beside the applications.",
    }),
  );
  return [...findings, ...unwatched, ...idle];
}
