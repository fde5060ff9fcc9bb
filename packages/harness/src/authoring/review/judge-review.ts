/** Has a judge look at a version for what rules cannot see, and records what both have found. */
import {
  checkReviewJudge,
  decideVersion,
  REVIEW_JUDGE,
  REVIEW_JUDGE_KEY,
  readJudgeFindings,
  reviewMaterial,
  versionReference,
} from "@colophon/authoring";
import { type PaidCalls, parseJson } from "@colophon/evaluation";
import {
  compileBody,
  fenceId,
  getPrompt,
  getServable,
  getVersion,
  HarnessError,
  hashBody,
  hashText,
  type ReviewFinding,
  type VersionText,
} from "@colophon/kernel";
import { changeRegistry } from "../../change-registry.ts";
import { openAnswerStore } from "../../evaluation/runs/answer-store.ts";
import { type DeskParts, openDesk } from "../../evaluation/runs/open-desk.ts";
import { openRunFolder } from "../../evaluation/runs/run-folder.ts";
import type { Harness } from "../../harness.ts";
import { lastPolicy, makeReview } from "./make-review.ts";
import { readReviewPolicy } from "./policy-shape.ts";
import { type ReviewReport, reviewReport } from "./review-report.ts";
import { gatherSubject } from "./review-subject.ts";
import { keepReview, type ReviewVersionRequest, versionText } from "./review-version.ts";

export interface JudgeReviewRequest extends ReviewVersionRequest {
  /** `KEY@vN`, or `colophon.judge.review`, which comes with Colophon. */
  readonly judge: string;
  /** Of the ledger's row. */
  readonly environment: string;
}

interface PinnedJudge {
  readonly key: string;
  readonly version: number;
  readonly hash: string;
  readonly text: VersionText;
}

/**
 * The call is a row of the ledger with purpose `judge`; an answer that was given before is not paid for again. What
 * the judge finds is advice: none of it is graver than medium, unless the policy says so of its name.
 *
 * @throws HarnessError as `createReview`, and `prompt-invalid` for a text that cannot review, `usage` for a model that
 * cannot be called, `input-malformed` for an answer that cannot be read, `store-unsupported`.
 */
export async function judgeReview(
  harness: Harness,
  request: JudgeReviewRequest,
  parts: Omit<DeskParts, "answers">,
): Promise<ReviewReport> {
  const { key, version, policy: written } = request;
  const policy = written == null ? await lastPolicy(harness, key) : readReviewPolicy(written, "The policy");
  const judge = await findReviewJudge(harness, request.judge);
  // A model that cannot be called is told before anything is asked.
  parts.endpointOf(judge.text.model);
  const state = await harness.records.state();
  const { hash } = getVersion(getPrompt(state, key), version);
  const text = await versionText(harness, { key, version, hash });
  const { subject } = await gatherSubject(harness, state, { key, text });
  const variables = reviewMaterial(subject, judge.text);
  const findings = await askJudge(harness, { judge, variables, environment: request.environment }, parts);
  const judged = { judge: { prompt: `${judge.key}@v${judge.version}`, hash: judge.hash }, findings };
  const { clock } = harness;
  const made = await makeReview(harness, state, { key, text, hash, policy, mayAccept: false, clock, judged });
  const recorded = await keepReview(harness, made, { hash, policy });
  return reviewReport({ ...made, review: made.data, hash, recorded, file: null, now: clock.now() });
}

/** The house's own becomes a version of the registry like any other text. */
async function findReviewJudge(harness: Harness, reference: string): Promise<PinnedJudge> {
  const { key, version } = versionReference(reference);
  if (version !== null) {
    const state = await harness.records.state();
    const { hash } = getServable(getPrompt(state, key), version);
    const text = await versionText(harness, { key, version, hash });
    checkReviewJudge(key, text);
    return { key, version, hash, text };
  }
  if (key !== REVIEW_JUDGE_KEY) {
    throw new HarnessError(
      "usage",
      `The judge ${key} is pinned by its version: write ${key}@vN, or take ${REVIEW_JUDGE_KEY}.`,
    );
  }
  const by = harness.actor;
  const origin = { source: "import", message: "comes with Colophon", commit: null, author: by.id } as const;
  const { result } = await changeRegistry(harness, (state, texts) =>
    decideVersion(state, { key, text: REVIEW_JUDGE, ...origin, by, texts }),
  );
  return { key, version: result.version, hash: hashText(REVIEW_JUDGE), text: REVIEW_JUDGE };
}

interface JudgeQuestion {
  readonly judge: PinnedJudge;
  readonly variables: Readonly<Record<string, string>>;
  readonly environment: string;
}

async function askJudge(
  harness: Harness,
  { judge, variables, environment }: JudgeQuestion,
  parts: Omit<DeskParts, "answers">,
): Promise<readonly ReviewFinding[]> {
  const { key, version, hash, text } = judge;
  const fence = fenceId(hashBody(text));
  const messages = compileBody(text.body, { untrusted: text.untrusted ?? [], fence }).render(variables);
  const answers = openAnswerStore(openRunFolder(harness).answers);
  const desk = await openDesk(harness, { environment, concurrency: 1 }, { ...parts, answers });
  try {
    const request = { text, model: text.model, messages };
    const call = { key, version, hash, purpose: "judge", request, draw: 0 } as const;
    const [result] = await desk.calls.callAll([call]);
    return readAnswer(judge, result);
  } finally {
    await desk.close();
    answers.close();
  }
}

type CallResult = Awaited<ReturnType<PaidCalls["callAll"]>>[number];

function readAnswer({ key }: PinnedJudge, result: CallResult | undefined): readonly ReviewFinding[] {
  if (result?.kind !== "answered") {
    const why = result?.kind === "failed" ? result.error.replace(/\.$/, "") : "the run ended";
    throw noFindings(key, `gave no answer: ${why}`);
  }
  const { refused, cutShort, text } = result.answer;
  if (refused) throw noFindings(key, "declined to review");
  if (cutShort) throw noFindings(key, "was cut short by its limit of tokens");
  const parsed = parseJson(text, true);
  const findings = parsed.ok ? readJudgeFindings(parsed.value) : null;
  if (findings === null) throw noFindings(key, "gave an answer that is no list of findings");
  return findings;
}

function noFindings(key: string, why: string): HarnessError {
  return new HarnessError(
    "input-malformed",
    `The judge ${key} ${why}. Nothing was recorded: ask again, or review without it.`,
  );
}
