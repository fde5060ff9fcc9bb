/** Turns a move into the records that say it: of every member, with its alert, in one append. */
import {
  type Actor,
  type AlertData,
  type Arm,
  HarnessError,
  type Pseudonym,
  type RecordDraft,
  type RolloutData,
  type RolloutEntry,
  type RolloutPlan,
  type RolloutState,
  sha256,
} from "@colophon/kernel";
import { alertSentence } from "./alert-sentence.ts";
import { completionDraft } from "./completion-draft.ts";
import type { Situation } from "./judge-rollout.ts";
import { challengersOf, controlShare, nextRecord } from "./rollout-members.ts";
import type { Chosen, Finding, Move } from "./rollout-move.ts";
import { shadowShare } from "./shadow-share.ts";

export interface MoveParts {
  readonly situation: Situation;
  readonly by: Actor;
  /** Ids of the evidence that opened the door, by key. */
  readonly evidence: ReadonlyMap<string, readonly string[]>;
  /** The pseudonym of the scope's document type, where it has one. */
  readonly documentType: Pseudonym | null;
}

export interface Moved {
  readonly drafts: readonly RecordDraft[];
  readonly state: RolloutState;
  readonly step: number;
  readonly alert: AlertData | null;
}

/** @throws HarnessError `usage` for the end of a scoped rollout without the pseudonym of its document type. */
export function makeMove(move: Move, parts: MoveParts): Moved {
  const { lead } = parts.situation;
  switch (move.kind) {
    case "stay":
      return { drafts: [], state: lead.state, step: lead.step, alert: null };
    case "step":
      return step(move, parts);
    case "ask-approval": {
      const { cause, reason } = { cause: "step" as const, reason: move.reason };
      return changed(parts, { state: "waiting-for-approval", cause, reason });
    }
    case "resume":
      return resumed(move.reason, parts);
    case "hold":
      return warned(move.finding, parts, {
        state: "holding",
        cause: move.cause,
        heldFrom: heldFrom(lead.state),
        shadow: null,
      });
    case "end":
      return ended(move, parts);
    case "complete":
      return completed(move, parts);
  }
}

type Change = Partial<RolloutData> & Pick<RolloutData, "state" | "cause" | "reason">;

function changed(
  { situation, by }: MoveParts,
  change: Change,
  perMember: (member: RolloutEntry) => Partial<RolloutData> = () => ({}),
): Moved {
  const { members, lead, now } = situation;
  const drafts = members.map(({ sight, ...member }) =>
    nextRecord(member, { since: now, readings: sight.readings, ...change, ...perMember(member) }, by),
  );
  return { drafts, state: change.state, step: change.step ?? lead.step, alert: null };
}

function step(move: Extract<Move, { readonly kind: "step" }>, parts: MoveParts): Moved {
  const { plan } = parts.situation;
  const { cause, reason, chosen } = move;
  const share = stepShare(plan, move.step);
  return changed(
    parts,
    { state: "ramping", step: move.step, cause, reason, shadow: null, control: controlShare(share) },
    (member) => ({
      arms: sharedOut(member, share, chosen),
      evidence: [...new Set([...member.evidence, ...(parts.evidence.get(member.key) ?? [])])],
    }),
  );
}

/** What the challengers may serve together in a step. */
export function stepShare({ steps, policy }: RolloutPlan, step: number): number {
  const share = steps[step]?.share ?? 0;
  return policy.kind === "mol-ts" && share < 1 ? Math.min(share, policy.cap) : share;
}

/** The arms as they were among each other, or all for the one that was chosen. */
function sharedOut({ key, arms }: RolloutEntry, share: number, chosen: Chosen | null): readonly Arm[] {
  const sum = arms.reduce((total, arm) => total + arm.share, 0);
  return arms.map(({ version, share: before }) => {
    if (chosen !== null) return { version, share: chosen.get(key) === version ? share : 0 };
    return { version, share: sum > 0 ? (before / sum) * share : share / arms.length };
  });
}

function heldFrom(state: RolloutState): RolloutData["heldFrom"] {
  return state === "shadowing" || state === "ramping" || state === "waiting-for-approval" ? state : null;
}

function resumed(reason: string, parts: MoveParts): Moved {
  const { lead, plan } = parts.situation;
  const state = lead.heldFrom ?? "ramping";
  return changed(parts, { state, cause: "resumed", reason }, (member) => ({
    shadow: state === "shadowing" ? shadowShare(plan, challengersOf(member)) : null,
  }));
}

function ended({ cause, finding }: Extract<Move, { readonly kind: "end" }>, parts: MoveParts): Moved {
  const served = parts.situation.members.some(({ sight }) => sight.served > 0);
  const state = served ? "rolled-back" : "stopped";
  return warned(finding, parts, { state, cause, control: 0, shadow: null });
}

function warned(
  finding: Finding,
  parts: MoveParts,
  change: Partial<RolloutData> & Pick<RolloutData, "state" | "cause">,
): Moved {
  const { lead, members } = parts.situation;
  const about = members.find(({ key }) => key === finding.key) ?? lead;
  const message = alertSentence(finding, {
    entry: about,
    state: change.state,
    cause: change.cause,
    set: members,
  });
  const held = change.state === "holding";
  const moved = changed(parts, { ...change, reason: finding.words }, (member) =>
    held ? {} : { arms: withoutShares(member) },
  );
  const action = held ? "held" : change.state === "rolled-back" ? "rolled-back" : "none";
  const { key, version, metric, since, units, value, limit, executions } = finding;
  const alert: AlertData = {
    // Two schedulers that saw the same come to the same id.
    id: sha256(`alert ${about.id} ${about.revision} ${change.cause}`).slice(0, 32),
    key,
    environment: lead.environment,
    metric,
    message,
    since,
    units,
    value,
    limit,
    version,
    action,
    rollout: about.id,
    guard: null,
    executions,
  };
  return { ...moved, drafts: [...moved.drafts, { kind: "alert", by: parts.by, data: alert }], alert };
}

/** The arms of a rollout that serves nobody any more. */
export function withoutShares({ arms }: Pick<RolloutData, "arms">): readonly Arm[] {
  return arms.map(({ version }) => ({ version, share: 0 }));
}

function completed(
  { chosen, reason }: Extract<Move, { readonly kind: "complete" }>,
  parts: MoveParts,
): Moved {
  const { members } = parts.situation;
  const change = { state: "completed", cause: "completed", reason, control: 0, shadow: null } as const;
  const moved = changed(parts, change, ({ key, arms, evidence }) => ({
    arms: arms.map(({ version }) => ({ version, share: chosen.get(key) === version ? 1 : 0 })),
    evidence: [...new Set([...evidence, ...(parts.evidence.get(key) ?? [])])],
  }));
  const served = members.map((member) => {
    const version = chosen.get(member.key);
    if (version === undefined) {
      throw new HarnessError("usage", `No version of ${member.key} was chosen to be live.`);
    }
    return completionDraft(member, { version, reason, ...parts });
  });
  return { ...moved, drafts: [...moved.drafts, ...served] };
}
