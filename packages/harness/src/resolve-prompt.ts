/** Resolves a prompt for a context, now or at a time, by the very rules that applications run. */

import {
  type AssignmentPlan,
  type Considered,
  type DeclarationEntry,
  declarationsIn,
  declaredBeside,
  type EpochMs,
  type Execution,
  getEnvironment,
  getPrompt,
  HarnessError,
  type Lane,
  type LogPoint,
  type PromptState,
  type Reason,
  type RegistryState,
  type Reveal,
  type Revision,
  type Tier,
  unitDraw,
} from "@colophon/kernel";
import {
  buildSnapshot,
  type Declaration,
  type Resolution,
  type ResolveContext,
  type Resolved,
  type ResolveSpace,
  resolve,
  type Snapshot,
} from "@colophon/runtime";
import { explainConsidered } from "./explain-considered.ts";
import type { Harness } from "./harness.ts";
import { projectSnapshot } from "./project-snapshot.ts";
import { checkPast } from "./read-time.ts";
import {
  chooseDeclaration,
  declaredText,
  registryDeclaration,
  type WhoseCode,
} from "./registry-declaration.ts";

export interface ResolveQuery {
  readonly key: string;
  readonly environment: string;
  /** A concrete version, as a pin. */
  readonly version?: number | null;
  readonly user?: string;
  readonly tenant?: string;
  readonly document?: string;
  readonly documentType?: string;
  readonly session?: string;
  readonly locale?: string;
  /** Whose code asks, where several applications declare the prompt; null for the one without a name, the last one when absent. */
  readonly application?: string | null;
  /** The name of a route. */
  readonly route?: string;
  /** The end of the log when absent. */
  readonly at?: EpochMs;
}

export interface ConsideredTier {
  readonly tier: Considered["tier"];
  readonly outcome: Considered["outcome"];
  /** Always in words. */
  readonly reason: string;
  readonly version: number | null;
}

export interface PromptResolution {
  readonly key: string;
  readonly environment: string;
  /** Whose code it was resolved for; null where it has no name, or no code declares the prompt. */
  readonly application: string | null;
  /** All that declare the prompt there, the newest at the end. */
  readonly applications: readonly (string | null)[];
  /** Null for a text that only the code knows. */
  readonly version: number | null;
  /** Null when nothing can be served. */
  readonly hash: string | null;
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
  readonly model: string | null;
  readonly provider: string | null;
  /** What became of the route that was asked for; null where none was. */
  readonly route: Resolution["route"];
  readonly errorCode: string | null;
  readonly considered: readonly ConsideredTier[];
  readonly revision: Revision | null;
  /** ISO 8601, when the question was about a time. */
  readonly at: string | null;
}

/** Everything a resolution was made of, for those who go on from it. */
export interface ResolvedPrompt {
  readonly resolved: Resolved;
  readonly resolution: PromptResolution;
  readonly declaration: Declaration;
  /** The record behind it; undefined where no code declares the prompt. */
  readonly declared: DeclarationEntry | undefined;
  readonly context: ResolveContext;
  readonly prompt: PromptState;
  readonly state: RegistryState;
}

/**
 * Which version a call would be served, and why.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `application-unknown` or `version-unknown`.
 * @example
 * const { version, tier, considered } = await resolvePrompt(harness, {
 *   key: "support.triage",
 *   environment: "production",
 *   user: "ada",
 * });
 */
export async function resolvePrompt(harness: Harness, query: ResolveQuery): Promise<PromptResolution> {
  return (await resolveFully(harness, query)).resolution;
}

/** What else is known of the question. */
interface KnownOfQuery {
  /** The call that was served: whose code made it, and what was drawn for it. */
  readonly served?: (WhoseCode["served"] & Partial<Pick<Execution, "assignment">>) | undefined;
  /** Limits the subjects that have to be looked up. */
  readonly reveal?: Reveal;
}

