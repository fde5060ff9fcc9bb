/** The port of an installation: its projects, people, keys, audit log, secrets and jobs, beside the stores of its projects. */
import type { MemberRole, Right, Scope } from "../access.ts";
import type { EpochMs } from "../clock.ts";
import type { Actor } from "../records/actor.ts";

/** The project that a store is, before anybody makes another. */
export const FIRST_PROJECT = "main";

/** Prompts, calls and people that belong together, in a store of their own. */
export interface Project {
  /** Lower-case letters, digits and hyphens, a letter first, 40 at most; never changes. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: EpochMs;
}

export interface Person {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
}

/** What a person is, and where. */
export interface Membership {
  readonly person: Person;
  /** Null for the whole installation. */
  readonly project: string | null;
  /** Null for all environments of the project. */
  readonly environment: string | null;
  readonly role: MemberRole;
  readonly grantedAt: EpochMs;
}

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly role: MemberRole;
  readonly invitedBy: string;
  readonly expires: EpochMs;
  readonly acceptedAt: EpochMs | null;
}

export interface ApiKey {
  /** Shown in records and logs; it opens nothing. */
  readonly id: string;
  readonly name: string;
  /** Null for a key of the whole installation, whose scopes hold in every project. */
  readonly project: string | null;
  /** Null for all environments. */
  readonly environments: readonly string[] | null;
  readonly scopes: readonly Scope[];
  readonly createdBy: string;
  readonly createdAt: EpochMs;
  readonly expires: EpochMs | null;
  readonly revokedAt: EpochMs | null;
  /** To the minute, and only as far as it was written down; null where it was never seen. */
  readonly lastUsedAt: EpochMs | null;
  /** The key that this one replaces; it goes on until it is revoked or expires. */
  readonly rotates: string | null;
}

/** A key as it is shown once. */
export interface IssuedKey {
  readonly key: ApiKey;
  /** `clp_…`: 256 random bits; only its hash is kept. */
  readonly secret: string;
}

export interface KeyRequest {
  readonly name: string;
  readonly project: string | null;
  readonly environments: readonly string[] | null;
  readonly scopes: readonly Scope[];
  readonly expires: EpochMs | null;
}

/** A change or a refusal at a door. */
export interface AuditEntry {
  /** 1, 2, 3, … over the installation. */
  readonly n: number;
  readonly at: EpochMs;
  readonly actor: Actor;
  readonly project: string | null;
  readonly environment: string | null;
  /** The operation's name, such as `release`, or what was tried where there is none. */
  readonly action: string;
  /** What it was done to, such as a prompt's key; null where there is nothing to name. */
  readonly target: string | null;
  readonly allowed: boolean;
  /** One sentence without contents or secrets; null where there is nothing to say. */
  readonly detail: string | null;
  /** SHA-256 (hex) over the entry and the hash before it. */
  readonly chain: string;
}

export type AuditDraft = Omit<AuditEntry, "n" | "at" | "chain">;

export interface AuditFilter {
  readonly project?: string | null;
  readonly actor?: string;
  readonly action?: string;
  readonly allowed?: boolean;
  readonly since?: EpochMs;
  readonly until?: EpochMs;
  /** Only entries after this one. */
  readonly after?: number;
  /** 100 unless given. */
  readonly limit?: number;
  readonly order?: "newest-first" | "oldest-first";
}

/** A value that is kept encrypted and never given back to people. */
export interface SecretInfo {
  readonly project: string;
  /** As the variable that it stands for, such as `OPENAI_API_KEY`. */
  readonly name: string;
  readonly setAt: EpochMs;
  readonly setBy: string;
}

