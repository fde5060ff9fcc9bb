/** The closed word lists of the house: tiers, lanes, purposes, sources and the like. */

/** What decided a resolution, in strict order. */
export const TIERS = ["document", "user", "environment", "default"] as const;
export type Tier = (typeof TIERS)[number];

export const LANES = ["live", "canary", "control", "shadow"] as const;
export type Lane = (typeof LANES)[number];

/** Only `serve` counts in live metrics; all of them count in cost. */
export const PURPOSES = ["serve", "shadow", "eval", "judge", "probe", "drill", "playground"] as const;
export type Purpose = (typeof PURPOSES)[number];

export const RISKS = ["low", "medium", "high"] as const;
export type Risk = (typeof RISKS)[number];

export const OUTCOME_SOURCES = ["user", "rule", "judge", "downstream"] as const;
export type OutcomeSource = (typeof OUTCOME_SOURCES)[number];

export const VERSION_SOURCES = ["code", "file", "studio", "candidate", "import"] as const;
export type VersionSource = (typeof VERSION_SOURCES)[number];

/** Whom an override or a row can name; a document before its type, a user before the tenant. */
export const SUBJECT_KINDS = ["document", "documentType", "user", "tenant"] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** How a door was entered. */
export const FACES = ["sdk", "cli", "server", "studio", "git", "mcp", "system"] as const;
export type Face = (typeof FACES)[number];

/** The environments that exist from the start. */
export const FIRST_ENVIRONMENTS = ["development", "staging", "production"] as const;

/** Why a resolution came out as it did. */
export const REASONS = [
  "pinned",
  "override",
  "live",
  "inherited",
  "canary",
  "control",
  "shadow",
  "no-release",
  "not-ready",
  "withdrawn",
  "misfit",
  "unknown-version",
  "unknown-environment",
  "off",
] as const;
export type Reason = (typeof REASONS)[number];

/** What became of one tier while a resolution looked for a version. */
export const CONSIDERED_OUTCOMES = [
  "chosen",
  "not-asked",
  "absent",
  "expired",
  "withdrawn",
  "misfit",
  "unknown-version",
  "unknown-environment",
  "not-ready",
  "override-unknown",
] as const;
export type ConsideredOutcome = (typeof CONSIDERED_OUTCOMES)[number];
