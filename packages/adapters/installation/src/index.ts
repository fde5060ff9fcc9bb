/** The adapter of an installation: its database on SQLite and on PostgreSQL, and the sign-in of people. */
export type { InstallationPlace } from "./database/connect.ts";
export { installationGrantsSql } from "./database/grants.ts";
export {
  type InstallationStore,
  type InstallationStoreOptions,
  openInstallationStore,
} from "./open-installation-store.ts";
export type { OidcProvider } from "./sign-in/auth-options.ts";
export type { NewPerson, SignInDesk } from "./sign-in/create-sign-in.ts";
