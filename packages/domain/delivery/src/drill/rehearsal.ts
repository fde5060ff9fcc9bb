/** Tells what a drill has put in place for a moment from what was released. */
import { type DrillEntry, HarnessError, type PromptState, type ReleaseEntry } from "@colophon/kernel";

/** The drill that has put a release there, while it lasts: what is live is the version that it goes forth to. */
export function rehearsalOf(prompt: PromptState, release: ReleaseEntry | undefined): DrillEntry | undefined {
  if (release?.drill === undefined) return undefined;
  const drill = prompt.drills.get(release.environment);
  return drill?.id === release.drill && drill.state === "began" ? drill : undefined;
}

/** Whether a rollout is that of a drill on a share, which tries no new version. */
export function isRehearsed(
  prompt: PromptState,
  { id, environment }: { readonly id: string; readonly environment: string },
): boolean {
  return prompt.drills.get(environment)?.id === id;
}

/** @throws HarnessError `usage` while a drill has put the old version back. */
export function refuseDuringDrill(prompt: PromptState, release: ReleaseEntry): void {
  const drill = rehearsalOf(prompt, release);
  if (drill === undefined) return;
  const { key, environment, from } = drill;
  throw new HarnessError(
    "usage",
    `A drill of ${key} is on in ${environment}: wait until v${from} serves again, or finish one that was cut off with \`colophon drill ${key} --env ${environment}\`.`,
    { details: { key, environment, drill: drill.id } },
  );
}
