/** Sets, clears and lists overrides for subjects in plain words. */

import { decideOverride, listOverrides, type OverrideDecided } from "@colophon/delivery";
import {
  type EpochMs,
  getEnvironment,
  getPrompt,
  HarnessError,
  type Pseudonym,
  type Subject,
} from "@colophon/kernel";
import { changeRegistry, type Decide, previewChange } from "./change-registry.ts";
import { gatePass } from "./gate-pass.ts";
import type { Harness } from "./harness.ts";
import { type PlainOverride, plainOverrides } from "./plain-overrides.ts";

export interface OverrideTarget {
  readonly key: string;
  readonly subject: Subject;
  /** Null holds for all environments. */
  readonly environment: string | null;
  readonly reason?: string | null;
}

export interface OverrideRequest extends OverrideTarget {
  readonly version: number;
  readonly expires: EpochMs | null;
  readonly breakGlass?: string | null;
}

export interface OverrideResult {
  readonly key: string;
  /** Null when it was cleared. */
  readonly version: number | null;
  readonly kind: Subject["kind"];
  readonly subject: string;
  readonly environment: string | null;
  readonly expires: string | null;
  /** True when nothing had to be recorded. */
  readonly unchanged: boolean;
  /** Versions that the subject had before for the same environment, newest first. */
  readonly replaced: readonly number[];
  readonly breakGlass: string | null;
  /** In words, what was not asked for. */
  readonly warnings: readonly string[];
}

/** A pseudonym that belongs to nobody, to try a decision before a subject is written down. */
const NOBODY = "0".repeat(32) as Pseudonym;

/**
 * Serves a version to one subject from now on, through the gate.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `withdrawn`, `misfit`, `evidence-missing`, `time-invalid` or `usage`.
 *
 * @example
 * await setOverride(harness, {
 *   key: "support.triage",
 *   version: 8,
 *   subject: { kind: "user", value: "ada" },
 *   environment: "production",
 *   expires: null,
 * });
 */
export async function setOverride(harness: Harness, request: OverrideRequest): Promise<OverrideResult> {
  const { key, version, subject, environment, expires, reason = null, breakGlass = null } = request;
  checkSubject(subject);
  const pass = await gatePass(harness, {
    ...{ key, versions: [version], environment, breakGlass },
    isLook: false,
  });
  const deciding =
    (pseudonym: Pseudonym): Decide<OverrideDecided> =>
    (state, texts) =>
      decideOverride(state, {
        ...pass,
        action: "set",
        key,
        version,
        kind: subject.kind,
        subject: pseudonym,
        environment,
        expires,
        reason,
        by: harness.actor,
        now: harness.clock.now(),
        texts,
      });
  const known = await harness.records.findPseudonym(subject);
  // What is refused must not leave the subject's name in the store.
  if (known === undefined) await previewChange(harness, deciding(NOBODY));
  const pseudonym = known ?? (await harness.records.findPseudonym(subject, { create: true })) ?? NOBODY;
  const { result } = await changeRegistry(harness, deciding(pseudonym));
  return describe(result, subject);
}

/**
 * Takes back what was set for a subject.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown` or `usage`.
 *
 * @example
 * await clearOverride(harness, {
 *   key: "support.triage",
 *   subject: { kind: "user", value: "ada" },
 *   environment: "production",
 * });
 */
export async function clearOverride(harness: Harness, request: OverrideTarget): Promise<OverrideResult> {
  const { key, subject, environment, reason = null } = request;
  checkSubject(subject);
  const pseudonym = (await harness.records.findPseudonym(subject)) ?? NOBODY;
  const { kind } = subject;
  const { result } = await harness.records.append((state) =>
    decideOverride(state, {
      action: "clear",
      key,
      kind,
      subject: pseudonym,
      environment,
      reason,
      by: harness.actor,
    }),
  );
  return describe(result, subject);
}

export interface OverrideQuery {
  readonly key?: string;
  /** Those of this environment and those for all. */
  readonly environment?: string;
  readonly subject?: Subject;
}

/**
 * Overrides with their subjects in plain words, newest first.
 *
 * @throws HarnessError `key-unknown` or `environment-unknown`.
 *
 * @example
 * const overrides = await findOverrides(harness, { key: "support.triage", environment: "production" });
 */
export async function findOverrides(
  harness: Harness,
  query: OverrideQuery,
): Promise<readonly PlainOverride[]> {
  const { key, environment } = query;
  const state = await harness.records.state();
  if (key !== undefined) getPrompt(state, key);
  if (environment !== undefined) getEnvironment(state, environment);
  const subject =
    query.subject === undefined ? undefined : await harness.records.findPseudonym(query.subject);
  if (query.subject !== undefined && subject === undefined) return [];
  const kind = query.subject?.kind;
  return plainOverrides(
    harness,
    listOverrides(state, { key, environment, kind, subject, now: harness.clock.now() }),
  );
}

function checkSubject({ kind, value }: Subject): void {
  if (value.trim() !== "") return;
  throw new HarnessError("usage", `The ${kind} of an override has no id; give one.`);
}

function describe(decided: OverrideDecided, subject: Subject): OverrideResult {
  const { key, version, environment, expires, unchanged, replaced, breakGlass, warnings } = decided;
  return {
    key,
    version,
    kind: subject.kind,
    subject: subject.value,
    environment,
    expires: expires === null ? null : new Date(expires).toISOString(),
    unchanged,
    replaced: replaced.flatMap((entry) => entry.version ?? []),
    breakGlass,
    warnings,
  };
}
