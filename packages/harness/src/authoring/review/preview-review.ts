/** Reviews versions and files without recording anything. */
import { setImmediate } from "node:timers/promises";
import { pinPartials, RULES_EDITION, readPromptSpec } from "@colophon/authoring";
import {
  type Clock,
  errorCodeOf,
  getPrompt,
  getVersion,
  HarnessError,
  hashDocument,
  hashText,
  type RegistryState,
  systemClock,
  type VersionText,
} from "@colophon/kernel";
import { boundFile, boundText } from "../../bounds/bound-text.ts";
import type { Harness } from "../../harness.ts";
import { CallerTurns } from "./caller-turns.ts";
import { makeReview, type ReviewToMake } from "./make-review.ts";
import { readReviewPolicy } from "./policy-shape.ts";
import { type ReportedFinding, type ReviewedFile, type ReviewReport, reviewReport } from "./review-report.ts";
import { versionText } from "./review-version.ts";

/** A prompt's file. */
export interface FileToReview {
  /** Its name, for people. */
  readonly file: string;
  /** What it says, parsed, as `registerPrompt` takes it. */
  readonly value: unknown;
  /** As it is written, so that findings have lines. */
  readonly source?: string;
}

export interface PreviewReviewRequest {
  readonly versions?: readonly { readonly key: string; readonly version: number }[];
  /** A partial that is not pinned is looked for among them first. */
  readonly files?: readonly FileToReview[];
  /** What a policy file says, parsed; absent or null for none. */
  readonly policy?: unknown;
  /** So many of the texts, versions before files, have their reports already; 0 unless given. */
  readonly after?: number;
}

/**
 * What a review would say, with everything that the policy accepts: of versions, each once, and of files, in their order.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `store-corrupt`, `input-malformed` for a policy, and for a
 * file `prompt-invalid` or what the template language says of its body.
 * @example
 * const [report] = await previewReview(harness, { versions: [{ key: "support.triage", version: 7 }] });
 */
export async function previewReview(
  harness: Harness,
  request: PreviewReviewRequest,
): Promise<readonly ReviewReport[]> {
  return preview({ harness, state: await harness.records.state(), clock: harness.clock }, request);
}

/** Finds nothing: it stands for a text that was not looked at, so that nobody takes that for a pass. */
const NOT_REVIEWED = "not-reviewed";
/** Of one request, in milliseconds: texts that are left then are left out. */
const LONGEST_MS = 10_000;
const CALLERS = new CallerTurns(8, LONGEST_MS / 1_000);

/**
 * As `previewReview`, as a server does it for its callers: one request of each at a time, and no longer than ten
 * seconds and one text. What is left then has the finding `not-reviewed` alone, which is high; `after` goes on there.
 *
 * @throws HarnessError as `previewReview`, and `too-many-requests`.
 */
export function previewInTurn(
  harness: Harness,
  request: PreviewReviewRequest,
): Promise<readonly ReviewReport[]> {
  const { actor, clock } = harness;
  return CALLERS.take(actor.owner ?? actor.id, async () => {
    const end = clock.elapsed() + LONGEST_MS;
    const place = { harness, state: await harness.records.state(), clock };
    return preview(place, request, () => clock.elapsed() >= end);
  });
}

/** Whether a report stands for a text that there was no time for. */
export function isLeftOut({ findings }: Pick<ReviewReport, "findings">): boolean {
  return findings.some(({ rule }) => rule === NOT_REVIEWED);
}

/**
 * The same of files where there is no store: by the rules, the policy and the files alone.
 *
 * @throws HarnessError as `previewReview` does, and `usage` for versions.
 * @example
 * const [report] = await reviewFiles({
 *   files: [{ file: "triage.yaml", value: { key: "support.triage", model: "gpt-5-mini", body: "Sort it." } }],
 * });
 */
export async function reviewFiles(
  request: PreviewReviewRequest,
  clock: Clock = systemClock,
): Promise<readonly ReviewReport[]> {
  if ((request.versions ?? []).length === 0) return preview({ harness: null, state: null, clock }, request);
  throw new HarnessError("usage", "A version is in a store, and there is none: name a file.");
}

interface ReviewPlace {
  readonly harness: Harness | null;
  readonly state: RegistryState | null;
  readonly clock: Clock;
}

async function preview(
  { harness, state, clock }: ReviewPlace,
  { versions = [], files = [], policy: written, after = 0 }: PreviewReviewRequest,
  isTimeUp: () => boolean = () => false,
): Promise<readonly ReviewReport[]> {
  const policy = written == null ? null : readReviewPolicy(written, "The policy");
  const asked: (ReviewToMake & { readonly place: ReviewedFile | null })[] = [];
  if (harness !== null && state !== null) {
    const each = new Map(versions.map((one) => [`${one.key}@v${one.version}`, one]));
    for (const { key, version } of each.values()) {
      const { hash } = getVersion(getPrompt(state, key), version);
      const text = await versionText(harness, { key, version, hash });
      asked.push({ key, text, hash, policy, mayAccept: true, clock, place: null });
    }
  }
  const specs = files.map(({ file, value, source = null }) => {
    boundFile(value, file);
    const spec = readPromptSpec(value, file);
    boundText(spec.text, spec.key);
    return { ...spec, place: { file, source } };
  });
  const alongside = new Map(specs.map(({ key, text }) => [key, text]));
  for (const { key, text, metadata, place } of specs) {
    const hash = hashOf(text, state);
    asked.push({ key, text, metadata, alongside, hash, policy, mayAccept: true, clock, place });
  }
  const reports: ReviewReport[] = [];
  for (const { place, ...one } of asked.slice(after)) {
    // Whoever asks gets on by a text at least.
    if (reports.length > 0 && isTimeUp()) {
      reports.push(leftOut(one, place));
      continue;
    }
    // Other requests are served between two texts.
    await setImmediate();
    const made = await blaming(place?.file, () => makeReview(harness, state, one));
    reports.push(
      reviewReport({
        ...made,
        review: made.data,
        hash: one.hash,
        recorded: null,
        file: place,
        now: clock.now(),
      }),
    );
  }
  return reports;
}

function leftOut({ key, hash, policy }: ReviewToMake, place: ReviewedFile | null): ReviewReport {
  const finding: ReportedFinding = {
    ...({
      rule: NOT_REVIEWED,
      severity: "high",
      place: "the whole text",
      line: null,
      accepted: null,
    } as const),
    message: `There was no time to review it: one request has ${LONGEST_MS / 1_000} s.`,
    advice: "Ask again for it, with fewer texts at once.",
    id: hashDocument([NOT_REVIEWED, key]).slice(0, 16),
  };
  return {
    ...{ key, version: null, hash, file: place?.file ?? null, rules: RULES_EDITION },
    ...{ policy: policy?.hash ?? null, judge: null, findings: [finding], recorded: null },
    ...{ accepts: false, notes: [] },
  };
}

/** What a file's text is wrong in is said with the file's name. */
async function blaming<T>(file: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined || file === undefined) throw error;
    throw new HarnessError(code, `${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Null where a pinned partial is not there, which the review of its body says. */
function hashOf(text: VersionText, state: RegistryState | null): string | null {
  if (state === null) return null;
  try {
    return hashText(pinPartials(text, state));
  } catch (error) {
    if (errorCodeOf(error) !== "partial-missing") throw error;
    return null;
  }
}
