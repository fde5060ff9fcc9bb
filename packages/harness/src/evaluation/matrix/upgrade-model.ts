/** Asks whether the prompts on one model may run on another: the column of the matrix, run anew. */
import { modelName, type RunBudget, type UpgradeVerdict, upgradeVerdict } from "@colophon/evaluation";
import { errorCodeOf, HarnessError, type ModelChoice } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import type { EvaluationParts } from "../runs/evaluation-parts.ts";
import { gateChallenger } from "../runs/gate-challenger.ts";
import type { GateAnswer, GateTerms } from "../runs/gate-request.ts";
import { listMatrix } from "./list-cells.ts";

export interface UpgradeRequest {
  readonly from: ModelChoice;
  readonly to: ModelChoice;
  readonly environment: string;
  /** 1 unless given. */
  readonly repeats?: number | undefined;
  /** Of each prompt's run. */
  readonly budget?: RunBudget | undefined;
  /** The most calls at once; 16 unless given. */
  readonly concurrency?: number | undefined;
  readonly terms?: GateTerms | undefined;
}

export interface ModelUpgrade extends UpgradeVerdict {
  readonly from: string;
  readonly to: string;
  readonly environment: string;
  readonly prompts: readonly GateAnswer[];
  /** Prompts on the old model that could not be asked. */
  readonly unasked: readonly { readonly key: string; readonly why: string }[];
}

/**
 * For each prompt whose primary model is the old one, the live version answers on both models in the same run, and
 * the gate decides; evidence is recorded, so that a release on the new model can pass. The upgrade is safe only
 * where every prompt ships.
 *
 * @throws HarnessError `usage` for the same model twice; `environment-unknown`, `store-unsupported`.
 */
export async function upgradeModel(
  harness: Harness,
  request: UpgradeRequest,
  parts: EvaluationParts,
): Promise<ModelUpgrade> {
  const { environment } = request;
  const [from, to] = [modelName({ model: request.from }), modelName({ model: request.to })];
  if (from === to) {
    throw new HarnessError("usage", `${from} is upgraded to itself; name the model that takes its place.`);
  }
  const { cells } = await listMatrix(harness, { environment });
  const prompts: GateAnswer[] = [];
  const unasked: { readonly key: string; readonly why: string }[] = [];
  for (const cell of cells) {
    if (cell.role !== "primary" || modelName(cell) !== from) continue;
    const { key, version, model } = cell;
    if (parts.signal?.aborted === true) {
      unasked.push({ key, why: "the upgrade was stopped." });
      continue;
    }
    const { terms, repeats, budget, concurrency } = request;
    const asked = { key, version, against: version, baselineModel: model, model: request.to, environment };
    try {
      prompts.push(
        await gateChallenger(harness, { ...terms, ...asked, repeats, budget, concurrency }, parts),
      );
    } catch (error) {
      if (errorCodeOf(error) === undefined) throw error;
      unasked.push({ key, why: (error as Error).message });
    }
  }
  return { from, to, environment, prompts, unasked, ...upgradeVerdict(prompts, unasked) };
}
