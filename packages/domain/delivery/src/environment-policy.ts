/** Which environments there are, and when one is protected for a prompt. */
import { type EnvironmentData, HarnessError, type PromptState, type RegistryState } from "@colophon/kernel";
import { nearestName } from "./nearest.ts";

/** Every environment, in the order they were added. */
export function listEnvironments(state: Pick<RegistryState, "environments">): readonly EnvironmentData[] {
  return [...state.environments.values()];
}

/** @throws HarnessError `environment-unknown`, naming those that are there. */
export function getEnvironment(state: Pick<RegistryState, "environments">, name: string): EnvironmentData {
  const environment = state.environments.get(name);
  if (environment !== undefined) return environment;
  const meant = nearestName(name, state.environments.keys());
  const advice =
    meant === undefined
      ? `use one of ${[...state.environments.keys()].join(", ")}, or add it with \`colophon env add\`.`
      : `did you mean ${meant}?`;
  throw new HarnessError("environment-unknown", `There is no environment "${name}": ${advice}`, {
    details: { environment: name },
  });
}

/** Whether a version needs evidence before it is live here for this prompt. */
export function isProtected(
  environment: Pick<EnvironmentData, "gate">,
  prompt: Pick<PromptState, "metadata">,
): boolean {
  switch (environment.gate) {
    case "always":
      return true;
    case "never":
      return false;
    case "with-eval-set":
      return prompt.metadata !== null && prompt.metadata.evalSet !== null;
  }
}
