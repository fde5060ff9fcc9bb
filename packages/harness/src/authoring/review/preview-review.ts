/** Reviews versions and files without recording anything. */
import { setImmediate } from "node:timers/promises";
import { pinPartials, readPromptSpec } from "@colophon/authoring";
import {
  type Clock,
  errorCodeOf,
  getPrompt,
  getVersion,
  HarnessError,
  hashText,
  type RegistryState,
  systemClock,
  type VersionText,
} from "@colophon/kernel";
import { boundFile, boundText } from "../../bounds/bound-text.ts";
import type { Harness } from "../../harness.ts";
import { makeReview, type ReviewToMake } from "./make-review.ts";
import { readReviewPolicy } from "./policy-shape.ts";
import { type ReviewedFile, type ReviewReport, reviewReport } from "./review-report.ts";
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
  { versions = [], files = [], policy: written }: PreviewReviewRequest,
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
  for (const { place, ...one } of asked) {
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
