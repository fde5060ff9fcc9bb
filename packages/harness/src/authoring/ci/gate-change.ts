/** Asks the gate about a text of a branch, as a candidate: nothing that a pull request says becomes a version. */
import type { GateVerdict, RunBudget } from "@colophon/evaluation";
import { type ErrorCode, errorCodeOf } from "@colophon/kernel";
import type { EvaluationParts } from "../../evaluation/runs/evaluation-parts.ts";
import type { House } from "../../house.ts";
import type { PromptSummary } from "../../list-prompts.ts";
import { addCandidate } from "../../operations/offered-registry.ts";
import { gateChallenger } from "../../operations/offered-runs.ts";
import type { GateAsked } from "../../operations/run-operations.ts";
import type { TextReference } from "../../text-reference.ts";
import type { BranchGate } from "./branch-report.ts";

/** What the gate is asked of every text. */
export type GateTermsOfBranch = Omit<GateAsked, "key" | "version" | "candidate" | "environment" | "budget">;

export interface TextToGate {
  readonly key: string;
  /** Its name, for people. */
  readonly file: string;
  /** What it says, parsed. */
  readonly value: unknown;
  /** The eval set that it names; null for none. */
  readonly evalSet: string | null;
  /** What the registry knows of the prompt; null for nothing. */
  readonly known: PromptSummary | null;
  /** Where the text comes from, for the log. */
  readonly rationale: string;
}

export interface GateOfBranch {
  readonly environment: string;
  readonly terms: GateTermsOfBranch;
  readonly budget: RunBudget;
  readonly parts: EvaluationParts;
}

/** What is said in words and is no mistake of the person who asks. */
const NOT_JUDGED: readonly ErrorCode[] = ["not-allowed", "store-read-only", "eval-set-unknown"];

export async function gateChange(house: House, text: TextToGate, asked: GateOfBranch): Promise<BranchGate> {
  const { key, known, evalSet } = text;
  const { environment, terms } = asked;
  if (known === null || known.newest === null) {
    return notJudged(
      `the registry has no version of ${key} yet, so nothing is live: \`colophon push\` makes the first`,
    );
  }
  const set = terms.set ?? evalSet ?? known.evalSet;
  if (set === null) {
    return notJudged("no eval set: name one in the prompt's facts (`colophon.evalSet`), or with --set");
  }
  try {
    const challenger = await challengerOf(house, text);
    const live = known.live[environment] ?? null;
    if (challenger.version !== undefined && challenger.version === live) {
      return { state: "nothing-to-judge", why: `the text is v${live}, which is live` };
    }
    const { parts, budget } = asked;
    const against = terms.against ?? baselineOf(known, { environment, challenger });
    const request = { ...terms, ...challenger, set, environment, budget, against };
    const { pictures: _, ...answer } = await gateChallenger(house, request, parts);
    return { state: "judged", verdict: answer.verdict, why: whyOf(answer), answer };
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined) throw error;
    const why = (error as Error).message;
    return NOT_JUDGED.includes(code) ? notJudged(why) : { state: "error", code, why };
  }
}

/** What stands in the way, where something does: a figure that is well enough is no reason for it. */
function whyOf({ obstacles = [], reasons }: Pick<GateVerdict, "obstacles" | "reasons">): string {
  return obstacles.length > 0 ? obstacles.join(" ") : (reasons[0] ?? "");
}

export function notJudged(why: string): BranchGate {
  return { state: "not-judged", why };
}

/** The version or the candidate that the text is already, else a new candidate. */
async function challengerOf(
  house: House,
  { key, file, value, rationale }: TextToGate,
): Promise<TextReference> {
  const { candidate, version } = await addCandidate(house, { key, file, value, rationale });
  if (version !== null) return { key, version };
  return { key, candidate: candidate ?? 0 };
}

/** Where nothing was released, what serves is the body in the code, if it has a number. */
function baselineOf(
  { live, declared }: PromptSummary,
  { environment, challenger }: { readonly environment: string; readonly challenger: TextReference },
): number | "live" {
  if (live[environment] !== undefined) return "live";
  const inCode = (declared[environment] ?? []).findLast(({ version }) => version !== null)?.version ?? null;
  return inCode === null || inCode === challenger.version ? "live" : inCode;
}
