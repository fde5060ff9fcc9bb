/** The rule about keys, tokens and passwords that stand in a text. */
import { sha256 } from "@colophon/kernel";
import type { FindingSpot, ReviewRule, RuleHit } from "../review-rule.ts";
import { textFields } from "../text-fields.ts";
import { isPlaceholder, SECRET_SHAPES } from "./secret-shapes.ts";

interface Secret {
  readonly name: string;
  /** Tells it from other secrets; not to be shown. */
  readonly telling: string;
  readonly offset: number;
  readonly end: number;
}

/** Of one text: more of them nobody reads. */
const MOST_SECRETS = 1_000;

/** What is found by its shape is not told again as an assignment. */
function secretsIn(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const { name, pattern, of } of SECRET_SHAPES) {
    for (const match of text.matchAll(pattern)) {
      if (found.length >= MOST_SECRETS) return found;
      const telling = of === undefined ? match[0] : of(match);
      const offset = match.index;
      const end = offset + match[0].length;
      if (telling === null || isPlaceholder(telling)) continue;
      if (found.some((one) => one.offset < end && offset < one.end)) continue;
      found.push({ name, telling, offset, end });
    }
  }
  return found;
}

/** The text without what looks like a secret. */
export function hideSecrets(text: string): string {
  let hidden = "";
  let end = 0;
  for (const one of secretsIn(text).toSorted((a, b) => a.offset - b.offset)) {
    hidden += `${text.slice(end, one.offset)}[${one.name}]`;
    end = one.end;
  }
  return hidden + text.slice(end);
}

function hitOf({ name, telling }: Secret, spot: FindingSpot): RuleHit {
  return {
    message: `What looks like ${name} stands in the text. Everybody who may read it has the secret, and so has the model's provider.`,
    about: `${name} ${sha256(telling)}`,
    spot,
  };
}

function nameOf(path: string): string {
  return path.split(/[.[]/).at(-1) ?? path;
}

export const SECRET: ReviewRule = {
  id: "secret",
  severity: "high",
  summary: "A key, token or password stands in the text.",
  advice: "Take it out and revoke it: versions are never changed, so it stays in the log.",
  find: ({ parts, text }) => [
    ...parts.flatMap((part) =>
      secretsIn(part.words).map((secret) => hitOf(secret, { part, offset: secret.offset })),
    ),
    ...textFields(text).flatMap(({ field, words, value }) =>
      // The field's name tells what its value is.
      secretsIn(`${nameOf(words)}: ${value}`).map((secret) => hitOf(secret, { field, words })),
    ),
  ],
};