export const JOB_STATES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Work that outlives a request: done by whichever server takes its lease. */
export interface Job {
  readonly id: string;
  readonly project: string;
  /** The operation's name. */
  readonly operation: string;
  readonly input: unknown;
  readonly by: Actor;
  readonly state: JobState;
  readonly createdAt: EpochMs;
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  /** How often it was taken and not given back: more than once where a server died over it. */
  readonly tries: number;
  readonly cancelAsked: boolean;
  /** Present where it is done. */
  readonly output?: unknown;
  /** Present where it failed. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** What a job says on its way. */
export interface JobEvent {
  /** 1, 2, 3, … of this job. */
  readonly n: number;
  readonly at: EpochMs;
  readonly kind: "estimate" | "progress" | "notice";
  readonly data: unknown;
}

export interface JobFilter {
  readonly project?: string;
  readonly states?: readonly JobState[];
  readonly limit?: number;
}

/** The projects of an installation. */
export interface Projects {
  /** @throws HarnessError `usage` for an id that is none or taken. */
  create(project: { readonly id: string; readonly name: string }): Promise<Project>;
  list(): Promise<readonly Project[]>;
  find(id: string): Promise<Project | undefined>;
}

/** People, what they are, and how they come in. */
export interface People {
  /** By e-mail, whatever its case. */
  find(email: string): Promise<Person | undefined>;
  /** Of one project (those of the whole installation too), or all. */
  listMemberships(filter: {
    readonly project?: string;
    readonly person?: string;
  }): Promise<readonly Membership[]>;
  /** Replaces what the person was at this place. @throws HarnessError `usage` for a person that is not there. */
  grant(membership: Omit<Membership, "person" | "grantedAt"> & { readonly person: string }): Promise<void>;
  /** False when there was nothing to take. */
  revoke(at: {
    readonly person: string;
    readonly project: string | null;
    readonly environment: string | null;
  }): Promise<boolean>;
  /** The rights of a person in a project: roles there, and those of the whole installation. */
  rightsOf(person: string, project: string | null): Promise<readonly Right[]>;
  /** The token is shown once; only its hash is kept. */
  invite(
    invitation: Omit<Invitation, "id" | "acceptedAt">,
  ): Promise<{ readonly invitation: Invitation; readonly token: string }>;
  listInvitations(project: string | null): Promise<readonly Invitation[]>;
  withdrawInvitation(id: string): Promise<boolean>;
  /** The invitation that this token opens; undefined where it opens none. */
  findInvitation(token: string): Promise<Invitation | undefined>;
  /** Grants what the invitation says to the person. @throws HarnessError `usage` for a token that is unknown, used, expired or another person's. */
  accept(token: string, person: Person): Promise<Invitation>;
}

/** Keys of applications and scripts. */
export interface ApiKeys {
  create(request: KeyRequest & { readonly by: string }): Promise<IssuedKey>;
  /** A new key with the same rights; the old one goes on until `graceMs` are over. */
  rotate(id: string, more: { readonly by: string; readonly graceMs: number }): Promise<IssuedKey>;
  /** False where there is no such key, or it was revoked before. */
  revoke(id: string): Promise<boolean>;
  list(project: string | null): Promise<readonly ApiKey[]>;
  find(id: string): Promise<ApiKey | undefined>;
  /** The key that this secret is of; undefined for one that is unknown, revoked or expired. A revocation is heard within seconds by every server. */
  verify(secret: string): Promise<ApiKey | undefined>;
}

/** Append-only, chained by hash; the database refuses changes. */
export interface AuditLog {
  append(entry: AuditDraft): Promise<AuditEntry>;
  list(filter: AuditFilter): Promise<readonly AuditEntry[]>;
  /** Numbers of entries that are not as they were written. */
  verify(): Promise<{ readonly entries: number; readonly broken: readonly number[] }>;
}

/** Encrypted at rest under a key that is not in the database. */
export interface Secrets {
  set(secret: {
    readonly project: string;
    readonly name: string;
    readonly value: string;
    readonly by: string;
  }): Promise<void>;
  remove(project: string, name: string): Promise<boolean>;
  list(project: string): Promise<readonly SecretInfo[]>;
  /** For jobs alone. @throws HarnessError `usage` where the installation has no master key, or another one. */
  readAll(project: string): Promise<ReadonlyMap<string, string>>;
}

/** Jobs by leases: one server does each, and another takes over where it dies. */
export interface Jobs {
  /** @throws HarnessError `too-many-requests` where 200 jobs of the project wait or run already. */
  enqueue(job: Pick<Job, "project" | "operation" | "input" | "by">): Promise<Job>;
  find(id: string): Promise<Job | undefined>;
  /** Newest first, without what came out of them. */
  list(filter: JobFilter): Promise<readonly Job[]>;
  count(filter: Omit<JobFilter, "limit">): Promise<number>;
  /** Takes the oldest job that nobody does: queued, or running under a lease that is over. */
  take(holder: string, leaseMs: number): Promise<Job | undefined>;
  /** False when the lease was lost: another server does the job now, and this one must stop. Says whether it shall be cancelled. */
  renew(
    id: string,
    holder: string,
    leaseMs: number,
  ): Promise<{ readonly held: boolean; readonly cancelAsked: boolean }>;
  /** False when the lease was lost; then nothing is written. */
  finish(
    id: string,
    holder: string,
    end:
      | { readonly state: "done"; readonly output: unknown }
      | { readonly state: "failed"; readonly error: { readonly code: string; readonly message: string } }
      | { readonly state: "cancelled" },
  ): Promise<boolean>;
  /** Gives the job back unfinished, to be taken anew, as if it had not been taken: for a server that shuts down. */
  giveBack(id: string, holder: string): Promise<boolean>;
  /** A queued job is cancelled at once; a running one is asked to end. False where it has ended. */
  cancel(id: string): Promise<boolean>;
  /** Dropped where the lease was lost. */
  say(id: string, holder: string, event: Pick<JobEvent, "kind" | "data">): Promise<void>;
  listEvents(id: string, after: number): Promise<readonly JobEvent[]>;
  /** Lets go of jobs that ended before then, and of what they said; how many. What they did stays in records. */
  forget(endedBefore: EpochMs): Promise<number>;
}

export interface Installation {
  readonly projects: Projects;
  readonly people: People;
  readonly keys: ApiKeys;
  readonly audit: AuditLog;
  readonly secrets: Secrets;
  readonly jobs: Jobs;
  close(): Promise<void>;
}
