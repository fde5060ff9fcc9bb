/** Records what the pairs of a shadow have shown as evidence, once for each rollout. */
import type { ShadowVerdict } from "@colophon/evaluation";
import {
  type EvidenceData,
  getPrompt,
  getVersion,
  hashDocument,
  type RegistryState,
  type RolloutEntry,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

export interface DecidedShadow {
  readonly rollout: RolloutEntry;
  /** The challenger. */
  readonly version: number;
  readonly verdict: ShadowVerdict;
  readonly judges: readonly string[];
}

/**
 * Looks are not counted and an undecided shadow leaves no record, since the verdict is valid at any time. Nothing is
 * written where the rollout no longer waits for it, or has its evidence.
 *
 * @returns whether it was recorded.
 */
export async function recordShadowEvidence(harness: Harness, decided: DecidedShadow): Promise<boolean> {
  const { id, key } = decided.rollout;
  const data = evidenceOf(await harness.records.state(), decided, harness.ids.next());
  for (;;) {
    const revision = await harness.records.revision();
    const known = await harness.records.listRecords({ key, kinds: ["evidence"] });
    if (known.some((record) => record.kind === "evidence" && record.data.pairs?.rollout === id)) return false;
    const { result } = await harness.records.append((state) => {
      if (!waits(state, decided.rollout)) return { drafts: [], result: "late" as const };
      // Whoever wrote meanwhile may have written this.
      if (state.revision !== revision) return { drafts: [], result: "again" as const };
      const drafts = [{ kind: "evidence", by: harness.actor, data }] as const;
      return { drafts, documents: [decided.verdict], result: "recorded" as const };
    });
    if (result !== "again") return result === "recorded";
  }
}

/** Before its first step: shadowing, or held in it. */
function waits(state: RegistryState, { id, key, environment }: RolloutEntry): boolean {
  const now = state.prompts.get(key)?.rollouts.get(environment);
  return now?.id === id && now.step < 0 && (now.state === "shadowing" || now.state === "holding");
}

function evidenceOf(
  state: RegistryState,
  { rollout, version, verdict, judges }: DecidedShadow,
  id: string,
): EvidenceData {
  const { key, environment, baseline } = rollout;
  const { metric, margin, alpha, pairs, difference } = verdict;
  return {
    id,
    key,
    challenger: `v${version}`,
    hash: getVersion(getPrompt(state, key), version).hash,
    model: null,
    baseline: `v${baseline}`,
    anchor: null,
    environment,
    evalSet: { name: metric, version: 0, hash: hashDocument({ metric }), split: "test" },
    judges,
    verdict: verdict.verdict,
    mode: verdict.mode,
    runs: [],
    difference: difference === null ? null : { value: difference, ...shownBounds(verdict), samples: pairs },
    anchorDifference: null,
    margin,
    alpha,
    method: verdict.method,
    ratchet: verdict.ratchet,
    vetoes: verdict.vetoes,
    reasons: verdict.reasons,
    casesNeeded: null,
    testLooks: 0,
    document: hashDocument(verdict),
    pairs: { rollout: rollout.id, count: pairs, since: rollout.at },
  };
}

/** What was shown is on which side of the margin the difference lies, and no more. */
function shownBounds({ evidence, margin, alpha }: ShadowVerdict): {
  readonly lower: number | null;
  readonly upper: number | null;
} {
  const edge = margin === 0 ? 0 : -margin;
  const shown = (value: number): number | null => (value >= 1 / alpha ? edge : null);
  return { lower: shown(evidence.ship), upper: shown(evidence.block) };
}
