/** Brings the verdicts of a model's upgrade together: it is as safe as its worst prompt. */
import type { Verdict } from "@colophon/kernel";

/** What the gate said of one prompt. */
export interface UpgradedPrompt {
  readonly key: string;
  readonly verdict: Verdict;
}

export interface UpgradeVerdict {
  readonly verdict: Verdict;
  /** Whether every prompt that runs on the old model may run on the new one. */
  readonly safe: boolean;
  readonly reasons: readonly string[];
}

/** From the worst to the best. */
const ORDER: readonly Verdict[] = ["block", "invalid", "inconclusive", "ship"];

/**
 * `ship` where every prompt ships. An upgrade that concerns no prompt is `invalid`: nothing was shown, so
 * nothing is safe. `unasked` are prompts on the old model that could not be asked, such as those without a set.
 */
export function upgradeVerdict(
  prompts: readonly UpgradedPrompt[],
  unasked: readonly { readonly key: string; readonly why: string }[],
): UpgradeVerdict {
  if (prompts.length + unasked.length === 0) {
    const reasons = [
      "No prompt runs on the old model, so there is nothing that the upgrade could be shown on.",
    ];
    return { verdict: "invalid", safe: false, reasons };
  }
  const verdicts: readonly Verdict[] = [
    ...prompts.map(({ verdict }) => verdict),
    ...unasked.map((): Verdict => "invalid"),
  ];
  const verdict = ORDER.find((one) => verdicts.includes(one)) ?? "invalid";
  const withVerdict = (one: Verdict): readonly string[] =>
    prompts.filter((prompt) => prompt.verdict === one).map(({ key }) => key);
  const said = ORDER.slice(0, 3).flatMap((one) => {
    const keys = withVerdict(one);
    return keys.length === 0 ? [] : [`${one}: ${keys.join(", ")}.`];
  });
  const missing = unasked.map(({ key, why }) => `${key} was not asked: ${why}`);
  const safe = verdict === "ship";
  const head = safe
    ? `The upgrade is safe: ${prompts.length === 1 ? "the one prompt" : `all ${prompts.length} prompts`} on the old model may run on the new one.`
    : "The upgrade is not shown to be safe.";
  return { verdict, safe, reasons: [head, ...said, ...missing] };
}
