/** Judges what a rollout does next: from its record, its plan and what is seen of it, without deciding. */
import type {
  EpochMs,
  MissingAction,
  RolloutCause,
  RolloutEntry,
  RolloutPlan,
  Verdict,
} from "@colophon/kernel";
import { readingWords, rounded, sharePercent } from "./metric-words.ts";
import type { RolloutLacks } from "./rollout-gate.ts";
import { challengersOf, servedShare } from "./rollout-members.ts";
import type { Chosen, Finding, Move } from "./rollout-move.ts";
import type { RolloutSight } from "./rollout-sight.ts";
import { unclearedMetrics, unclearedWords, unknownAmounts } from "./uncleared-metrics.ts";

/** A rollout, or a release set of them in the same state and step, at a moment. */
export interface Situation {
  readonly members: readonly (RolloutEntry & { readonly sight: RolloutSight })[];
  /** What all members share. */
  readonly lead: RolloutEntry;
  readonly plan: RolloutPlan;
  readonly now: EpochMs;
  /** What the pairs of a member's shadow have shown; null while they have no verdict. */
  readonly pairs: (member: RolloutEntry) => Verdict | null;
  /** What keeps a canary from beginning. */
  readonly canary: () => readonly string[];
  /** What keeps these versions from serving everybody. */
  readonly full: (chosen: Chosen) => RolloutLacks & { readonly misfits: readonly string[] };
}

type Member = Situation["members"][number];

/**
 * Guards come first, in every state that serves: what rolls back, then what holds. Then the state's own
 * business: evidence, the shadow's pairs, the step's dwell and units, clearing, approvals.
 */
export function judgeRollout(situation: Situation): Move {
  switch (situation.lead.state) {
    case "pending":
      return judgePending(situation);
    case "shadowing":
      return judgeShadow(situation);
    case "holding":
      return findEnd(situation) ?? judgeHeld(situation);
    case "ramping":
      return findEnd(situation) ?? findHold(situation) ?? judgeStep(situation);
    case "waiting-for-approval":
      return findEnd(situation) ?? findHold(situation) ?? judgeFull(situation);
    default:
      return stay([`nothing: it is ${situation.lead.state}`]);
  }
}

function stay(waits: readonly string[], until: EpochMs | null = null): Move {
  return { kind: "stay", waits, until };
}

function judgePending({ canary }: Situation): Move {
  const lacks = canary();
  if (lacks.length > 0) return stay(lacks);
  return { kind: "step", step: 0, cause: "evidence", chosen: null, reason: "its evidence says ship" };
}

function judgeShadow({ lead, members, plan, now, pairs, canary }: Situation): Move {
  const { shadow: stage } = plan;
  const unfinished: string[] = [];
  for (const member of members) {
    const { sight, since } = member;
    const { shadow } = sight;
    const verdict = pairs(member);
    const found = (words: string): Finding => ({
      ...findingOf(member, words),
      metric: stage?.metric ?? null,
      since,
      units: shadow?.pairs ?? 0,
      value: shadow?.difference ?? null,
      limit: stage === null ? null : -stage.margin,
    });
    if (verdict === "block") {
      return {
        kind: "end",
        cause: "evidence",
        finding: found(`${pairWords(member, plan)}, and they say block`),
      };
    }
    if (verdict === "ship") continue;
    if (shadow !== null && isSpent(shadow, stage)) {
      const words = `${pairWords(member, plan)}, and the shadow has used up what it may`;
      return { kind: "hold", cause: "budget", finding: found(`${words} without a verdict`) };
    }
    if (stage !== null && now - since > stage.patience) {
      const words = `${pairWords(member, plan)}, too few to tell within its patience`;
      return inconclusive(plan, found(words));
    }
    const why = (shadow?.reasons ?? []).map((reason) => ` (${reason.replace(/\.$/, "")})`).join("");
    unfinished.push(`${member.key}: ${pairWords(member, plan)}, no verdict yet${why}`);
  }
  if (unfinished.length > 0) return stay(unfinished, stage === null ? null : lead.since + stage.patience);
  const lacks = canary();
  if (lacks.length > 0) return stay(lacks);
  return { kind: "step", step: 0, cause: "evidence", chosen: null, reason: "its shadow says ship" };
}

