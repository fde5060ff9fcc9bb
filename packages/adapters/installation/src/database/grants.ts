/** What the role of a server may do in an installation: all but change the audit log, or make and alter tables. */
import { escapeIdentifier } from "pg";
import { checkSchema } from "./postgres-database.ts";

const CHANGED = [
  ...["project", "membership", "invitation", "api_key", "secret", "master_key", "job", "job_event"],
  ...["person", "sign_in_session", "sign_in_account", "sign_in_verification", "sign_in_limit"],
];

/**
 * The statements that the owner of an installation runs once for the role that servers connect as. The role
 * migrates nothing and makes no projects: both are the owner's.
 *
 * @param schema where the installation lies; `colophon_installation` unless given.
 * @throws HarnessError `usage` for a schema that is none.
 * @example
 * for (const statement of installationGrantsSql("colophon_server")) await owner.query(statement);
 */
export function installationGrantsSql(role: string, schema = "colophon_installation"): readonly string[] {
  checkSchema(schema);
  const name = escapeIdentifier(role);
  const tables = CHANGED.map((table) => `${schema}.${table}`).join(", ");
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${name}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${name}`,
    `GRANT INSERT, UPDATE, DELETE ON ${tables} TO ${name}`,
    `GRANT INSERT ON ${schema}.audit TO ${name}`,
  ];
}
