/** Resolves a prompt for a context, now or at a time, by the very rules that applications run. */

import {
  type Considered,
  type EpochMs,
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
  type VersionText,
} from "@colophon/kernel";
import {
  buildSnapshot,
  type Declaration,
  type ResolveContext,
  type Resolved,
  resolve,
  type Snapshot,
} from "@colophon/runtime";
import { explainConsidered } from "./explain-considered.ts";
import type { Harness } from "./harness.ts";
import { projectSnapshot } from "./project-snapshot.ts";
import { checkPast } from "./read-time.ts";
import { declaredHash, registryDeclaration } from "./registry-declaration.ts";

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
  /** Null for a text that only the code knows. */
  readonly version: number | null;
  /** Null when nothing can be served. */
  readonly hash: string | null;
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
  readonly model: string | null;
  readonly provider: string | null;
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
  readonly context: ResolveContext;
  readonly prompt: PromptState;
  readonly state: RegistryState;
}

/**
 * Which version a call would be served, and why.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown` or `version-unknown`.
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

/** The same with everything behind it; `reveal` limits the subjects that have to be looked up. */
export async function resolveFully(
  harness: Harness,
  query: ResolveQuery,
  reveal?: Reveal,
): Promise<ResolvedPrompt> {
  const { key, environment, at, version = null } = query;
  if (at !== undefined) checkPast(at, harness.clock.now());
  const point: LogPoint | undefined = at === undefined ? undefined : { time: at };
  const first =
    point === undefined ? await harness.records.state() : await harness.records.stateAt(point, key);
  if (!first.prompts.has(key)) await explainAbsent(harness, key, at);
  getEnvironment(first, environment);
  const text = await declaredText(harness, first, { key, environment });
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
  const declaration = registryDeclaration({ key, environment, state, text, pinned: version });
  const { key: _k, environment: _e, version: _v, at: _a, ...subjects } = query;
  const context: ResolveContext = { ...subjects, environment };
  const declarations = await partialDeclarations(harness, states, environment);
  const resolved = resolve(declaration, context, {
    ...space(buildSnapshot(document), environment),
    now: at ?? harness.clock.now(),
    declarations,
  });
  const resolution = describe(resolved, { state, context, at });
  return { resolved, resolution, declaration, context, prompt: getPrompt(state, key), state };
}

function space(snapshot: Snapshot, environment: string) {
  return { snapshot, stale: false, environment, draw: unitDraw, off: false, pins: new Map<string, number>() };
}

/** Partials that nobody released are served as the code declares them. */
async function partialDeclarations(
  harness: Harness,
  states: ReadonlyMap<string, RegistryState>,
  environment: string,
): Promise<ReadonlyMap<string, Declaration>> {
  const declarations = new Map<string, Declaration>();
  for (const [key, state] of states) {
    const text = await declaredText(harness, state, { key, environment });
    if (text !== undefined) declarations.set(key, registryDeclaration({ key, environment, state, text }));
  }
  return declarations;
}

async function declaredText(
  harness: Harness,
  state: RegistryState,
  where: { readonly key: string; readonly environment: string },
): Promise<VersionText | undefined> {
  const hash = declaredHash(state, where.key, where.environment);
  return hash === undefined ? undefined : (await harness.records.listTexts([hash])).get(hash);
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
  more: { readonly state: RegistryState; readonly context: ResolveContext; readonly at: EpochMs | undefined },
): PromptResolution {
  const { key, environment, version, hash, tier, lane, reason, model, errorCode, revision } = resolution;
  return {
    key,
    environment,
    version,
    hash: servable === null ? null : hash,
    tier,
    lane,
    reason,
    model: servable === null ? null : model.id,
    provider: servable === null ? null : model.provider,
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
