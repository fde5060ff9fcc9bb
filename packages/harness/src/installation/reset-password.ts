/** Gives a person another password: at the machine with the database alone, since it lets one come in as somebody else. */
import type { InstallationDesk } from "./installation-desk.ts";

export interface ResetPasswordRequest {
  readonly email: string;
  /** 12 characters or more. */
  readonly password: string;
}

/**
 * Ends the person's sessions; it is written into the audit log, without the password.
 *
 * @throws HarnessError `usage` for somebody who is not there, or a weak password.
 * @example
 * import { openInstallation, resetPassword } from "@colophon/harness";
 *
 * const desk = await openInstallation({ cwd: process.cwd(), mode: "write", actor: { id: "ada", via: "cli" } });
 * await resetPassword(desk, { email: "bob@example.com", password: "correct horse battery" });
 */
export async function resetPassword(
  desk: InstallationDesk,
  request: ResetPasswordRequest,
): Promise<{ readonly email: string }> {
  const { email } = await desk.signIn.setPassword(request);
  await desk.installation.audit.append({
    ...{ actor: desk.actor, project: null, environment: null, action: "member.password" },
    ...{ target: email, allowed: true, detail: null },
  });
  return { email };
}
