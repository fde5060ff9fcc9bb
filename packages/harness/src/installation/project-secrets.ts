/** Keeps a project's secrets, such as the keys of model providers: set and removed by people, read by jobs alone. */
import { HarnessError, type SecretInfo } from "@colophon/kernel";
import type { InstallationDesk } from "./installation-desk.ts";
import { isoTime } from "./iso-time.ts";
import { requireProject } from "./may-give.ts";

export interface SecretName {
  readonly project: string;
  /** As the variable that it stands for, such as `OPENAI_API_KEY`. */
  readonly name: string;
}

export interface SecretRow extends SecretName {
  /** ISO 8601. */
  readonly setAt: string;
  readonly setBy: string;
}

/** @throws HarnessError `project-unknown`, or `usage` for a name or master key that is none. */
export async function setSecret(
  desk: InstallationDesk,
  { project, name, value }: SecretName & { readonly value: string },
): Promise<SecretRow> {
  await requireProject(desk, project);
  const { secrets } = desk.installation;
  await secrets.set({ project, name, value, by: desk.actor.id });
  return { project, name, setAt: isoTime(desk.clock.now()), setBy: desk.actor.id };
}

/** @throws HarnessError `usage` for a secret that is not there. */
export async function removeSecret(desk: InstallationDesk, secret: SecretName): Promise<SecretName> {
  const { project, name } = secret;
  if (await desk.installation.secrets.remove(project, name)) return { project, name };
  throw new HarnessError(
    "usage",
    `${project} has no secret ${name}; \`colophon secret list\` has those that are there.`,
  );
}

/** Names, and who set them when; values are never given back. */
export async function listSecrets(
  { installation }: InstallationDesk,
  { project }: Pick<SecretName, "project">,
): Promise<readonly SecretRow[]> {
  return (await installation.secrets.list(project)).map(rowOf);
}

function rowOf({ setAt, ...same }: SecretInfo): SecretRow {
  return { ...same, setAt: isoTime(setAt) };
}
