/** What a watcher asks about the pairs of a shadow: how far they have come, and their evidence once it is decided. */
import { challengersOf } from "@colophon/delivery";
import type { GateMode, ShadowQuestion } from "@colophon/evaluation";
import { getEnvironment } from "@colophon/kernel";
import type { ShadowPairsOf } from "../../delivery/watch/rollout-watch.ts";
import type { Harness } from "../../harness.ts";
import { ShadowPairing } from "./pair-shadows.ts";
import { recordShadowEvidence } from "./record-shadow-evidence.ts";

export interface ShadowPairsOptions {
  /** Limits of the mean cost, latency and length, as multiples of the live version's; null turns one off. */
  readonly guards?: ShadowQuestion["guards"];
}

/**
 * Null for a plan without a shadow.
 *
 * @example
 * import { DeliveryWatch } from "@colophon/harness";
 * import { systemRandom as random } from "@colophon/kernel";
 * const watch = new DeliveryWatch(harness, { random, pairsOf: shadowPairs(harness) });
 */
export function shadowPairs(harness: Harness, options: ShadowPairsOptions = {}): ShadowPairsOf {
  return (entry, { state, plan, costOf }) => {
    const { shadow } = plan;
    const [version] = challengersOf(entry);
    if (shadow === null || version === undefined) return null;
    const { metric, margin, alpha, pairs } = shadow;
    const { guards } = options;
    const mode = modeOf(getEnvironment(state, entry.environment).modes);
    const question = { metric, mode, margin, alpha, pairs, ...(guards !== undefined && { guards }) };
    const pairing = new ShadowPairing(entry, question, costOf);
    let isSettled = false;
    return {
      fold(arrivals) {
        // What has its evidence goes on serving for long, and nothing more is asked of its pairs.
        if (!isSettled) pairing.fold(arrivals);
      },
      reading: () => pairing.reading(),
      async settle() {
        if (isSettled) return;
        const verdict = pairing.verdict();
        if (verdict.verdict === "inconclusive") return;
        await recordShadowEvidence(harness, { rollout: entry, version, verdict, judges: pairing.judges });
        isSettled = true;
      },
    };
  };
}

/** The mode that counts in an environment: where several do, the one that tolerates most. */
function modeOf(modes: readonly string[] | null): GateMode {
  if (modes === null || modes.includes("noninferiority")) return "noninferiority";
  return modes.includes("strict") ? "strict" : "both";
}
