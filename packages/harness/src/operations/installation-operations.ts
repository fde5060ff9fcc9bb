/** Operations on the installation itself: its projects, people, keys, secrets and audit log. */
import { z } from "zod";
import { createKey, listKeys, revokeKey, rotateKey } from "../installation/api-keys.ts";
import { exportAudit, listAudit, verifyAudit } from "../installation/audit-trail.ts";
import { listSecrets, removeSecret, setSecret } from "../installation/project-secrets.ts";
import { createProject, listProjects } from "../installation/projects.ts";
import { whoami } from "../installation/who-am-i.ts";
import * as shapes from "./installation-shapes.ts";
import { MEMBER_OPERATIONS } from "./member-operations.ts";
import { installationOperation } from "./operation.ts";

const MOST_LISTED = 1_000;
const LONGEST_VALUE = 10_000;
const YEAR_MS = 365 * 86_400_000;

/** Rights in the whole installation. */
const everywhere = (): null => null;
const projectOf = ({ project }: { readonly project: string | null }): string | null => project;
const inProject = z.object({ project: shapes.projectOrNone });

export const showCallerOperation = installationOperation({
  name: "caller.show",
  method: "GET",
  path: "/whoami",
  tag: "people",
  summary: "Who asks, and what they may do where.",
  scope: "read",
  openTo: "signed-in",
  projectOf: everywhere,
  input: z.object({}),
  output: shapes.caller,
  run: (desk) => whoami(desk),
});

export const createProjectOperation = installationOperation({
  name: "project.create",
  method: "POST",
  path: "/projects",
  tag: "projects",
  summary: "Make a project with a store of its own.",
  scope: "admin",
  projectOf: everywhere,
  targetOf: ({ id }) => id,
  input: z.object({ id: shapes.projectId, name: shapes.name.exactOptional() }),
  output: shapes.project,
  run: createProject,
});

export const listProjectsOperation = installationOperation({
  name: "project.list",
  method: "GET",
  path: "/projects",
  tag: "projects",
  summary: "The projects in which whoever asks may do anything.",
  scope: "read",
  openTo: "signed-in",
  projectOf: everywhere,
  input: z.object({}),
  output: z.array(shapes.project),
  run: (desk) => listProjects(desk),
});

export const createKeyOperation = installationOperation({
  name: "key.create",
  method: "POST",
  path: "/keys",
  tag: "keys",
  summary: "Issue a key; its secret is shown this once.",
  scope: "admin",
  projectOf,
  targetOf: ({ name }) => name,
  detailOf: ({ scopes, environments }) =>
    `${scopes.join(", ")} in ${environments?.join(", ") ?? "all environments"}`,
  input: inProject.extend({
    name: shapes.name,
    environments: z.array(shapes.name).min(1).max(50).exactOptional(),
    scopes: z.array(shapes.scope).min(1).max(20),
    expires: shapes.givenTime.exactOptional(),
  }),
  output: shapes.newKey,
  run: createKey,
});

export const rotateKeyOperation = installationOperation({
  name: "key.rotate",
  method: "POST",
  path: "/keys/{id}/rotation",
  tag: "keys",
  summary: "Issue a key in place of another, which goes on for a while.",
  scope: "admin",
  projectOf,
  targetOf: ({ id }) => id,
  input: inProject.extend({ id: shapes.id, graceMs: z.int().min(0).max(YEAR_MS).exactOptional() }),
  output: shapes.newKey,
  run: rotateKey,
});

export const revokeKeyOperation = installationOperation({
  name: "key.revoke",
  method: "DELETE",
  path: "/keys/{id}",
  tag: "keys",
  summary: "End a key at once.",
  scope: "admin",
  projectOf,
  targetOf: ({ id }) => id,
  input: inProject.extend({ id: shapes.id }),
  output: shapes.apiKey,
  run: revokeKey,
});

export const listKeysOperation = installationOperation({
  name: "key.list",
  method: "GET",
  path: "/keys",
  tag: "keys",
  summary: "The keys of a project, or those of the whole installation.",
  scope: "admin",
  projectOf,
  input: inProject,
  output: z.array(shapes.apiKey),
  run: listKeys,
});

const secretName = z.object({ project: shapes.projectId, name: shapes.name });

export const setSecretOperation = installationOperation({
  name: "secret.set",
  method: "PUT",
  path: "/secrets/{name}",
  tag: "secrets",
  summary: "Keep a secret of a project, encrypted; it is never given back.",
  scope: "admin",
  projectOf,
  targetOf: ({ name }) => name,
  input: secretName.extend({ value: z.string().min(1).max(LONGEST_VALUE) }),
  output: shapes.secret,
  run: setSecret,
});

export const removeSecretOperation = installationOperation({
  name: "secret.remove",
  method: "DELETE",
  path: "/secrets/{name}",
  tag: "secrets",
  summary: "Forget a secret.",
  scope: "admin",
  projectOf,
  targetOf: ({ name }) => name,
  input: secretName,
  output: z.object({ project: z.string(), name: z.string() }),
  run: removeSecret,
});

export const listSecretsOperation = installationOperation({
  name: "secret.list",
  method: "GET",
  path: "/secrets",
  tag: "secrets",
  summary: "The names of a project's secrets, and who set them when.",
  scope: "admin",
  projectOf,
  input: secretName.pick({ project: true }),
  output: z.array(shapes.secret),
  run: listSecrets,
});

export const listAuditOperation = installationOperation({
  name: "audit.list",
  method: "GET",
  path: "/audit",
  tag: "audit",
  summary: "What was changed and refused, newest first.",
  scope: "admin",
  projectOf,
  input: inProject.extend({
    actor: shapes.name.exactOptional(),
    action: shapes.name.exactOptional(),
    allowed: z.boolean().exactOptional(),
    since: shapes.givenTime.exactOptional(),
    limit: z.int().min(1).max(MOST_LISTED).exactOptional(),
  }),
  output: z.array(shapes.auditRow),
  run: listAudit,
});

export const exportAuditOperation = installationOperation({
  name: "audit.export",
  method: "GET",
  path: "/audit/pages",
  tag: "audit",
  summary: "Entries just as they are chained, oldest first, by pages.",
  scope: "admin",
  projectOf,
  input: inProject.extend({ after: z.int().min(0).exactOptional() }),
  output: shapes.auditPage,
  run: exportAudit,
});

export const verifyAuditOperation = installationOperation({
  name: "audit.verify",
  method: "GET",
  path: "/audit/verification",
  tag: "audit",
  summary: "Hold the whole audit log against its chain.",
  scope: "admin",
  projectOf: everywhere,
  input: z.object({}),
  output: shapes.auditVerdict,
  run: (desk) => verifyAudit(desk),
});

export const INSTALLATION_OPERATIONS = [
  showCallerOperation,
  createProjectOperation,
  listProjectsOperation,
  ...MEMBER_OPERATIONS,
  createKeyOperation,
  rotateKeyOperation,
  revokeKeyOperation,
  listKeysOperation,
  setSecretOperation,
  removeSecretOperation,
  listSecretsOperation,
  listAuditOperation,
  exportAuditOperation,
  verifyAuditOperation,
] as const;
