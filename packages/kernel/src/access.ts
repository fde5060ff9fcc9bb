/** Who may do what: the scopes that operations ask for, and the roles that people have. */

/** What an operation asks for, and what an API key may be given. */
export const SCOPES = [
  "resolve",
  "record",
  "read",
  "author",
  "override",
  "evaluate",
  "review",
  "release",
  "break-glass",
  "admin",
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a person is in a project, or in one environment of it. */
export const MEMBER_ROLES = ["viewer", "editor", "reviewer", "operator", "admin"] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

const VIEWER: readonly Scope[] = ["resolve", "read"];
const EDITOR: readonly Scope[] = [...VIEWER, "author", "evaluate"];

/** The scopes of each role. Serving a version without evidence is nobody's but the admin's, unless a key has it. */
export const ROLE_SCOPES: Readonly<Record<MemberRole, readonly Scope[]>> = {
  viewer: VIEWER,
  editor: EDITOR,
  reviewer: [...EDITOR, "review"],
  operator: [...VIEWER, "record", "evaluate", "override", "release"],
  admin: SCOPES,
};

/** A right: these scopes, in this environment or in all of a project. */
export interface Right {
  readonly scopes: readonly Scope[];
  /** Null holds for all environments, and for what belongs to none. */
  readonly environment: string | null;
}

/** Where something is asked for. */
export interface Place {
  /** Null for what belongs to no environment. */
  readonly environment: string | null;
}

/** Whether any of the rights gives the scope at the place; a right in one environment gives nothing outside it. */
export function mayDo(rights: readonly Right[], scope: Scope, place: Place): boolean {
  return rights.some(
    (right) =>
      right.scopes.includes(scope) && (right.environment === null || right.environment === place.environment),
  );
}
