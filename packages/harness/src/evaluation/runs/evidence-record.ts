/** Makes the record of evidence out of a verdict. */
import type { Contender, GateVerdict, RunSide } from "@colophon/evaluation";
import { canonicalJson, type Estimate, type EvidenceData, hashDocument } from "@colophon/kernel";
import type { OpenEvalSet } from "../eval-sets/load-eval-set.ts";
import type { GateRequest, KeptVerdict } from "./gate-request.ts";

export interface EvidenceToRecord {
  readonly id: string;
  readonly request: GateRequest;
  readonly set: OpenEvalSet;
  readonly contenders: readonly Contender[];
  readonly verdict: GateVerdict;
  readonly document: KeptVerdict;
  readonly judges: readonly string[];
  readonly runs: readonly string[];
  readonly testLooks: number;
}

export function evidenceRecord(evidence: EvidenceToRecord): EvidenceData {
  const { id, request, set, contenders, verdict, document, judges, runs, testLooks } = evidence;
  const sideOf = (side: RunSide): Contender | undefined => contenders.find((one) => one.side === side);
  const nameOf = (side: RunSide): string | null => sideOf(side)?.subject ?? null;
  const challenger = sideOf("challenger") as Contender;
  const { model, text, hash } = challenger;
  const { name, version, hash: setHash } = set.entry;
  return {
    id,
    key: request.key,
    challenger: challenger.subject,
    hash,
    model: canonicalJson(model) === canonicalJson(text.model) ? null : model,
    baseline: nameOf("baseline"),
    anchor: nameOf("anchor"),
    environment: request.environment,
    evalSet: { name, version, hash: setHash, split: request.split ?? "test" },
    judges,
    verdict: verdict.verdict,
    mode: verdict.mode,
    runs,
    difference: differenceOf(verdict),
    anchorDifference: anchorDifferenceOf(verdict),
    margin: verdict.margin,
    alpha: verdict.alpha,
    method: verdict.method,
    ratchet: verdict.ratchet,
    vetoes: verdict.vetoes.map(({ text: said }) => said),
    reasons: verdict.reasons,
    casesNeeded: verdict.casesNeeded,
    testLooks,
    document: hashDocument(document),
  };
}

function differenceOf({ difference, means, lower, upper, cases }: GateVerdict): Estimate | null {
  const value = difference ?? means.challenger;
  return value === null ? null : { value, lower, upper, samples: cases };
}

function anchorDifferenceOf({ anchor }: GateVerdict): Estimate | null {
  if (anchor === null) return null;
  const { difference, lower, upper, cases } = anchor;
  return { value: difference, lower, upper, samples: cases };
}
