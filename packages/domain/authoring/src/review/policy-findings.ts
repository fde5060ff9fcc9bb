/** Holds a text against the checks of a team's own policy. */
import type { ReviewSeverity } from "@colophon/kernel";
import { globMatcher } from "./glob-matcher.ts";
import type { CompiledCheck, CompiledPolicy, NamedPattern, PolicyScope } from "./review-policy.ts";
import type { FindingSpot, RuleHit } from "./review-rule.ts";
import { type ReviewedText, TAG_MARK, type TextPart } from "./reviewed-text.ts";
import { hostsIn } from "./rules/suspicious-url.ts";

export interface PolicyHit extends RuleHit {
  /** `policy/NAME`. */
  readonly rule: string;
  readonly severity: ReviewSeverity;
  readonly advice: string;
}

interface Miss {
  readonly what: string;
  readonly advice: string;
  readonly about: string;
  readonly spot: FindingSpot;
}

export function policyFindings(text: ReviewedText, policy: CompiledPolicy): readonly PolicyHit[] {
  const checks = policy.checks.filter((check) => isInScope(text, check.for));
  const found = checks.flatMap((check) => {
    const { name, message, advice, severity = "high" } = check;
    return missesOf(text, check).map(
      (miss): PolicyHit => ({
        rule: `policy/${name}`,
        severity,
        message:
          message === undefined ? `${miss.what}.` : `${message.trim().replace(/\.$/, "")}: ${miss.what}.`,
        advice: advice ?? miss.advice,
        about: miss.about,
        spot: miss.spot,
      }),
    );
  });
  return [...found, ...unknownHosts(text, policy.written.hosts)];
}

function isInScope({ key, metadata }: ReviewedText, scope: PolicyScope = {}): boolean {
  const { keys, risk, tags } = scope;
  const own = metadata.tags ?? [];
  return (
    (keys === undefined || keys.some((glob) => globMatcher(glob)(key))) &&
    (risk === undefined || risk.includes(metadata.risk ?? "medium")) &&
    (tags === undefined || tags.some((tag) => own.includes(tag)))
  );
}

const CHECKS: readonly ((text: ReviewedText, check: CompiledCheck) => readonly Miss[])[] = [
  lackingPatterns,
  forbiddenPatterns,
  lackingSections,
  lackingPartials,
  lackingMetadata,
  otherModels,
  tooLong,
  forbiddenVariables,
];

function missesOf(text: ReviewedText, check: CompiledCheck): readonly Miss[] {
  return CHECKS.flatMap((find) => find(text, check));
}

/** The default body's: what stands in its own words need not be looked for in translations. */
function partsFor({ parts }: ReviewedText, check: CompiledCheck): readonly TextPart[] {
  return parts.filter(({ role, locale }) => locale === null && (check.in === undefined || role === check.in));
}

const BODY = { field: "body" } as const;

function lackingPatterns(text: ReviewedText, check: CompiledCheck): readonly Miss[] {
  const whole = partsFor(text, check)
    .map(({ source }) => source)
    .join("\n");
  const where = check.in === undefined ? "the text" : `${check.in} text`;
  return check.contains
    .filter(({ pattern }) => !pattern.test(whole))
    .map(({ written }) => ({
      what: `/${written}/ is not found in ${where}`,
      advice: `Write into ${where} what the policy asks for.`,
      about: written,
      spot: BODY,
    }));
}

function forbiddenPatterns({ parts }: ReviewedText, check: CompiledCheck): readonly Miss[] {
  const looked = parts.filter(({ role }) => check.in === undefined || role === check.in);
  return check.containsNot.flatMap((one) =>
    looked
      .filter(({ source }) => one.pattern.test(source))
      .slice(0, 1)
      .map((part) => ({
        what: `/${one.written}/ is found in the text`,
        advice: "Take out what the policy forbids.",
        about: one.written,
        spot: { part, offset: firstLine(part, one) },
      })),
  );
}

/** Where the first line begins that the pattern is found in; the part's beginning for one that spans several. */
function firstLine({ source }: TextPart, { pattern }: NamedPattern): number {
  let offset = 0;
  for (const line of source.split("\n")) {
    if (pattern.test(line)) return offset;
    offset += line.length + 1;
  }
  return 0;
}

