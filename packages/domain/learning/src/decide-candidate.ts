/** Keeps a proposed text as the next candidate of a prompt, unless it is one already. */
import {
  type Actor,
  CANDIDATE_ORIGINS,
  type CandidateOrigin,
  getCandidate,
  getPrompt,
  getVersion,
  HarnessError,
  type PromptState,
  type RecordDecision,
  type RegistryState,
  type VersionText,
} from "@colophon/kernel";
import { candidateNumber } from "./candidate-number.ts";

export interface CandidateCommand {
  readonly key: string;
  /** Holds to what a version must: whoever calls has checked it in the same state. */
  readonly text: VersionText;
  /** Of the text. */
  readonly hash: string;
  readonly origin: CandidateOrigin;
  /** Why it should be better. */
  readonly rationale: string;
  /** A version (`v7`) or a candidate (`c2`); absent, it was made from the newest version. */
  readonly parent?: string | null;
  /** Ids of the evidence that led to it. */
  readonly evidence?: readonly string[];
  readonly by: Actor;
}

/** One of `candidate` and `version` is a number. */
export interface CandidateDecided {
  readonly key: string;
  /** Null where the text is a version already, and needs no candidate. */
  readonly candidate: number | null;
  /** Of the same text. */
  readonly version: number | null;
  readonly hash: string;
  /** False when the same text was there already. */
  readonly created: boolean;
}

/**
 * Nothing is served, and no default is changed, by a candidate.
 *
 * @throws HarnessError `key-unknown`, `version-unknown` (the parent), `reason-missing` (the rationale) or `usage`.
 */
export function decideCandidate(
  state: RegistryState,
  command: CandidateCommand,
): RecordDecision<CandidateDecided> {
  const { key, text, hash, origin, evidence = [], by } = command;
  const prompt = getPrompt(state, key);
  if (!CANDIDATE_ORIGINS.includes(origin)) {
    throw new HarnessError(
      "usage",
      `The origin "${origin}" is unknown; give one of ${CANDIDATE_ORIGINS.join(", ")}.`,
    );
  }
  const rationale = command.rationale.trim();
  if (rationale === "") {
    throw new HarnessError(
      "reason-missing",
      `A candidate of ${key} needs a written rationale: add --rationale TEXT.`,
    );
  }
  const version = prompt.versionByHash.get(hash) ?? null;
  const known = [...prompt.candidates.values()].find((one) => one.hash === hash)?.candidate ?? null;
  if (known !== null || version !== null) {
    return { drafts: [], result: { key, candidate: known, version, hash, created: false } };
  }
  const parent = parentOf(prompt, command.parent);
  const candidate = Math.max(0, ...prompt.candidates.keys()) + 1;
  const data = { key, candidate, hash, parent, origin, rationale, evidence };
  return {
    drafts: [{ kind: "candidate", by, data }],
    texts: [text],
    result: { key, candidate, version, hash, created: true },
  };
}

function parentOf(prompt: PromptState, parent: string | null | undefined): string | null {
  if (parent === null) return null;
  if (parent === undefined) {
    const newest = Math.max(0, ...prompt.versions.keys());
    return newest === 0 ? null : `v${newest}`;
  }
  if (parent.startsWith("c")) {
    getCandidate(prompt, candidateNumber(parent));
    return parent;
  }
  const digits = /^v([1-9][0-9]{0,8})$/.exec(parent)?.[1];
  if (digits === undefined) {
    throw new HarnessError("usage", `"${parent}" is no parent: write a version as v7, a candidate as c3.`);
  }
  getVersion(prompt, Number(digits));
  return parent;
}
