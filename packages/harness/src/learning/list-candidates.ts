/** Lists the candidates of a prompt, with what became of each. */
import { type CandidateOrigin, getPrompt, type Verdict } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

export interface CandidateRow {
  readonly key: string;
  readonly candidate: number;
  readonly hash: string;
  /** `v7` or `c2`; null where it was made from nothing. */
  readonly parent: string | null;
  readonly origin: CandidateOrigin;
  readonly rationale: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  /** What was decided about it last; null while nothing is. */
  readonly decision: "promote" | "reject" | "hold" | null;
  /** The version with its text; null where there is none. */
  readonly version: number | null;
  /** Of the newest evidence about it; null where the gate was never asked. */
  readonly verdict: Verdict | null;
}

/**
 * Newest first.
 *
 * @throws HarnessError `key-unknown`.
 * @example
 * const open = (await listCandidates(harness, "support.triage")).filter(({ decision }) => decision === null);
 */
export async function listCandidates(harness: Harness, key: string): Promise<readonly CandidateRow[]> {
  const prompt = getPrompt(await harness.records.state(), key);
  const records = await harness.records.listRecords({ key, kinds: ["evidence"] });
  const verdicts = new Map<string, Verdict>();
  for (const { kind, data } of records) if (kind === "evidence") verdicts.set(data.challenger, data.verdict);
  return [...prompt.candidates.values()]
    .sort((a, b) => b.candidate - a.candidate)
    .map(({ candidate, hash, parent, origin, rationale, at, by, decision }) => ({
      ...{ key, candidate, hash, parent, origin, rationale },
      at: new Date(at).toISOString(),
      by: by.id,
      decision: decision?.decision ?? null,
      version: prompt.versionByHash.get(hash) ?? null,
      verdict: verdicts.get(`c${candidate}`) ?? null,
    }));
}