function lackingSections(text: ReviewedText, check: CompiledCheck): readonly Miss[] {
  const lines = partsFor(text, check).flatMap(({ source }) => source.split("\n"));
  const titles = new Set(lines.map((line) => line.replace(/^[#<*\s]+|[>*:\s]+$/g, "").toLowerCase()));
  return (check.sections ?? [])
    .filter((title) => !titles.has(title.trim().toLowerCase()))
    .map((title) => ({
      what: `the section "${title}" is missing`,
      advice: `Add a line "# ${title}" with what belongs there.`,
      about: `section ${title}`,
      spot: BODY,
    }));
}

function lackingPartials(text: ReviewedText, check: CompiledCheck): readonly Miss[] {
  const refs = text.parts.flatMap(({ includes }) => includes);
  const holds = (asked: string): boolean =>
    refs.some(({ ref, version }) => version !== null && (ref === asked || ref === `${asked}@v${version}`));
  return (check.partials ?? [])
    .filter((asked) => !holds(asked))
    .map((asked) => ({
      what: `the partial ${asked} is not included${asked.includes("@") ? "" : " in a pinned version"}`,
      advice: `Add {{> ${asked.includes("@") ? asked : `${asked}@vN`}}}.`,
      about: `partial ${asked}`,
      spot: BODY,
    }));
}

function lackingMetadata({ metadata }: ReviewedText, check: CompiledCheck): readonly Miss[] {
  return (check.metadata ?? [])
    .filter((name) => {
      const value = metadata[name];
      return (
        value === undefined ||
        value === null ||
        (typeof value !== "object" && value === "") ||
        isEmptyList(value)
      );
    })
    .map((name) => ({
      what: `${name} is not said`,
      advice: `Add ${name} to the prompt.`,
      about: `metadata ${name}`,
      spot: { field: name },
    }));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function otherModels({ text, metadata }: ReviewedText, check: CompiledCheck): readonly Miss[] {
  const { models, providers } = check;
  const named = [text.model, ...(metadata.backup ?? []), ...Object.values(metadata.routes ?? {})];
  return named.flatMap(({ provider, id }) => {
    const name = `${provider}/${id}`;
    const isAllowed =
      (models === undefined || models.some((glob) => globMatcher(glob)(name) || globMatcher(glob)(id))) &&
      (providers === undefined || providers.includes(provider));
    if (isAllowed) return [];
    const allowed = [...(models ?? []), ...(providers ?? []).map((one) => `${one}/*`)].join(", ");
    return [
      {
        what: `${name} is not among the models that are allowed`,
        advice: `Take one of ${allowed}.`,
        about: `model ${name}`,
        spot: { field: "model" },
      },
    ];
  });
}

const CHARACTERS_PER_TOKEN = 4;

function tooLong(text: ReviewedText, check: CompiledCheck): readonly Miss[] {
  const { maxCharacters, maxTokens } = check;
  const length = partsFor(text, check).reduce(
    (sum, { words }) => sum + words.replaceAll(TAG_MARK, "").length,
    0,
  );
  const tokens = Math.ceil(length / CHARACTERS_PER_TOKEN);
  const over: string[] = [];
  if (maxCharacters !== undefined && length > maxCharacters)
    over.push(`${length} characters are more than ${maxCharacters}`);
  if (maxTokens !== undefined && tokens > maxTokens)
    over.push(`some ${tokens} tokens are more than ${maxTokens}`);
  return over.map((what) => ({ what, advice: "Shorten the text.", about: "length", spot: BODY }));
}

function forbiddenVariables({ parts }: ReviewedText, check: CompiledCheck): readonly Miss[] {
  return (check.forbiddenVariables ?? []).flatMap((glob) => {
    const matches = globMatcher(glob);
    for (const part of parts) {
      const read = part.reads.find(({ variable, path }) => matches(variable) || matches(path));
      if (read === undefined) continue;
      const what = `{{${read.path}}} is a variable that is not allowed`;
      const spot = { part, offset: read.offset };
      return [{ what, advice: "Take it out of the body and of `input`.", about: `variable ${glob}`, spot }];
    }
    return [];
  });
}

function unknownHosts({ parts }: ReviewedText, hosts: readonly string[] | undefined): readonly PolicyHit[] {
  if (hosts === undefined) return [];
  const isKnown = (host: string): boolean => hosts.some((glob) => globMatcher(glob.toLowerCase())(host));
  return parts.flatMap((part) =>
    hostsIn(part.words)
      .filter(({ host }) => !isKnown(host))
      .map(({ host, offset }) => ({
        rule: "policy/hosts",
        severity: "medium" as const,
        message: `The text names ${host}, which is not among the hosts that the policy knows.`,
        advice: "Take the address out, or add the host to `hosts` of the policy.",
        about: host,
        spot: { part, offset },
      })),
  );
}
