/** `scoreOnline`: scores a sample of the calls of production, within a budget, and appends what was found. */
import type { OnlineRater, RunEnd } from "@colophon/evaluation";
import { getEnvironment, getPrompt, HarnessError, type OutcomeDraft } from "@colophon/kernel";
import { openPrices } from "../../costs/house-prices.ts";
import type { Harness } from "../../harness.ts";
import type { OnlineParts, OnlineReport, OnlineRequest, RaterReport } from "./online-request.ts";
import { openRaters } from "./open-raters.ts";
import { type SampledCall, type SampleQuestion, sampledCalls } from "./sampled-calls.ts";
import { type CallScorerParts, type RaterFinding, scoreCall } from "./score-call.ts";

const DAY_MS = 86_400_000;
const SAMPLE = 0.05;
const AT_ONCE = 8;

/**
 * Calls are chosen by their ids, so that two passes choose the same, and a call is scored once by the same scorer:
 * its outcome's id is derived from both. Scorers are pinned by their options, judges by their text. What fails is
 * counted and is no outcome.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, as `openRaters` does, and `usage` for a sample outside
 * of (0, 1] or a price that a budget cannot be kept without.
 */
export async function scoreOnline(
  harness: Harness,
  request: OnlineRequest,
  parts: OnlineParts,
): Promise<OnlineReport> {
  const question = await questionOf(harness, request);
  const { book } = await openPrices(harness);
  const began = harness.clock.elapsed();
  const open = await openRaters(harness, request, parts);
  const { desk } = open;
  try {
    const pass = new OnlinePass(harness, { ...open, book }, () => desk?.calls.ended ?? null);
    const { signal, concurrency = AT_ONCE } = { ...parts, ...request };
    const calls = sampledCalls(harness, question);
    await takeAll(calls, (call) => pass.take(call), { signal, concurrency });
    const end: RunEnd = parts.signal?.aborted === true ? { kind: "stopped" } : pass.end;
    return {
      ...aboutOf(question),
      ...pass.report(),
      skipped: open.skipped,
      end,
      spent: desk?.calls.spent ?? null,
    };
  } finally {
    if (desk !== null) {
      parts.onUsed?.({ ...desk.calls.used, milliseconds: harness.clock.elapsed() - began });
    }
    await open.close();
  }
}

/** Workers share the calls: whoever is free takes the next. It ends when none of them has anything under way. */
async function takeAll(
  calls: AsyncGenerator<SampledCall>,
  take: (call: SampledCall) => Promise<void>,
  { signal, concurrency }: { readonly signal: AbortSignal | undefined; readonly concurrency: number },
): Promise<void> {
  let hasFailed = false;
  const work = async (): Promise<void> => {
    try {
      for (let next = await calls.next(); next.done !== true; next = await calls.next()) {
        if (hasFailed || signal?.aborted === true) return;
        await take(next.value);
      }
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, work));
  await calls.return(undefined);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

async function questionOf(harness: Harness, request: OnlineRequest): Promise<SampleQuestion> {
  const { key, environment, sample = SAMPLE, pairs = 1 } = request;
  const state = await harness.records.state();
  getPrompt(state, key);
  getEnvironment(state, environment);
  for (const share of [sample, pairs]) {
    if (share > 0 && share <= 1) continue;
    throw new HarnessError(
      "usage",
      `A sample of ${share} cannot be drawn; give a share above 0 and up to 1.`,
    );
  }
  const until = request.until ?? harness.clock.now() + 1;
  return { key, environment, sample, pairs, until, since: request.since ?? until - DAY_MS };
}

function aboutOf({ key, environment, since, until, sample }: SampleQuestion) {
  const iso = (at: number): string => new Date(at).toISOString();
  return { key, environment, since: iso(since), until: iso(until), sample };
}

/** Of one rater, as long as a pass goes on. */
interface RaterCount {
  scored: number;
  known: number;
  errors: number;
  error: string | null;
  left: number;
  sum: number;
}

class OnlinePass {
  readonly #harness: Harness;
  readonly #parts: CallScorerParts;
  readonly #endOf: () => RunEnd | null;
  readonly #counts: ReadonlyMap<OnlineRater, RaterCount>;
  #calls = 0;
  #pairs = 0;
  #notCaptured = 0;

  constructor(harness: Harness, parts: CallScorerParts, endOf: () => RunEnd | null) {
    this.#harness = harness;
    this.#parts = parts;
    this.#endOf = endOf;
    this.#counts = new Map(
      parts.raters.map((rater) => [rater, { scored: 0, known: 0, errors: 0, error: null, left: 0, sum: 0 }]),
    );
  }

  get end(): RunEnd {
    return this.#endOf() ?? { kind: "complete" };
  }

  async take(sampled: SampledCall): Promise<void> {
    const { findings, notCaptured } = await scoreCall(this.#harness, sampled, this.#parts);
    this.#calls += sampled.repeat === null ? 1 : 2;
    this.#pairs += sampled.repeat === null ? 0 : 1;
    this.#notCaptured += notCaptured;
    const drafts: OutcomeDraft[] = [];
    for (const finding of findings) {
      this.#count(finding);
      if (finding.kind === "scored") drafts.push(finding.draft);
    }
    if (drafts.length > 0) await this.#harness.ledger.appendOutcomes(drafts);
  }

  #count(finding: RaterFinding): void {
    const count = this.#counts.get(finding.rater);
    if (count === undefined) return;
    switch (finding.kind) {
      case "scored":
        count.scored += 1;
        count.sum += finding.score;
        return;
      case "known":
        count.known += 1;
        return;
      case "failed":
        // After its end the desk asks nobody: what it did not ask has not failed.
        if (finding.rater.source === "judge" && this.#endOf() !== null) {
          count.left += 1;
          return;
        }
        count.errors += 1;
        count.error ??= finding.error;
    }
  }

  report(): Pick<OnlineReport, "calls" | "pairs" | "insufficient" | "raters"> {
    const raters = [...this.#counts].map(
      ([{ by, source, metric }, { sum, ...count }]): RaterReport => ({
        by,
        source,
        metric,
        ...count,
        mean: count.scored === 0 ? null : sum / count.scored,
      }),
    );
    const insufficient =
      this.#notCaptured === 0
        ? null
        : ({ reason: "contents not captured", calls: this.#notCaptured } as const);
    return { calls: this.#calls, pairs: this.#pairs, insufficient, raters };
  }
}
