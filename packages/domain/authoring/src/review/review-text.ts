/** Runs the rules over a text: the built-in ones, and a team's own. */
import { canonicalJson, REVIEW_SEVERITIES, type ReviewFinding, sha256 } from "@colophon/kernel";
import { policyFindings } from "./policy-findings.ts";
import type { CompiledPolicy } from "./review-policy.ts";
import type { FindingSpot, RuleHit } from "./review-rule.ts";
import { REVIEW_RULES } from "./review-rules.ts";
import { type ReviewSubject, reviewedText } from "./reviewed-text.ts";

/** A finding with where it was found, for whoever knows the file. */
export interface SpottedFinding {
  readonly finding: ReviewFinding;
  readonly spot: FindingSpot;
}

interface NamedHit extends Required<RuleHit> {
  readonly rule: string;
}

/**
 * Findings as the rules have them, the gravest first and each once.
 *
 * @throws HarnessError `template-syntax` for a body that is no template; `too-large`
 * for one that a pattern of the policy is too large for, and for partials that are too many.
 */
export function reviewText(
  subject: ReviewSubject,
  policy: CompiledPolicy | null = null,
): readonly SpottedFinding[] {
  const text = reviewedText(subject);
  const hits: readonly NamedHit[] = [
    ...REVIEW_RULES.flatMap(({ id: rule, severity, advice, find }) =>
      find(text).map((hit) => ({ severity, advice, ...hit, rule })),
    ),
    ...(policy === null ? [] : policyFindings(text, policy)),
  ];
  const byId = Map.groupBy(hits, findingId);
  const found = Array.from(byId, ([id, same]) => mergedFinding(id, same)).flat();
  return [...Map.groupBy(found, ({ finding }) => finding.rule)]
    .flatMap(([, same]) => boundedFindings(same))
    .toSorted((a, b) => rankOf(a) - rankOf(b));
}

/** More of one rule's nobody reads. */
const MOST_OF_RULE = 50;

/** The gravest of a rule's findings; the rest of them as one. */
function boundedFindings(same: readonly SpottedFinding[]): readonly SpottedFinding[] {
  const sorted = same.toSorted((a, b) => rankOf(a) - rankOf(b));
  const [rest] = sorted.slice(MOST_OF_RULE);
  if (rest === undefined) return sorted;
  const { rule } = rest.finding;
  const message = `${sorted.length - MOST_OF_RULE} more are of the same kind, this one among them: ${rest.finding.message}`;
  const id = findingId({ rule, about: "more" });
  return [...sorted.slice(0, MOST_OF_RULE), { ...rest, finding: { ...rest.finding, message, id } }];
}

/** The same again in another version of the text. */
function findingId({ rule, about }: Pick<NamedHit, "rule" | "about">): string {
  return sha256(canonicalJson([rule, about])).slice(0, 16);
}

/** What is about the same is told once, as grave as the gravest of it. */
function mergedFinding(id: string, same: readonly NamedHit[]): readonly SpottedFinding[] {
  const [first] = same.toSorted((a, b) => gravity(a) - gravity(b));
  if (first === undefined) return [];
  const { rule, severity, message, advice, spot } = first;
  const places = new Set(same.map((hit) => placeOf(hit.spot)));
  const more = places.size - 1;
  const place = `${placeOf(spot)}${more === 0 ? "" : ` and ${more} more ${more === 1 ? "place" : "places"}`}`;
  return [{ finding: { rule, severity, place, message, advice, id }, spot }];
}

function placeOf(spot: FindingSpot): string {
  return "part" in spot ? spot.part.placeOf(spot.offset) : (spot.words ?? spot.field);
}

function gravity({ severity }: Pick<ReviewFinding, "severity">): number {
  return REVIEW_SEVERITIES.indexOf(severity);
}

function rankOf({ finding }: SpottedFinding): number {
  return gravity(finding);
}
