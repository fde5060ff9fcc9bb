/** What a comparison says beside its words, line by line: for a terminal and for a pull request. */
import type { Comparison, SideCost, TextDiff } from "@colophon/harness";

/** A line, and whether somebody has to look at it. */
export interface ComparisonLine {
  readonly name: string;
  readonly value: string;
  readonly tone: "plain" | "good" | "bad" | "open";
}

/** A field of the model, the tools or a contract that differs. */
export interface FieldChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const LONGEST = 200;

export function fieldChanges(diff: TextDiff): readonly FieldChange[] {
  const values = [...diff.model, ...diff.tools, ...diff.cache, ...diff.untrusted, ...diff.partials];
  const contracts = (
    [
      ["input", diff.input],
      ["output", diff.output],
    ] as const
  ).flatMap(([name, changes]) =>
    changes.map(({ path, before, after }) => ({ path: `${name}.${path || "(itself)"}`, before, after })),
  );
  return [...values, ...contracts].map(({ path, before, after }) => ({
    path,
    before: valueText(before),
    after: valueText(after),
  }));
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "absent";
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

export function sideName(side: Comparison["before"], absent: string): string {
  if (side === null) return absent;
  const { version, environment, file } = side;
  const name = version === null ? "" : `v${version}`;
  if (file !== null) return name === "" ? file : `${file} (${name})`;
  return environment === null ? name : `${name} (${environment})`;
}

/** How long and how dear both sides are. */
export function figureLines({ size, cost }: Comparison): readonly ComparisonLine[] {
  const { before, after } = size;
  const change = before === null || after === null ? "" : signed(after.staticTokens - before.staticTokens);
  const unknown = [...new Set([...(before?.unknownPartials ?? []), ...(after?.unknownPartials ?? [])])];
  const without = unknown.length === 0 ? "" : `, without ${unknown.join(", ")}`;
  const tokens = (side: typeof before): string => (side === null ? "none" : String(side.staticTokens));
  return [
    {
      name: "tokens",
      value: `${tokens(before)} → ${tokens(after)}${change}: the words without variables${without}, by four characters a token`,
      tone: "plain",
    },
    { name: "cost", value: costText(cost), tone: "plain" },
  ];
}

function costText({ basis, version, calls, before, after }: Comparison["cost"]): string {
  const sides = `${moneyOf(before)} → ${moneyOf(after)} for 1,000 calls`;
  const unpriced = [before, after].flatMap((one) => (one !== null && one.money === null ? [one.model] : []));
  const why = unpriced.length === 0 ? "" : `; no price is known of ${[...new Set(unpriced)].join(" and ")}`;
  if (basis === "text")
    return `${sides}${why}: the words alone, since no calls say how long variables and answers are`;
  const some = before ?? after;
  return `${sides}${why}: by the mean of ${calls} calls of v${version} (${some?.inputTokens} tokens in, ${some?.outputTokens} out)`;
}

function moneyOf(side: SideCost | null): string {
  if (side === null) return "none";
  if (side.money === null) return "unknown";
  const { amount, currency } = side.money;
  return `${Number(amount.toPrecision(3))} ${currency}`;
}

function signed(change: number): string {
  return change === 0 ? "" : ` (${change > 0 ? "+" : ""}${change})`;
}

/** Which checks differ, the gravest wording where nobody knows. */
export function checkLines({ size, checks, after }: Comparison): readonly ComparisonLine[] {
  const { review, callers, evalSet, verdict } = checks;
  if (after === null) return [];
  return [
    ...review.new.map(
      ({ severity, rule, place, message }): ComparisonLine => ({
        name: `review: new, ${severity}`,
        value: `${rule} (${place}): ${message}`,
        tone: severity === "high" ? "bad" : "open",
      }),
    ),
    ...review.gone.map(
      ({ severity, rule, place }): ComparisonLine => ({
        name: `review: gone, ${severity}`,
        value: `${rule} (${place})`,
        tone: "good",
      }),
    ),
    ...(review.new.length + review.gone.length === 0 ? [sameReview(review.kept)] : []),
    ...callerLines(callers),
    ...cacheLines(size),
    evalSet === null
      ? { name: "eval set", value: "none is named, so the gate cannot judge", tone: "open" }
      : { name: "eval set", value: evalSet, tone: "plain" },
    verdictLine(verdict),
  ];
}

function sameReview(kept: number): ComparisonLine {
  const value = kept === 0 ? "nothing found" : `nothing new, ${kept} as before`;
  return { name: "review", value, tone: kept === 0 ? "good" : "plain" };
}

function callerLines(callers: Comparison["checks"]["callers"]): readonly ComparisonLine[] {
  if (callers.length === 0) {
    return [
      { name: "callers", value: "no code declares the prompt, so nothing is known of them", tone: "plain" },
    ];
  }
  return callers.map(({ environment, misfits }) => {
    const name = `callers in ${environment}`;
    if (misfits === null) return { name, value: "it cannot be said whether it fits", tone: "open" };
    if (misfits.length === 0) return { name, value: "it fits", tone: "good" };
    return { name, value: `it does not fit: ${misfits.join(" ")}`, tone: "bad" };
  });
}

function cacheLines({ cachePrefix, before, after }: Comparison["size"]): readonly ComparisonLine[] {
  if (cachePrefix === null || cachePrefix === "same") return [];
  const tokens = `${before?.prefixTokens} → ${after?.prefixTokens} tokens before the first variable`;
  return [
    cachePrefix === "broken"
      ? { name: "prompt cache", value: `broken: ${tokens}; put variables behind the words`, tone: "bad" }
      : { name: "prompt cache", value: `warmed anew once: ${tokens}`, tone: "plain" },
  ];
}

function verdictLine(verdict: Comparison["checks"]["verdict"]): ComparisonLine {
  if (verdict === null) return { name: "gate", value: "not asked about this text", tone: "open" };
  const { verdict: said, subject, environment, evidenceId } = verdict;
  const where = environment === null ? "" : ` in ${environment}`;
  return {
    name: "gate",
    value: `${said} (${subject}${where}, evidence ${evidenceId})`,
    tone: said === "ship" ? "good" : said === "block" ? "bad" : "open",
  };
}
