/** Sets and clears overrides: for this subject this version. */
import {
  type Actor,
  type EpochMs,
  getEnvironment,
  getPrompt,
  getServable,
  HarnessError,
  type OverrideEntry,
  overrideScope,
  type PromptState,
  type Pseudonym,
  type RecordDecision,
  type RegistryState,
  SUBJECT_KINDS,
  type SubjectKind,
} from "@colophon/kernel";
import { listEnvironments } from "./environment-policy.ts";
import { misfitsIn, type Texts } from "./fit.ts";
import { type GateAnswer, type GatePass, passGate } from "./pass-gate.ts";
import { refuseUnpinned } from "./refuse-unpinned.ts";

interface Target {
  readonly key: string;
  readonly kind: SubjectKind;
  readonly subject: Pseudonym;
  /** Null holds for all environments. */
  readonly environment: string | null;
  readonly by: Actor;
}

export interface SetOverrideCommand extends Target, GatePass {
  readonly action: "set";
  readonly version: number;
  readonly expires: EpochMs | null;
  readonly reason?: string | null;
  readonly now: EpochMs;
  /** The version's text and those of its partials, by hash. */
  readonly texts: Texts;
}

export interface ClearOverrideCommand extends Target {
  readonly action: "clear";
  readonly reason?: string | null;
}

export type OverrideCommand = SetOverrideCommand | ClearOverrideCommand;

export interface OverrideDecided {
  readonly key: string;
  readonly kind: SubjectKind;
  readonly subject: Pseudonym;
  readonly environment: string | null;
  /** Null when it was cleared. */
  readonly version: number | null;
  readonly expires: EpochMs | null;
  /** True when nothing had to be recorded. */
  readonly unchanged: boolean;
  /** What the subject had before for the same environment, newest first. */
  readonly replaced: readonly OverrideEntry[];
  readonly evidence: readonly string[];
  readonly breakGlass: string | null;
  /** In words, what was not asked for. */
  readonly warnings: readonly string[];
}

/** Overrides that reach nobody but the one who is named. */
const NAMED: readonly SubjectKind[] = ["user", "document"];

/**
 * @throws HarnessError `usage` for a bad kind, `key-unknown`, `environment-unknown`, and to set one
 * `version-unknown`, `withdrawn`, `time-invalid`, `misfit`; for a tenant or a document type also
 * `prompt-invalid` (an unpinned partial), `evidence-missing`; `store-corrupt` with `details.missingTexts`.
 */
export function decideOverride(
  state: RegistryState,
  command: OverrideCommand,
): RecordDecision<OverrideDecided> {
  if (!SUBJECT_KINDS.includes(command.kind)) {
    throw new HarnessError(
      "usage",
      `An override is for a ${SUBJECT_KINDS.join(", ")}, not for a "${command.kind}".`,
    );
  }
  const prompt = getPrompt(state, command.key);
  if (command.environment !== null) getEnvironment(state, command.environment);
  return command.action === "set" ? setOverride(state, prompt, command) : clearOverride(prompt, command);
}

/** For the subject everywhere; with `narrowed` those within a tenant too, which are cleared with them. */
function entriesFor(
  prompt: PromptState,
  { kind, subject, environment }: Target,
  narrowed = false,
): readonly OverrideEntry[] {
  const entries = prompt.overrides.get(overrideScope(kind, subject)) ?? [];
  return entries.filter(
    (entry) => entry.environment === environment && (narrowed || entry.tenant === undefined),
  );
}

function setOverride(
  state: RegistryState,
  prompt: PromptState,
  command: SetOverrideCommand,
): RecordDecision<OverrideDecided> {
  const { key, kind, subject, environment, expires, by, now, texts } = command;
  const version = getServable(prompt, command.version);
  if (expires !== null && !(expires > now)) throw expiredAtBirth(key, expires);
  const replaced = entriesFor(prompt, command);
  const result = { key, kind, subject, environment, version: version.version, expires, replaced };
  const [newest] = replaced;
  if (newest?.version === version.version && newest.expires === expires) {
    const { evidence, breakGlass } = newest;
    return { drafts: [], result: { ...result, unchanged: true, evidence, breakGlass, warnings: [] } };
  }
  const environments = environment === null ? listEnvironments(state).map((one) => one.name) : [environment];
  const misfits = misfitsIn(state, environments, { prompt, hash: version.hash, texts });
  if (misfits.length > 0) {
    throw new HarnessError(
      "misfit",
      `${key}@v${version.version} does not fit the code: ${misfits.join("; ")}. Take another version, or name an environment whose code it fits.`,
      { details: { key, version: version.version, misfits } },
    );
  }
  let passed: GateAnswer = { evidence: [], breakGlass: null, waived: [] };
  if (!NAMED.includes(kind)) {
    refuseUnpinned(state, environments, { prompt, version, texts });
    passed = passGate(state, { prompt, version, environments, door: "override", model: null, now }, command);
  }
  const reason = command.reason ?? null;
  const { waived, ...opened } = passed;
  const data = { key, version: version.version, kind, subject, environment, expires, reason, ...opened };
  const warnings = waived.map((words) => `${words}.`);
  return {
    drafts: [{ kind: "override", by, data }],
    result: { ...result, unchanged: false, ...opened, warnings },
  };
}

function expiredAtBirth(key: string, expires: EpochMs): HarnessError {
  const at = new Date(expires);
  const shown = Number.isNaN(at.getTime()) ? String(expires) : at.toISOString();
  return new HarnessError(
    "time-invalid",
    `The override of ${key} would expire at ${shown}, which is no time to come: give a later one, or none.`,
  );
}

function clearOverride(prompt: PromptState, command: ClearOverrideCommand): RecordDecision<OverrideDecided> {
  const { key, kind, subject, environment, by } = command;
  const replaced = entriesFor(prompt, command, true);
  const facts = {
    key,
    kind,
    subject,
    environment,
    version: null,
    expires: null,
    evidence: [],
    breakGlass: null,
  };
  const result = { ...facts, unchanged: replaced.length === 0, replaced, warnings: [] };
  if (replaced.length === 0) return { drafts: [], result };
  return { drafts: [{ kind: "override", by, data: { ...facts, reason: command.reason ?? null } }], result };
}