function isSpent(shadow: NonNullable<RolloutSight["shadow"]>, stage: RolloutPlan["shadow"]): boolean {
  if (stage === null) return false;
  const { budget } = stage;
  const { spent } = shadow;
  // Money in another currency than the budget's cannot be held against it, and what is unpriced is not free.
  const overspent =
    budget !== null && spent !== null && spent.currency === budget.currency && spent.amount >= budget.amount;
  return shadow.exhausted || shadow.calls >= stage.calls || overspent;
}

function pairWords({ sight }: Member, { shadow }: RolloutPlan): string {
  const { pairs = 0, difference = null } = sight.shadow ?? {};
  const by = difference === null ? "" : ` differ by ${rounded(difference)} in ${shadow?.metric ?? "quality"}`;
  return `${pairs} pairs with the live version${by}`;
}

/** A finding without figures. */
function findingOf(member: Member, words: string, version = challengersOf(member)[0] ?? 0): Finding {
  const none = { metric: null, value: null, limit: null, units: null, executions: [], accept: [] };
  return { key: member.key, version, words, since: member.since, ...none };
}

function guardFinding(
  members: readonly Member[],
  wanted: (reading: Member["sight"]["readings"][number], member: Member) => boolean,
): Finding | undefined {
  for (const member of members) {
    const reading = member.sight.readings.find((one) => one.state === "fired" && wanted(one, member));
    if (reading === undefined) continue;
    const { metric, version, units, challenger, limit, kind, evidence } = reading;
    return {
      ...findingOf(member, readingWords(reading, member.baseline), version),
      metric,
      units,
      value: kind === "limit" ? challenger : evidence,
      limit,
      executions: member.sight.failing[metric] ?? [],
      accept: [metric],
    };
  }
  return undefined;
}

/** What is missing of a member's data, and what its plan does about it. */
interface Gap {
  readonly cause: RolloutCause;
  readonly action: MissingAction;
  readonly finding: Finding;
}

/** A guard that does not see is none: however quiet a plan lets it be, rows wait no longer unread. */
const LONGEST_UNREAD = 6 * 3_600_000;

function findGap({ members, lead, plan, now }: Situation): Gap | undefined {
  // What was held before its first step serves nobody, so nobody's calls are missed.
  if (lead.step < 0) return undefined;
  for (const member of members) {
    const { sight, since } = member;
    if (now - sight.readUntil > Math.min(plan.quiet, LONGEST_UNREAD)) {
      const finding = findingOf(member, `rows wait unread since ${duration(now - sight.readUntil)}`);
      return { cause: "stale-data", action: plan.missing.staleData, finding };
    }
    const heard = (at: EpochMs | null) => now - Math.max(at ?? since, since) <= plan.quiet;
    const share = servedShare(member);
    const silent = !heard(sight.challengerAt)
      ? `v${challengersOf(member).join(", v")}`
      : share < 1 && !heard(sight.controlAt)
        ? `v${member.baseline}, the control,`
        : undefined;
    if (silent === undefined) continue;
    const asked = plan.steps[lead.step]?.units ?? 0;
    const few = sight.units < asked ? `, and ${sight.units} of ${asked} units of this step so far` : "";
    const finding = findingOf(member, `no call of ${silent} came within ${duration(plan.quiet)}${few}`);
    return { cause: "no-data", action: plan.missing.noData, finding: { ...finding, units: sight.units } };
  }
  return undefined;
}

function duration(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  return minutes < 120 ? `${rounded(minutes)} minutes` : `${rounded(minutes / 60)} hours`;
}

function mismatchFinding({ members }: Situation): Finding | undefined {
  const member = members.find(({ sight }) => sight.mismatch.state === "mismatch");
  if (member === undefined) return undefined;
  const { evidence, limit, units } = member.sight.mismatch;
  const words = `${units} units did not arrive in the planned shares (evidence ${rounded(evidence ?? 0)}, a mismatch at ${limit})`;
  return { ...findingOf(member, words), units, value: evidence, limit, accept: ["mismatch"] };
}

