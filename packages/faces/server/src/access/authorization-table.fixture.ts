/** Who may do what, written out by hand: the server is held against this table, not against itself. */
import type { Scope } from "@colophon/kernel";

/**
 * Whose rights count: those in the environment that the request names (`environment?`: in the whole project
 * where it names none), anywhere in the project (`registry`), in the whole project, in the project that the
 * input names (`named-project`), in the whole installation; or nobody's.
 */
export type Place =
  | "environment"
  | "environment?"
  | "registry"
  | "project"
  | "named-project"
  | "installation"
  | "signed-in"
  | "everybody";

export interface Expected {
  readonly scope: Scope;
  readonly place: Place;
  /** Passing a gate without evidence asks for break-glass too. */
  readonly exception?: true;
  /** Gives rights away, and nobody gives what they lack. */
  readonly gives?: true;
}

const all = (scope: Scope, place: Place, ...names: readonly string[]): Readonly<Record<string, Expected>> =>
  Object.fromEntries(names.map((name) => [name, { scope, place }]));

/** By the operation's name. */
export const OPERATION_TABLE: Readonly<Record<string, Expected>> = {
  ...all("read", "registry", "prompt.list", "prompt.show", "version.list", "version.diff", "candidate.list"),
  ...all("read", "registry", "prompt.heads", "prompt.changes", "version.contracts"),
  ...all("read", "registry", "environment.list", "environment.check", "price.list", "judge.list"),
  ...all("read", "registry", "eval-set.list", "eval-set.show", "eval-set.export"),
  ...all("read", "project", "price.show", "store.verify", "store.diagnose", "eval-set.audit"),
  ...all("read", "environment", "rollout.status", "guard.tune", "ledger.at", "policy.estimate"),
  ...all("read", "environment", "matrix.show", "matrix.plan", "score.rates"),
  ...all("read", "environment?", "override.list", "rollout.list", "guard.list", "ledger.list", "cost.list"),
  ...all("read", "environment?", "cost.explain", "metric.list", "eval-set.propose"),
  ...all("author", "project", "version.register", "declaration.register", "candidate.add"),
  ...all("author", "project", "version.push", "version.import"),
  ...all("author", "project", "candidate.promote", "eval-set.import", "eval-set.add"),
  ...all("read", "registry", "review.preview", "declaration.list"),
  ...all("read", "environment?", "text.compare"),
  ...all("author", "project", "review.create"),
  ...all("review", "project", "review.accept"),
  ...all("resolve", "environment", "prompt.resolve", "prompt.render"),
  ...all("resolve", "project", "snapshot.export"),
  ...all("record", "project", "outcome.append", "ledger.import"),
  ...all("review", "environment", "version.approve", "rollout.approve"),
  ...all("release", "environment", "rollback.create", "application.retire", "guard.set", "guard.accept"),
  ...all("release", "environment", "rollout.pause", "rollout.resume", "rollout.abort"),
  ...all("release", "environment", "drill.run", "drill.all"),
  ...all("release", "environment?", "guard.remove"),
  ...all("release", "project", "version.withdraw"),
  "release.create": { scope: "release", place: "environment", exception: true },
  "rollout.start": { scope: "release", place: "environment", exception: true },
  "override.set": { scope: "override", place: "environment?", exception: true },
  "override.clear": { scope: "override", place: "environment?" },
  ...all("evaluate", "environment", "evaluation.run", "gate.run", "gate.noise", "review.judge"),
  ...all("evaluate", "project", "judge.calibrate"),
  ...all("evaluate", "environment", "matrix.run", "matrix.upgrade", "score.run"),
  ...all("admin", "project", "environment.add", "price.set", "subject.erase", "ledger.retain"),
  ...all("admin", "environment", "environment.protect"),
  ...all("admin", "named-project", "member.list", "member.revoke", "invitation.list", "invitation.withdraw"),
  ...all("admin", "named-project", "key.revoke", "key.list", "secret.set", "secret.remove", "secret.list"),
  ...all("admin", "named-project", "audit.list", "audit.export"),
  "member.grant": { scope: "admin", place: "named-project", gives: true },
  "invitation.create": { scope: "admin", place: "named-project", gives: true },
  "key.create": { scope: "admin", place: "named-project", gives: true },
  "key.rotate": { scope: "admin", place: "named-project", gives: true },
  ...all("admin", "installation", "project.create", "audit.verify"),
  ...all("read", "signed-in", "caller.show", "project.list"),
  ...all("read", "everybody", "invitation.accept"),
};

export interface ExpectedRoute extends Expected {
  /** Below the project; `{environment}` is filled in. */
  readonly path: string;
  readonly body?: object | readonly object[];
}

const FOLLOWER = { environment: "{environment}", application: "test", revision: 0, appliedAt: 0 };

/** By method and template below `/v1/projects/:project`: what is no operation. */
export const PROJECT_ROUTE_TABLE: Readonly<Record<string, ExpectedRoute>> = {
  "GET /snapshot": { scope: "resolve", place: "environment", path: "/snapshot?environment={environment}" },
  "GET /events": {
    scope: "resolve",
    place: "environment",
    path: "/events?environment={environment}&after=0",
  },
  "POST /versions/find": {
    ...{ scope: "resolve", place: "environment", path: "/versions/find" },
    body: { environment: "{environment}", versions: [] },
  },
  "POST /overrides/find": {
    ...{ scope: "resolve", place: "environment", path: "/overrides/find" },
    body: { environment: "{environment}", subjects: [] },
  },
  "POST /ledger": { scope: "record", place: "registry", path: "/ledger", body: [] },
  "POST /declarations": {
    ...{ scope: "record", place: "environment", path: "/declarations" },
    body: { application: "test", environment: "{environment}", number: true, declarations: [], commit: null },
  },
  "PUT /followers/:id": {
    ...{ scope: "resolve", place: "environment", path: "/followers/019b76da-a800-7000-8000-000000000001" },
    body: FOLLOWER,
  },
  "DELETE /followers/:id": {
    ...{ scope: "resolve", place: "registry", path: "/followers/019b76da-a800-7000-8000-000000000001" },
  },
};

/** Routes below a project that ask for rights by what they find; jobs/job-routes.test.ts asks for them. */
export const FOUND_RIGHTS: ReadonlySet<string> = new Set([
  "GET /jobs",
  "GET /jobs/:id",
  "GET /jobs/:id/events",
  "DELETE /jobs/:id",
]);

/** Open to everybody: what says nothing of any project, what looks for itself, and snapshots by their hash. */
export const OPEN_ROUTES: ReadonlySet<string> = new Set([
  "GET /healthz",
  "GET /readyz",
  "GET /metrics",
  "GET /docs",
  "GET /docs/start.js",
  "GET /docs/:file",
  "GET /openapi.json",
  "GET /auth/*",
  "POST /auth/*",
  "GET /v1/projects/:project/snapshots/:hash",
]);
