/** The one gate behind every door through which a version comes to be served. */
import {
  type Actor,
  type ApprovalData,
  canonicalJson,
  type EnvironmentData,
  type EvidenceData,
  getEnvironment,
  HarnessError,
  type ModelChoice,
  type PromptState,
  type RegistryState,
  type VersionEntry,
} from "@colophon/kernel";
import { isProtected } from "./environment-policy.ts";
import { liveOf } from "./live.ts";

/** What a caller brings to the gate: records of the store, oldest first, and a written exception. */
export interface GatePass {
  readonly evidence?: readonly EvidenceData[];
  readonly approvals?: readonly (ApprovalData & { readonly by: Actor })[];
  /** Why the version has to be served without evidence. */
  readonly breakGlass?: string | null;
}

export interface GateQuestion {
  readonly prompt: PromptState;
  readonly version: VersionEntry;
  /** Every environment that the version would reach through this door. */
  readonly environments: readonly string[];
  /** A release makes a version live for everybody, an override only for some. */
  readonly door: "release" | "override";
  /** A model other than the text's own; evidence speaks of one model. */
  readonly model: ModelChoice | null;
}

export interface GateAnswer {
  /** Ids of the evidence that opened the gate. */
  readonly evidence: readonly string[];
  /** The written exception, where it was needed. */
  readonly breakGlass: string | null;
}

/** Modes that count where an environment names none. */
const DEFAULT_MODES: readonly string[] = ["noninferiority"];
/** What was held to both modes was held to each of them. */
const EITHER = "both";

/** Those of the environments that are protected for this prompt. */
export function protectedAmong(
  state: RegistryState,
  prompt: PromptState,
  environments: readonly string[],
): readonly EnvironmentData[] {
  return environments.map((name) => getEnvironment(state, name)).filter((one) => isProtected(one, prompt));
}

/**
 * @throws HarnessError `evidence-missing`, naming all that is missing and the way around it;
 * `reason-missing` for an exception without words.
 */
export function passGate(state: RegistryState, question: GateQuestion, pass: GatePass): GateAnswer {
  const { prompt, version, environments } = question;
  const breakGlass = writtenException(pass.breakGlass);
  const evidence = new Set<string>();
  const lacks: string[] = [];
  for (const environment of protectedAmong(state, prompt, environments)) {
    const live = liveOf(state, prompt.key, environment.name)?.version ?? null;
    const shipped = shipEvidence(question, { environment, live }, pass.evidence ?? []);
    if (shipped === undefined) {
      const against = live === null ? "" : ` against v${live}, which is live there`;
      lacks.push(`${environment.name} has no ship evidence for it${against}`);
    } else evidence.add(shipped.id);
    lacks.push(...lackingApprovals(question, environment, pass.approvals ?? []));
    if (question.door === "release") lacks.push(...lackingRollout(state, question, environment));
  }
  if (lacks.length === 0) return { evidence: [...evidence], breakGlass: null };
  if (breakGlass !== null) return { evidence: [...evidence], breakGlass };
  throw new HarnessError(
    "evidence-missing",
    `${prompt.key}@v${version.version} is not let out: ${lacks.join("; ")}. Where it cannot wait, say why with --break-glass TEXT.`,
    { details: { key: prompt.key, version: version.version, lacks } },
  );
}

function writtenException(breakGlass: string | null | undefined): string | null {
  if (breakGlass === undefined || breakGlass === null) return null;
  if (breakGlass.trim() !== "") return breakGlass.trim();
  throw new HarnessError("reason-missing", "An exception needs a written reason: write --break-glass TEXT.");
}

/**
 * What a gate said last about this version, on the test split of the prompt's own eval set and against what is
 * live now, counts: an older `ship` outlives neither a newer verdict nor a newer live version.
 */
function shipEvidence(
  { prompt, version, model }: GateQuestion,
  { environment, live }: { readonly environment: EnvironmentData; readonly live: number | null },
  evidence: readonly EvidenceData[],
): EvidenceData | undefined {
  const modes = environment.modes ?? DEFAULT_MODES;
  const set = prompt.metadata?.evalSet ?? null;
  const last = evidence.findLast(
    (one) =>
      one.key === prompt.key &&
      one.challenger === `v${version.version}` &&
      one.hash === version.hash &&
      canonicalJson(one.model) === canonicalJson(model) &&
      one.evalSet.split === "test" &&
      (set === null || one.evalSet.name === set) &&
      (live === null || live === version.version || one.baseline === `v${live}`) &&
      (one.environment === null || one.environment === environment.name) &&
      (modes.includes(one.mode) || one.mode === EITHER),
  );
  return last?.verdict === "ship" ? last : undefined;
}

function lackingApprovals(
  { prompt, version }: GateQuestion,
  environment: EnvironmentData,
  approvals: NonNullable<GatePass["approvals"]>,
): readonly string[] {
  const standing = new Map<string, boolean>();
  for (const { by, safety, compliance, style, ...of } of approvals) {
    if (of.key !== prompt.key || of.hash !== version.hash || of.environment !== environment.name) continue;
    // Who judges again takes the first judgement back.
    standing.set(by.id, safety && compliance && style);
  }
  standing.delete(version.author);
  standing.delete(version.by.id);
  const count = [...standing.values()].filter(Boolean).length;
  if (count >= environment.approvals) return [];
  return [
    `${environment.name} asks for ${environment.approvals} approvals by others than its author and has ${count}`,
  ];
}

/** The first version of a prompt has nothing that it could be rolled out against. */
function lackingRollout(
  state: RegistryState,
  { prompt, version }: GateQuestion,
  environment: EnvironmentData,
): readonly string[] {
  if (liveOf(state, prompt.key, environment.name) === undefined) return [];
  const rollout = prompt.rollouts.get(environment.name);
  const through =
    rollout?.state === "completed" &&
    rollout.arms.some((arm) => arm.version === version.version && arm.share > 0);
  return through ? [] : [`no rollout of it in ${environment.name} is completed`];
}