function findEnd(situation: Situation): Move | undefined {
  const { members, plan } = situation;
  const fired = guardFinding(members, ({ action }) => action === "rollback");
  if (fired !== undefined) return { kind: "end", cause: "guard", finding: fired };
  const mismatch = plan.missing.mismatch === "rollback" ? mismatchFinding(situation) : undefined;
  if (mismatch !== undefined) return { kind: "end", cause: "mismatch", finding: mismatch };
  const gap = findGap(situation);
  return gap?.action === "rollback" ? { kind: "end", cause: gap.cause, finding: gap.finding } : undefined;
}

function findHold(situation: Situation): Move | undefined {
  const { members, lead } = situation;
  const fired = guardFinding(
    members,
    ({ action, metric }, { accepted }) => action === "hold" && !accepted.includes(metric),
  );
  if (fired !== undefined) return { kind: "hold", cause: "guard", finding: fired };
  const mismatch = lead.accepted.includes("mismatch") ? undefined : mismatchFinding(situation);
  if (mismatch !== undefined) return { kind: "hold", cause: "mismatch", finding: mismatch };
  const gap = findGap(situation);
  return gap?.action === "hold" ? { kind: "hold", cause: gap.cause, finding: gap.finding } : undefined;
}

/** What was held for want of data goes on by itself when data come; everything else waits for a person. */
function judgeHeld(situation: Situation): Move {
  const { lead } = situation;
  const waiting = lead.cause === "no-data" || lead.cause === "stale-data";
  if (!waiting)
    return stay([
      `somebody to resume it (--accept NAMES goes on in spite of what is named) or abort it: ${lead.reason}`,
    ]);
  const gap = findGap({ ...situation, members: situation.members.map(sinceBeforeHeld) });
  if (gap !== undefined) return stay([gap.finding.words]);
  return { kind: "resume", reason: "data come in again" };
}

/** While held, only calls that came since count as heard of. */
function sinceBeforeHeld(member: Member): Member {
  return { ...member, since: Number.NEGATIVE_INFINITY };
}

function judgeStep(situation: Situation): Move {
  const { lead, members, plan, now } = situation;
  const step = plan.steps[lead.step];
  if (step === undefined) return stay([`nothing: its plan has no step ${lead.step}`]);
  const waits: string[] = [];
  const dwelt = lead.since + step.dwell;
  if (now < dwelt)
    waits.push(`the step's ${duration(step.dwell)}, of which ${duration(dwelt - now)} are left`);
  const few = members.filter(
    ({ sight, accepted }) => sight.units < step.units && !accepted.includes("units"),
  );
  waits.push(...few.map(({ key, sight }) => `${key}: ${sight.units} of ${step.units} units of this step`));
  const [first] = few;
  if (first !== undefined && now > dwelt + plan.patience) {
    const finding = findingOf(first, `${waits.join("; ")}, and its patience is over`);
    return inconclusive(plan, { ...finding, units: first.sight.units, accept: ["units"] });
  }
  if (waits.length > 0) return stay(waits, now < dwelt ? dwelt : dwelt + plan.patience);
  const next = plan.steps[lead.step + 1];
  if (next !== undefined && next.share < 1) {
    const reason = `${sharePercent(step.share)} went well`;
    return { kind: "step", step: lead.step + 1, cause: "step", chosen: null, reason };
  }
  return judgeFull(situation);
}