/** The same with everything behind it. */
export async function resolveFully(
  harness: Harness,
  query: ResolveQuery,
  known: KnownOfQuery = {},
): Promise<ResolvedPrompt> {
  const { key, environment, at, version = null, application } = query;
  const { reveal, served } = known;
  if (at !== undefined) checkPast(at, harness.clock.now());
  const point: LogPoint | undefined = at === undefined ? undefined : { time: at };
  const first =
    point === undefined ? await harness.records.state() : await harness.records.stateAt(point, key);
  if (!first.prompts.has(key)) await explainAbsent(harness, key, at);
  getEnvironment(first, environment);
  const declared = chooseDeclaration(first.prompts.get(key), environment, { application, served });
  const text = await declaredText(harness, declared);
  const pins = version === null ? undefined : new Map([[key, version]]);
  const { document, states } = await projectSnapshot(harness, {
    key,
    point,
    reveal,
    pins,
    extra: text,
    state: first,
  });
  const state = states.get(key) ?? first;
  const declaration = registryDeclaration({ key, declared, text, pinned: version });
  const { key: _k, environment: _e, version: _v, at: _a, application: _n, ...subjects } = query;
  const context: ResolveContext = { ...subjects, environment };
  const declarations = await partialDeclarations(harness, states, { declared, environment });
  const resolved = resolve(declaration, context, {
    ...space(buildSnapshot(document), environment),
    ...drawsOf(served, document.prompts[key]?.releases[environment]?.plan),
    now: at ?? harness.clock.now(),
    declarations,
  });
  const resolution = describe(resolved, { state, context, at, declared });
  return { resolved, resolution, declaration, declared, context, prompt: getPrompt(state, key), state };
}

function space(snapshot: Snapshot, environment: string) {
  return { snapshot, stale: false, environment, draw: unitDraw, off: false, pins: new Map<string, number>() };
}

/**
 * What was drawn for a call stands in its row: for a unit that the application named itself, or for that
 * call alone, nobody can draw it again. Of another plan it says nothing.
 */
function drawsOf(
  served: KnownOfQuery["served"],
  plan: AssignmentPlan | null | undefined,
): Pick<ResolveSpace, "draw" | "fresh"> {
  const assignment = served?.assignment;
  if (assignment == null || assignment.salt !== plan?.salt) return { draw: unitDraw };
  const { salt, draw } = assignment;
  return {
    draw: (text) => (text.startsWith(`${salt}:`) ? draw : unitDraw(text)),
    fresh: () => "the call that was served",
  };
}

/** Partials that nobody released are served as the same code declares them. */
async function partialDeclarations(
  harness: Harness,
  states: ReadonlyMap<string, RegistryState>,
  code: { readonly declared: DeclarationEntry | undefined; readonly environment: string },
): Promise<ReadonlyMap<string, Declaration>> {
  const declarations = new Map<string, Declaration>();
  for (const [key, state] of states) {
    const declared = declaredBeside(code.declared, state.prompts.get(key), code.environment);
    const text = await declaredText(harness, declared);
    if (text !== undefined) declarations.set(key, registryDeclaration({ key, declared, text }));
  }
  return declarations;
}

/** A key that came later than the time asked about is not the same as one that nobody knows. */
async function explainAbsent(harness: Harness, key: string, at: EpochMs | undefined): Promise<never> {
  getPrompt(await harness.records.state(), key);
  throw new HarnessError(
    "key-unknown",
    `There was no prompt "${key}" yet at ${new Date(at ?? 0).toISOString()}; \`colophon log ${key}\` says when it came.`,
  );
}

/** The tiers that were tried, the last one too where it had nothing. */
function consideredTiers(
  { considered, tier }: Resolved["resolution"],
  empty: boolean,
): readonly Considered[] {
  const said = considered.at(-1)?.tier === "default";
  return empty && tier === "default" && !said ? [...considered, { tier, outcome: "absent" }] : considered;
}

function describe(
  { resolution, servable }: Resolved,
  more: Pick<ResolvedPrompt, "state" | "context" | "declared"> & { readonly at: EpochMs | undefined },
): PromptResolution {
  const { key, environment, version, hash, tier, lane, reason, model, route, errorCode, revision } =
    resolution;
  return {
    key,
    environment,
    application: more.declared?.application ?? null,
    applications: declarationsIn(more.state.prompts.get(key), environment).map((one) => one.application),
    version,
    hash: servable === null ? null : hash,
    tier,
    lane,
    reason,
    model: servable === null ? null : model.id,
    provider: servable === null ? null : model.provider,
    route,
    errorCode,
    considered: consideredTiers(resolution, servable === null).map((item) => ({
      tier: item.tier,
      outcome: item.outcome,
      reason: explainConsidered(item, { resolution, context: more.context }),
      version: item.version ?? (item.outcome === "chosen" ? version : null),
    })),
    revision,
    at: more.at === undefined ? null : new Date(more.at).toISOString(),
  };
}
