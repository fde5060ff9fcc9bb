/** A team's own rules: what a policy file says, held to what it may say. */
import {
  HarnessError,
  hashDocument,
  isAtLeast,
  nearestName,
  type ReviewFinding,
  type ReviewSeverity,
  type ReviewSuppression,
  type Risk,
} from "@colophon/kernel";
import { type LinearPattern, readPattern } from "@colophon/methods";
import { globMatcher } from "./glob-matcher.ts";
import { REVIEW_RULES } from "./review-rules.ts";

/** Which prompts a check is for: all that is named has to hold. */
export interface PolicyScope {
  /** Globs: `support.*`. */
  readonly keys?: readonly string[] | undefined;
  readonly risk?: readonly Risk[] | undefined;
  /** Any of them will do. */
  readonly tags?: readonly string[] | undefined;
}

export const POLICY_METADATA = ["purpose", "owner", "risk", "tags", "evalSet", "backup"] as const;

/** One rule of a team's own; what it asks for has to hold all together. */
export interface PolicyCheck {
  /** In findings `policy/NAME`. */
  readonly name: string;
  readonly for?: PolicyScope | undefined;
  /** `high` unless given. */
  readonly severity?: ReviewSeverity | undefined;
  /** Why, in the team's words; what was found unless given. */
  readonly message?: string | undefined;
  readonly advice?: string | undefined;
  /** Only messages of this role are looked at for patterns. */
  readonly in?: "system" | "user" | "assistant" | undefined;
  /** Regular expressions; letter case counts not. */
  readonly mustContain?: readonly string[] | undefined;
  readonly mustNotContain?: readonly string[] | undefined;
  readonly sections?: readonly string[] | undefined;
  /** `shared.safety` in any pinned version, or `shared.safety@v3`. */
  readonly partials?: readonly string[] | undefined;
  readonly metadata?: readonly (typeof POLICY_METADATA)[number][] | undefined;
  /** Globs of `provider/model`. */
  readonly models?: readonly string[] | undefined;
  readonly providers?: readonly string[] | undefined;
  readonly maxCharacters?: number | undefined;
  /** Estimated at four characters to one. */
  readonly maxTokens?: number | undefined;
  /** Globs of names. */
  readonly forbiddenVariables?: readonly string[] | undefined;
}

/** Takes a built-in rule back, or gives it another severity. */
export type RuleSetting =
  | ReviewSeverity
  | { readonly severity: ReviewSeverity; readonly reason?: string | undefined }
  | { readonly off: true; readonly reason: string };

export interface WrittenSuppression {
  /** Id of a finding, or of a rule. */
  readonly of: string;
  /** A glob; every prompt unless given. */
  readonly key?: string | undefined;
  readonly reason: string;
  /** A day or a time, ISO 8601 and UTC: from then on the finding counts again. */
  readonly expires?: string | undefined;
}

/** A policy file, parsed. */
export interface ReviewPolicy {
  readonly $schema?: string | undefined;
  readonly format?: 1 | undefined;
  readonly rules?: Readonly<Record<string, RuleSetting>> | undefined;
  /** The only hosts that addresses in texts may name; globs. */
  readonly hosts?: readonly string[] | undefined;
  readonly checks?: readonly PolicyCheck[] | undefined;
  readonly suppress?: readonly WrittenSuppression[] | undefined;
}

export interface CompiledCheck extends PolicyCheck {
  readonly contains: readonly NamedPattern[];
  readonly containsNot: readonly NamedPattern[];
}

export interface NamedPattern {
  readonly written: string;
  readonly pattern: LinearPattern;
}

export interface PolicySuppression extends ReviewSuppression {
  /** The glob as it was written; null for every prompt. */
  readonly key: string | null;
  readonly isFor: (key: string) => boolean;
}

/** A policy that is ready to be held against texts. */
export interface CompiledPolicy {
  /** `hashDocument` of what was written. */
  readonly hash: string;
  readonly written: ReviewPolicy;
  readonly severities: ReadonlyMap<string, ReviewSeverity>;
  readonly checks: readonly CompiledCheck[];
  /** Rules that are off are among them. */
  readonly suppressions: readonly PolicySuppression[];
}