/** Before a version serves everybody: cleared comparisons, evidence that still stands, approvals. */
function judgeFull(situation: Situation): Move {
  const { lead, members, plan, full } = situation;
  const waiting = lead.state === "waiting-for-approval";
  const choices = members.map((member) => clearedVersions(member, plan));
  const lacking = members.filter((_, at) => choices[at]?.length === 0);
  if (lacking.length > 0) return judgeUncleared(situation, lacking);
  const found = firstAllowed(members, choices, full);
  const [first] = members;
  if (first === undefined) return stay([]);
  const barred = [...found.evidence, ...found.misfits];
  if (barred.length > 0) {
    const cause = found.misfits.length > 0 ? "misfit" : "evidence";
    return { kind: "hold", cause, finding: findingOf(first, barred.join("; ")) };
  }
  if (found.approvals.length > 0) {
    if (waiting) return stay(found.approvals);
    return { kind: "ask-approval", reason: found.approvals.join("; ") };
  }
  const unknown = members.flatMap((member) =>
    unknownAmounts(member, found.chosen.get(member.key) ?? 0, plan).map(
      (metric) => `${member.key}'s ${metric}`,
    ),
  );
  const off = found.waived.length > 0;
  const cause = waiting && !off ? "approval" : "step";
  const well = cause === "approval" ? "it was approved" : "every comparison was cleared";
  const rest = [
    ...(unknown.length === 0 ? [] : [`nothing is known of ${unknown.join(", ")}`]),
    ...found.waived,
  ];
  const reason = [well, ...rest].join("; ");
  const next = plan.steps[lead.step + 1];
  if (next !== undefined) return { kind: "step", step: lead.step + 1, cause, chosen: found.chosen, reason };
  return { kind: "complete", chosen: found.chosen, reason };
}

/** Of several arms the first, in the order of the record, that nothing keeps from serving everybody. */
function firstAllowed(
  members: readonly Member[],
  choices: readonly (readonly number[])[],
  full: Situation["full"],
): ReturnType<Situation["full"]> & { readonly chosen: Chosen } {
  const most = Math.max(...choices.map((versions) => versions.length));
  let first: (ReturnType<Situation["full"]> & { readonly chosen: Chosen }) | undefined;
  for (let at = 0; at < most; at++) {
    const chosen = new Map(members.map(({ key }, of) => [key, choices[of]?.[at] ?? choices[of]?.[0] ?? 0]));
    const found = { ...full(chosen), chosen };
    if (found.evidence.length + found.approvals.length + found.misfits.length === 0) return found;
    first ??= found;
  }
  return first ?? { evidence: [], approvals: [], waived: [], misfits: [], chosen: new Map() };
}

function clearedVersions(member: Member, plan: RolloutPlan): readonly number[] {
  return servingVersions(member).filter((version) => unclearedMetrics(member, version, plan).length === 0);
}

function servingVersions(member: Member): readonly number[] {
  return challengersOf(member).filter(
    (version) => (member.arms.find((arm) => arm.version === version)?.share ?? 0) > 0,
  );
}

/** What no challenger has cleared; where each lacks something else, all of that. */
function uncleared(member: Member, plan: RolloutPlan): readonly string[] {
  const lacks = servingVersions(member).map((version) => unclearedMetrics(member, version, plan));
  const all = [...new Set(lacks.flat())];
  const common = all.filter((metric) => lacks.every((one) => one.includes(metric)));
  return common.length > 0 ? common : all;
}

function judgeUncleared({ lead, plan, now }: Situation, lacking: readonly Member[]): Move {
  const [first] = lacking;
  const lacks = lacking.map((member) => ({ member, metrics: uncleared(member, plan) }));
  const waits = lacks.flatMap(({ member, metrics }) =>
    metrics.map((metric) => unclearedWords(member, metric)),
  );
  const until = lead.since + (plan.steps[lead.step]?.dwell ?? 0) + plan.patience;
  if (first === undefined || lead.state === "waiting-for-approval" || now <= until) return stay(waits, until);
  const finding = {
    ...findingOf(first, `${waits.join("; ")}, and its patience is over`),
    units: first.sight.units,
    accept: [...new Set(lacks.flatMap(({ metrics }) => metrics))],
  };
  return inconclusive(plan, finding);
}

function inconclusive({ missing }: RolloutPlan, finding: Finding): Move {
  const kind = missing.inconclusive === "rollback" ? "end" : "hold";
  return { kind, cause: "inconclusive", finding };
}
