/** Which environments there are, and when one is protected for a prompt. */
import type { EnvironmentData, PromptState, RegistryState } from "@colophon/kernel";

/** Every environment, in the order they were added. */
export function listEnvironments(state: Pick<RegistryState, "environments">): readonly EnvironmentData[] {
  return [...state.environments.values()];
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