/** @throws HarnessError `input-malformed`, with a sentence for each thing that is wrong. */
export function compilePolicy(written: ReviewPolicy, file = "The policy"): CompiledPolicy {
  const problems: string[] = [];
  const { rules = {}, checks = [], suppress = [] } = written;
  const severities = new Map<string, ReviewSeverity>();
  const suppressions: PolicySuppression[] = [];
  const known = REVIEW_RULES.map(({ id }) => id);
  for (const [id, setting] of Object.entries(rules)) {
    if (!known.includes(id) && !/^judge\/./.test(id))
      problems.push(`rules.${id} is no rule: ${adviceFor(id, known)}`);
    if (typeof setting === "string") severities.set(id, setting);
    else if ("severity" in setting) severities.set(id, setting.severity);
    else if (setting.reason.trim() === "") problems.push(`rules.${id} is off without a reason: write one`);
    else suppressions.push({ of: id, reason: setting.reason, expires: null, key: null, isFor: () => true });
  }
  refuseMany(checks, file);
  const compiled = checks.map((check, at) => compileCheck(check, `checks[${at}]`, problems));
  refuseTwice(checks, problems);
  for (const [at, one] of suppress.entries()) {
    const read = readSuppression(one, `suppress[${at}]`, problems);
    if (read !== null) suppressions.push(read);
  }
  if (problems.length === 0)
    return { hash: hashDocument(written), written, severities, checks: compiled, suppressions };
  const listed = problems.length === 1 ? ` ${problems[0]}` : problems.map((one) => `\n- ${one}`).join("");
  throw new HarnessError("input-malformed", `${file} is no valid review policy:${listed}.`, {
    details: { problems },
  });
}

/** Each is looked for in each message of each text: more take longer than anybody waits. */
const MOST_PATTERNS = 500;

function refuseMany(checks: readonly PolicyCheck[], file: string): void {
  const count = checks.reduce(
    (sum, { mustContain = [], mustNotContain = [] }) => sum + mustContain.length + mustNotContain.length,
    0,
  );
  if (count <= MOST_PATTERNS) return;
  throw new HarnessError(
    "input-malformed",
    `${file} has ${count} patterns, and at most ${MOST_PATTERNS} are taken: join them with |.`,
  );
}

function adviceFor(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  return meant === undefined ? `take one of ${known.join(", ")}` : `did you mean ${meant}`;
}

function refuseTwice(checks: readonly PolicyCheck[], problems: string[]): void {
  const names = checks.map(({ name }) => name);
  for (const name of new Set(names.filter((one, at) => names.indexOf(one) !== at))) {
    problems.push(`checks has ${name} twice: give each check a name of its own`);
  }
}

const NOT_ASKED = ["name", "for", "severity", "message", "advice", "in"];

function compileCheck(check: PolicyCheck, path: string, problems: string[]): CompiledCheck {
  const asked = Object.entries(check).filter(
    ([name, value]) => !NOT_ASKED.includes(name) && value !== undefined,
  );
  if (asked.length === 0)
    problems.push(`${path} (${check.name}) asks for nothing: add mustContain or the like`);
  const read = (field: "mustContain" | "mustNotContain"): readonly NamedPattern[] =>
    (check[field] ?? []).flatMap((written, at) => {
      const pattern = readPattern(written, "im");
      if (pattern.kind === "pattern") return [{ written, pattern: pattern.pattern }];
      problems.push(`${path}.${field}[${at}] cannot be taken as a pattern: ${pattern.why}`);
      return [];
    });
  return { ...check, contains: read("mustContain"), containsNot: read("mustNotContain") };
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function readSuppression(
  { of, key, reason, expires }: WrittenSuppression,
  path: string,
  problems: string[],
): PolicySuppression | null {
  if (of.trim() === "") problems.push(`${path}.of is empty: name a finding by its id, or a rule`);
  if (reason.trim() === "") problems.push(`${path} has no reason: say why ${of} is accepted`);
  const at = expires === undefined ? null : TIME.test(expires) ? Date.parse(expires) : Number.NaN;
  if (Number.isNaN(at)) {
    problems.push(`${path}.expires is "${expires}", which is no time: write a day such as 2027-01-31`);
    return null;
  }
  return { of, reason, expires: at, key: key ?? null, isFor: globMatcher(key ?? "*") };
}

/** The severity that a policy gives to a finding of a built-in rule; its own where it says none. */
export function settledSeverity(
  { rule, severity }: Pick<ReviewFinding, "rule" | "severity">,
  { policy, maySoften }: { readonly policy: CompiledPolicy | null; readonly maySoften: boolean },
): ReviewSeverity {
  const set = policy?.severities.get(rule);
  if (set === undefined) return severity;
  // What blocks a release is made to block no more by those alone who may accept it.
  return severity === "high" && !maySoften && !isAtLeast(set, severity) ? severity : set;
}
