/** Finds who stands in a gate: the challenger, what is live, and the anchor. */
import { liveOf } from "@colophon/delivery";
import { type Contender, findAnchor } from "@colophon/evaluation";
import {
  canonicalJson,
  type EvidenceData,
  getPrompt,
  HarnessError,
  type RegistryState,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { referenceOf } from "../../text-reference.ts";
import type { OpenEvalSet } from "../eval-sets/load-eval-set.ts";
import type { GateRequest } from "./gate-request.ts";
import { loadContender } from "./load-contender.ts";

export interface SidesQuestion {
  readonly state: RegistryState;
  readonly set: OpenEvalSet;
  readonly evidence: readonly EvidenceData[];
  readonly request: GateRequest;
}

/** The versions that are asked side by side. @throws HarnessError `usage` for a challenger that is its own baseline. */
export async function gateContenders(
  harness: Harness,
  question: SidesQuestion,
): Promise<readonly Contender[]> {
  const { state, request } = question;
  const { key, environment, against = "live" } = request;
  const common = { key, environment, drawOffset: 0 };
  const model = request.model ?? null;
  const challenger = await loadContender(harness, {
    ...referenceOf(request),
    ...common,
    side: "challenger",
    model,
  });
  const live = liveOf(state, key, environment);
  const opposite = against === "live" ? live?.version : against;
  if (opposite === undefined || opposite === null) return [challenger];
  // What is live may answer by another model than its text names.
  const releasedOn = live?.version === opposite ? live.release.model : null;
  const baseline = await loadContender(harness, {
    ...common,
    side: "baseline",
    version: opposite,
    model: request.baselineModel ?? releasedOn,
  });
  if (isSame(baseline, challenger)) {
    throw new HarnessError(
      "usage",
      `${key}@${challenger.subject} would be compared with itself; name another version with --against, or measure the noise with \`colophon gate aa ${key}@${baseline.subject}\`.`,
    );
  }
  const anchor = await anchorOf(harness, question);
  const isNew = anchor !== null && !isSame(anchor, baseline) && !isSame(anchor, challenger);
  return isNew ? [baseline, anchor, challenger] : [baseline, challenger];
}

function isSame(a: Contender, b: Contender): boolean {
  return a.hash === b.hash && canonicalJson(a.model) === canonicalJson(b.model);
}

async function anchorOf(
  harness: Harness,
  { state, set, evidence, request }: SidesQuestion,
): Promise<Contender | null> {
  const { key, environment } = request;
  const prompt = getPrompt(state, key);
  const lived = new Set(
    prompt.releases
      .filter((one) => one.lane === "live" && one.environment === environment)
      .map((one) => `v${one.version}`),
  );
  const found = findAnchor({
    evidence: evidence.filter(
      (one) => one.environment === environment && one.evalSet.name === set.entry.name && one.model === null,
    ),
    served: (subject) =>
      lived.has(subject) && prompt.versions.get(Number(subject.slice(1)))?.withdrawn === null,
  });
  if (found === null) return null;
  const version = Number(found.slice(1));
  return loadContender(harness, { key, environment, version, side: "anchor", model: null, drawOffset: 0 });
}
