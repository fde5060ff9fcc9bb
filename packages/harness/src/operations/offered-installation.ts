/** Use cases of an installation, at hand or behind a server. */
import type { RemoteHouse } from "../house.ts";
import type { InstallationDesk } from "../installation/installation-desk.ts";
import * as installation from "./installation-operations.ts";
import * as members from "./member-operations.ts";
import { offerInstallation } from "./offer.ts";

/** An installation to ask: one whose database is at hand, or one behind a server. */
export type InstallationHouse = InstallationDesk | RemoteHouse;

/**
 * Who asks, and what they may do where.
 *
 * @example
 * const { rights } = await whoami(installation);
 */
export const whoami = (house: InstallationHouse) =>
  offerInstallation(installation.showCallerOperation)(house, {});

/**
 * Makes a project with a store of its own.
 *
 * @throws HarnessError `usage`.
 * @example
 * const { createdAt } = await createProject(installation, { id: "shop", name: "The shop" });
 */
export const createProject = offerInstallation(installation.createProjectOperation);

/**
 * The projects in which whoever asks may do anything.
 *
 * @example
 * const [first] = await listProjects(installation);
 */
export const listProjects = (house: InstallationHouse) =>
  offerInstallation(installation.listProjectsOperation)(house, {});

/**
 * Who has a role in a project; null lists all memberships.
 *
 * @example
 * const members = await listMembers(installation, { project: "shop" });
 */
export const listMembers = offerInstallation(members.listMembersOperation);

/**
 * Makes a person something at a place.
 *
 * @throws HarnessError `usage`, `project-unknown`, `not-allowed`.
 * @example
 * await grantRole(installation, {
 *   email: "ada@example.com",
 *   project: "shop",
 *   environment: "staging",
 *   role: "operator",
 * });
 */
export const grantRole = offerInstallation(members.grantRoleOperation);

/**
 * Takes back what a person is at a place.
 *
 * @throws HarnessError `usage`.
 * @example
 * await revokeRole(installation, { email: "ada@example.com", project: "shop", environment: "staging" });
 */
export const revokeRole = offerInstallation(members.revokeRoleOperation);

/**
 * Invites a person; the token is shown once.
 *
 * @throws HarnessError `project-unknown`, `not-allowed`, `usage`, `time-invalid`.
 * @example
 * const { token } = await invitePerson(installation, {
 *   email: "ada@example.com",
 *   project: "shop",
 *   environment: null,
 *   role: "editor",
 * });
 */
export const invitePerson = offerInstallation(members.invitePersonOperation);

/**
 * Invitations to a project, or to the whole installation.
 *
 * @example
 * const invitations = await listInvitations(installation, { project: "shop" });
 */
export const listInvitations = offerInstallation(members.listInvitationsOperation);

/**
 * Closes an invitation that nobody has accepted.
 *
 * @throws HarnessError `usage` for an invitation that is not open there.
 * @example
 * import { listInvitations, withdrawInvitation } from "@colophon/harness";
 *
 * const [open] = await listInvitations(installation, { project: "shop" });
 * if (open) await withdrawInvitation(installation, { id: open.id, project: "shop" });
 */
export const withdrawInvitation = offerInstallation(members.withdrawInvitationOperation);

/**
 * Lets in whoever has the token.
 *
 * @throws HarnessError `usage`.
 * @example
 * import { acceptInvitation, invitePerson } from "@colophon/harness";
 *
 * const { token } = await invitePerson(installation, {
 *   email: "ada@example.com",
 *   project: null,
 *   environment: null,
 *   role: "viewer",
 * });
 * await acceptInvitation(installation, { token, name: "Ada", password: "correct horse battery" });
 */
export const acceptInvitation = offerInstallation(members.acceptInvitationOperation);

/**
 * Issues a key; its secret is shown once.
 *
 * @throws HarnessError `project-unknown`, `not-allowed`, `usage`, `time-invalid`.
 * @example
 * const { secret } = await createKey(installation, {
 *   name: "web",
 *   project: "shop",
 *   environments: ["production"],
 *   scopes: ["resolve", "record"],
 *   expires: "2031-01-01",
 * });
 */
export const createKey = offerInstallation(installation.createKeyOperation);

/**
 * Issues a key in place of another, which goes on for a while.
 *
 * @throws HarnessError `usage`, `not-allowed`.
 * @example
 * import { listKeys, rotateKey } from "@colophon/harness";
 *
 * const [old] = await listKeys(installation, { project: "shop" });
 * if (old) await rotateKey(installation, { id: old.id, project: "shop", graceMs: 7 * 86_400_000 });
 */
export const rotateKey = offerInstallation(installation.rotateKeyOperation);

/**
 * Ends a key at once.
 *
 * @throws HarnessError `usage`.
 * @example
 * import { listKeys, revokeKey } from "@colophon/harness";
 *
 * const [leaked] = await listKeys(installation, { project: "shop" });
 * if (leaked) await revokeKey(installation, { id: leaked.id, project: "shop" });
 */
export const revokeKey = offerInstallation(installation.revokeKeyOperation);

/**
 * Keys of a project, or of the whole installation.
 *
 * @example
 * const keys = await listKeys(installation, { project: "shop" });
 */
export const listKeys = offerInstallation(installation.listKeysOperation);

/**
 * Keeps a secret of a project, encrypted.
 *
 * @throws HarnessError `project-unknown`, `usage`.
 * @example
 * await setSecret(installation, { project: "shop", name: "OPENAI_API_KEY", value: "…" });
 */
export const setSecret = offerInstallation(installation.setSecretOperation);

/**
 * Forgets a secret.
 *
 * @throws HarnessError `usage`.
 * @example
 * await removeSecret(installation, { project: "shop", name: "OPENAI_API_KEY" });
 */
export const removeSecret = offerInstallation(installation.removeSecretOperation);

/**
 * Names of a project's secrets; values are never given back.
 *
 * @example
 * const secrets = await listSecrets(installation, { project: "shop" });
 */
export const listSecrets = offerInstallation(installation.listSecretsOperation);

/**
 * What was changed and refused, newest first.
 *
 * @throws HarnessError `time-invalid`.
 * @example
 * const refusals = await listAudit(installation, { project: "shop", allowed: false, since: "7d" });
 */
export const listAudit = offerInstallation(installation.listAuditOperation);

/**
 * Entries just as they are chained, oldest first, by pages.
 *
 * @example
 * const { entries, next } = await exportAudit(installation, { project: null });
 */
export const exportAudit = offerInstallation(installation.exportAuditOperation);

/**
 * Holds the whole audit log against its chain.
 *
 * @example
 * const { broken } = await verifyAudit(installation);
 */
export const verifyAudit = (house: InstallationHouse) =>
  offerInstallation(installation.verifyAuditOperation)(house, {});
