/** Compares two texts of a prompt for people: what differs, how long and how dear they are, and which checks differ. */
import { compareSizes, compareTexts, type SizeDiff, type TextDiff } from "@colophon/authoring";
import {
  type Clock,
  type EvidenceData,
  getEnvironment,
  HarnessError,
  type MetadataData,
  type RegistryState,
  systemClock,
  type VersionText,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { type CallersFit, callersFit } from "./callers-fit.ts";
import { type CostEstimate, estimateCost } from "./estimate-cost.ts";
import { type AskedSide, type FoundSide, findSide, type TextSide } from "./find-side.ts";
import { type ReviewChange, reviewChange } from "./review-change.ts";

export interface CompareRequest {
  readonly key: string;
  /** Null for a prompt that was not there before. */
  readonly before: AskedSide | null;
  /** Null for one that is not there any more. */
  readonly after: AskedSide | null;
  /** Whose calls the cost is estimated by; null or absent for those of every environment. */
  readonly environment?: string | null;
  /** What a review policy says, parsed; absent or null for none. */
  readonly policy?: unknown;
}

/** What evidence says of the text that comes after. */
export interface LastVerdict {
  /** `v8`, or `c3`. */
  readonly subject: string;
  readonly environment: string | null;
  readonly verdict: EvidenceData["verdict"];
  readonly evidenceId: string;
}

export interface Comparison extends TextDiff {
  readonly key: string;
  readonly before: TextSide | null;
  readonly after: TextSide | null;
  readonly size: SizeDiff;
  readonly cost: CostEstimate;
  readonly checks: {
    readonly review: ReviewChange;
    /** Of each environment in which code declares the prompt; empty where nothing is known of callers. */
    readonly callers: readonly CallersFit[];
    /** The eval set that the prompt names; null for none. */
    readonly evalSet: string | null;
    /** The newest about the text that comes after; null where the gate was not asked. */
    readonly verdict: LastVerdict | null;
  };
  /** In words: what could not be looked at. */
  readonly notes: readonly string[];
}

/**
 * Nothing is recorded, and no model is asked.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `environment-unknown`, `input-malformed` for a policy, and
 * for a file `prompt-invalid` or what the template language says of its body.
 * @example
 * import { comparePrompt } from "@colophon/harness";
 *
 * const { same, cost } = await comparePrompt(house, {
 *   key: "support.triage",
 *   before: { kind: "version", version: 3 },
 *   after: { kind: "version", version: 4 },
 * });
 */
export async function comparePrompt(harness: Harness, request: CompareRequest): Promise<Comparison> {
  return compare({ harness, state: await harness.records.state(), clock: harness.clock }, request);
}

/**
 * The same of files where there is no store: prices are the list's, and nothing is known of callers and verdicts.
 *
 * @throws HarnessError as `comparePrompt` does, and `usage` for a side that a store would have.
 * @example
 * const value = { key: "support.triage", model: "gpt-5-mini", body: "Sort the ticket." };
 * const { size } = await comparePromptFiles({
 *   key: "support.triage",
 *   before: null,
 *   after: { kind: "file", file: "triage.yaml", value },
 * });
 */
export function comparePromptFiles(request: CompareRequest, clock: Clock = systemClock): Promise<Comparison> {
  return compare({ harness: null, state: null, clock }, request);
}

/** Where texts are looked for; a comparison of files can do without a store. */
export interface ComparePlace {
  readonly harness: Harness | null;
  readonly state: RegistryState | null;
  readonly clock: Clock;
}

async function compare(place: ComparePlace, request: CompareRequest): Promise<Comparison> {
  const { key, environment = null, policy = null } = request;
  if (place.state !== null && environment !== null) getEnvironment(place.state, environment);
  const before = request.before === null ? null : await findSide(place, key, request.before);
  const after = request.after === null ? null : await findSide(place, key, request.after);
  const some = after ?? before;
  if (some === null) {
    throw new HarnessError("usage", `${key} is on neither side; name a version or a file that is there.`);
  }
  const size = compareSizes(before, after);
  const review = await reviewChange(place, { key, before, after, policy });
  const facts = place.state?.prompts.get(key)?.metadata;
  return {
    key,
    before: before?.side ?? null,
    after: after?.side ?? null,
    ...compareTexts(before?.text ?? blank(some.text), after?.text ?? blank(some.text)),
    size,
    cost: await estimateCost(place, { key, before, after, environment, size }),
    checks: {
      review,
      callers: after === null ? [] : await callersFit(place, key, after),
      evalSet: evalSetOf(after, facts ?? null),
      verdict: after === null ? null : await lastVerdict(place, key, after),
    },
    notes: [...new Set([...(before?.unseen ?? []), ...(after?.unseen ?? [])])],
  };
}

/** A text with nothing in it, so that everything on the other side is added, or removed. */
function blank({ model }: VersionText): VersionText {
  return { body: [], model, input: {} };
}

function evalSetOf(after: FoundSide | null, facts: Pick<MetadataData, "evalSet"> | null): string | null {
  return after?.metadata?.evalSet ?? facts?.evalSet ?? null;
}

async function lastVerdict(
  { harness }: ComparePlace,
  key: string,
  { side: { hash } }: FoundSide,
): Promise<LastVerdict | null> {
  if (harness === null || hash === null) return null;
  const records = await harness.records.listRecords({ key, kinds: ["evidence"] });
  // A verdict of the text on another model is none of the text as it is.
  const last = records.findLast(
    ({ kind, data }) => kind === "evidence" && data.hash === hash && data.model === null,
  );
  if (last?.kind !== "evidence") return null;
  const { challenger: subject, environment, verdict, id: evidenceId } = last.data;
  return { subject, environment, verdict, evidenceId };
}
