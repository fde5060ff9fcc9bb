/** The installation's tables, as queries see them; times are milliseconds, truths 0 or 1, lists and documents JSON. */

export interface ProjectTable {
  readonly id: string;
  readonly name: string;
  readonly created_at: number;
}

/** People are kept by the sign-in library, with more columns than anybody else asks for. */
export interface PersonTable {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly emailVerified: boolean | number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** How a person signs in, as the library has it. */
export interface SignInAccountTable {
  readonly id: string;
  readonly userId: string;
  readonly accountId: string;
  readonly providerId: string;
  readonly password: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface SignInSessionTable {
  readonly userId: string;
}

/** An empty project is the whole installation, an empty environment all of them: null is no part of a key. */
export interface MembershipTable {
  readonly person: string;
  readonly project: string;
  readonly environment: string;
  readonly role: string;
  readonly granted_at: number;
}

export interface InvitationTable {
  readonly id: string;
  readonly email: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly role: string;
  readonly invited_by: string;
  readonly expires: number;
  readonly accepted_at: number | null;
  readonly token_hash: string;
}

export interface ApiKeyTable {
  readonly id: string;
  readonly name: string;
  readonly project: string | null;
  readonly environments: string | null;
  readonly scopes: string;
  readonly created_by: string;
  readonly created_at: number;
  readonly expires: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
  readonly rotates: string | null;
  readonly secret_hash: string;
}

export interface AuditTable {
  readonly n: number;
  readonly at: number;
  readonly actor: string;
  readonly via: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly allowed: number;
  readonly detail: string | null;
  readonly chain: string;
}

export interface SecretTable {
  readonly project: string;
  readonly name: string;
  readonly set_at: number;
  readonly set_by: string;
  readonly sealed: string;
}

/** Tells whether a master key is the one that the secrets were sealed under. */
export interface MasterKeyTable {
  readonly one: number;
  readonly mark: string;
}

export interface JobTable {
  readonly id: string;
  readonly project: string;
  readonly operation: string;
  readonly input: string;
  readonly actor: string;
  readonly via: string;
  readonly owner: string | null;
  readonly state: string;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly tries: number;
  readonly cancel_asked: number;
  readonly output: string | null;
  readonly error: string | null;
  readonly holder: string | null;
  readonly until: number | null;
}

export interface JobEventTable {
  readonly job: string;
  readonly n: number;
  readonly at: number;
  readonly kind: string;
  readonly data: string;
}

export interface EditionTable {
  readonly edition: number;
  readonly at: number;
}

export interface InstallationTables {
  readonly project: ProjectTable;
  readonly person: PersonTable;
  readonly sign_in_account: SignInAccountTable;
  readonly sign_in_session: SignInSessionTable;
  readonly membership: MembershipTable;
  readonly invitation: InvitationTable;
  readonly api_key: ApiKeyTable;
  readonly audit: AuditTable;
  readonly secret: SecretTable;
  readonly master_key: MasterKeyTable;
  readonly job: JobTable;
  readonly job_event: JobEventTable;
  readonly edition: EditionTable;
}
