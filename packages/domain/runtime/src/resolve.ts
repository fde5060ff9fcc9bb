/** Resolution: which text serves this call, by the four tiers, without I/O, without throwing. */
import type {
  CallerContract,
  Considered,
  ErrorCode,
  Lane,
  ModelChoice,
  PartialRef,
  Reason,
  SubjectKind,
  VersionText,
} from "@colophon/kernel";
import { type Assigned, assign } from "./assign.ts";
import { bareDeclaration } from "./bare-declaration.ts";
import { chooseRoute, misfitOf } from "./choose-route.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import { inScope } from "./in-scope.ts";
import { NOT_FETCHED } from "./not-fetched.ts";
import { readContext } from "./read-context.ts";
import { readPin } from "./read-pin.ts";
import type { Resolution, Resolved, ResolveSpace } from "./resolution.ts";
import { type FoundText, type Servable, servableFor } from "./servable.ts";
import type { Snapshot, SnapshotEntry } from "./snapshot.ts";

export type { Resolution, Resolved, ResolveSpace } from "./resolution.ts";

/** What a prompt is resolved from; the partials that its text includes are resolved from the same. */
interface Scene {
  readonly context: ResolveContext;
  readonly space: ResolveSpace;
  readonly snapshot: Snapshot | undefined;
  /** By name, each resolved once, however often it is named; undefined while it is looked for. */
  partials?: Map<string, FoundText | undefined> | undefined;
}

/** One prompt on its way through the tiers. */
interface Walk extends Scene {
  readonly declaration: Declaration;
  readonly entry: SnapshotEntry | undefined;
  readonly environment: string;
  readonly considered: Considered[];
  drawn: Assigned | undefined;
  /** What serves, once something does. */
  choice: Choice | undefined;
}

/** Where a decision is made, and on which model. */
interface Decider {
  readonly tier: Considered["tier"];
  readonly reason: Reason;
  readonly model?: ModelChoice | null;
}

interface Choice {
  readonly by: Decider;
  readonly found: FoundText;
  readonly servable: Servable;
}

/** Of a reason, which every row of the calls that it touches repeats. */
const LIMIT = 300;

/** What may stand in the way of every tier before the default, and the error that it is to the caller. */
const ERROR_OF_REASON: Partial<Record<Reason, ErrorCode | null>> = {
  "not-ready": null,
  misfit: "misfit",
  withdrawn: "withdrawn",
  "unknown-version": "version-unknown",
  "unknown-environment": "environment-unknown",
};

const NO_MODEL: ModelChoice = { provider: "custom", id: "" };

/**
 * Resolves a prompt for a context. Never throws, never waits: what is missing falls to the next
 * tier, at last to the text in the code.
 */
export function resolve(declaration: Declaration, context: ResolveContext, space: ResolveSpace): Resolved {
  return decide(declaration, readContext(context), space);
}

export type Decide = typeof decide;

/** The same for a context that was read. */
export function decide(declaration: Declaration, context: ResolveContext, space: ResolveSpace): Resolved {
  const scene: Scene = { context, space, snapshot: space.snapshot };
  try {
    return serve(declaration, scene);
  } catch (error) {
    // A snapshot that cannot be read, as from a store of another age, costs its tiers and nothing else.
    const reason = `snapshot: ${(error as Error | undefined)?.name}`;
    const trouble: Considered = { tier: "environment", outcome: "misfit", reason };
    return serve(declaration, { ...scene, snapshot: undefined }, [trouble]);
  }
}

/** Goes through the tiers, unless something stands against all of them. */
function serve(declaration: Declaration, scene: Scene, considered: Considered[] = []): Resolved {
  const { key, text, hash } = declaration;
  const { context, space, snapshot, partials } = scene;
  const environment = context.environment ?? space.environment;
  // Written out, and with all its fields from the start: this is quicker than to spread and to add.
  const walk: Walk = {
    context,
    space,
    snapshot,
    partials,
    declaration,
    entry: snapshot?.prompts.get(key),
    environment,
    considered,
    drawn: undefined,
    choice: undefined,
  };
  let errorCode: ErrorCode | null | undefined;
  let { by } = (considered.length === 0 && choose(walk)) || {};
  if (!by) {
    // The last thing that stood in the way.
    const last = considered.findLast(({ outcome }) => outcome !== "not-asked" && outcome !== "absent");
    const why = last?.outcome ?? "";
    const reason = space.off ? "off" : why in ERROR_OF_REASON ? (why as Reason) : "no-release";
    errorCode = ERROR_OF_REASON[reason];
    by = { tier: declaration.pinned === null ? "default" : "pin", reason };
    if (!text || !noted(walk, tryVersion(walk, null, by)))
      errorCode ??= text ? "partial-missing" : "version-unknown";
  }
  const { tier, reason, model } = by;
  const found = walk.choice?.found;
  const servable = walk.choice?.servable ?? null;
  const primary = model ?? (found ?? declaration).text?.model ?? NO_MODEL;
  // What the registry says of the prompt's models, where it is asked at all.
  const named = space.off ? undefined : walk.entry;
  const routes = named?.routes ?? declaration.routes;
  const routed = chooseRoute(context.route, { routes, declaration, servable });
  const resolution: Resolution = {
    key,
    version: found?.version ?? null,
    hash: found?.hash ?? hash,
    tier: tier === "pin" ? null : tier,
    lane: tier !== "environment" ? null : reason === "inherited" ? "live" : (reason as Lane),
    reason,
    errorCode: errorCode ?? null,
    model: routed?.model ?? primary,
    route: routed?.route ?? null,
    environment,
    considered,
    revision: space.snapshot?.revision ?? null,
    stale: space.stale,
    assignment: walk.drawn?.assignment ?? null,
  };
  return { resolution, primary, backup: named?.backup ?? declaration.backup, servable };
}

/** Notes what became of a tier; returns what serves, if anything does by now. */
function noted(walk: Walk, tried: Considered): Choice | undefined {
  walk.considered.push(tried);
  return walk.choice;
}

/** A version as the snapshot has it; null is the number of none. */
function textAt({ snapshot }: Scene, key: string, version: number | null): FoundText | undefined {
  const known = snapshot?.prompts.get(key)?.versions.get(`${version}`);
  const text = known && snapshot?.texts.get(known.hash);
  return text && { version, hash: known.hash, text, withdrawn: known.withdrawn };
}

/** Tries a version, or the text in the code (null): it serves, or something stands against it. */
function tryVersion(walk: Walk, version: number | null, by: Decider): Considered {
  const { declaration, space } = walk;
  const { key, hash, text, caller, pinned, servables: cache } = declaration;
  const { tier, model } = by;
  const refused = (outcome: Considered["outcome"], reason?: string | null): Considered => ({
    tier,
    outcome,
    ...(version && { version }),
    ...(reason && {
      reason: reason.length > LIMIT ? `${reason.slice(0, LIMIT - 1).toWellFormed()}…` : reason,
    }),
  });
  const found: FoundText | undefined =
    version === null && text ? { version, hash, text } : textAt(walk, key, version);
  if (!found) {
    return refused("unknown-version", space.source?.isComing?.(key, version as number) ? NOT_FETCHED : null);
  }
  if (found.withdrawn) return refused("withdrawn");
  // Only a text without partials is kept under its hash alone: nothing else has to be looked for.
  const servable =
    cache.get(found.hash) ??
    servableFor({
      found,
      // A pinned handle stands on the contract of the version it names.
      caller: caller ?? callerOf(textAt(walk, key, pinned)?.text ?? found.text),
      cache,
      findPartial: (ref) => partialOf(walk, ref),
    });
  const misfit = typeof servable === "string" ? servable : model && misfitOf(model, declaration, servable);
  if (misfit) return refused("misfit", misfit);
  walk.choice = { by, found, servable: servable as Servable };
  return { tier, outcome: "chosen" };
}

/** Code that declares no contract can serve what a text asks for. */
function callerOf({ input, model, tools = [] }: VersionText): CallerContract {
  return { input, providers: [model.provider], tools: tools.map(({ name }) => name) };
}

/** A pinned partial is that version; another is resolved through the tiers for the same context. */
function partialOf(walk: Walk, { name, version }: PartialRef): FoundText | undefined {
  if (version !== null) {
    const found = textAt(walk, name, version);
    return found?.withdrawn ? undefined : found;
  }
  walk.partials ??= new Map([[walk.declaration.key, undefined]]);
  const { partials, context, space, snapshot } = walk;
  if (!partials.has(name)) {
    // Whoever includes itself closes a ring: until it was resolved it is not known.
    partials.set(name, undefined);
    const entry = snapshot?.prompts.get(name);
    if (entry) entry.undeclared ??= bareDeclaration(name);
    const declared = space.declarations.get(name) ?? entry?.undeclared;
    const scene = { context: { ...context, pin: undefined }, space, snapshot, partials };
    const served = declared && serve(declared, scene);
    if (served?.servable) partials.set(name, { ...served.resolution, text: served.servable.text });
  }
  return partials.get(name);
}

/** Goes through pins and tiers up to the default. */
function choose(walk: Walk): Choice | undefined {
  const { declaration, context, space, snapshot, environment } = walk;
  const { key, hash, caller, pinned } = declaration;
  const { pin } = context;
  const number = space.pins.get(key) ?? pinned;
  if (number !== null || (pin !== undefined && !space.off)) {
    const tier = "pin";
    const wanted = number === null ? readPin(pin as string) : { key, version: number, hash };
    const tried: Considered =
      wanted?.key !== key
        ? { tier, outcome: "absent", reason: wanted ? `pin of ${wanted.key}` : "not a pin" }
        : // A conversation that began on the code's own text keeps it while the code still has it.
          wanted.version === null && wanted.hash !== hash
          ? { tier, outcome: "unknown-version", reason: wanted.hash }
          : tryVersion(walk, wanted.version, { tier, reason: "pinned" });
    if (noted(walk, tried)) return walk.choice;
  }
  const tier = "environment";
  if (space.off) return undefined;
  if (!snapshot) return noted(walk, { tier, outcome: "not-ready" });
  if (!snapshot.environments.includes(environment))
    return noted(walk, { tier, outcome: "unknown-environment", reason: environment });
  // Without the text of its version nobody knows what a pinned handle passes: nothing else can be served to it.
  if (!caller && pinned !== null && !textAt(walk, key, pinned)) return undefined;
  return overridden(walk, "document", "documentType") ?? overridden(walk, "user", "tenant") ?? released(walk);
}

/** A tier has the name of what is nearest in it. */
function overridden(walk: Walk, tier: "document" | "user", wider: SubjectKind): Choice | undefined {
  const { context, space, snapshot, entry, environment, declaration } = walk;
  let none: Considered | undefined = { tier, outcome: "not-asked" };
  let refused: Considered | undefined;
  for (const kind of [tier, wider]) {
    const subject = context[kind];
    if (subject === undefined) continue;
    none &&= { tier, outcome: "absent" };
    const listed = snapshot?.overrides
      ? space.findOverride?.(declaration.key, kind, subject)
      : (entry?.overrides.get(subject) ?? []);
    if (!listed) {
      // Said at once: what a wider subject of this tier serves may stand in for a nearer one's.
      noted(walk, { tier, outcome: "override-unknown", reason: kind });
      none = undefined;
      continue;
    }
    // An entry for this environment beats one for all; within each, the newer comes first.
    for (const at of [environment, null]) {
      for (const one of listed) {
        const { version, expires, tenant = context.tenant } = one;
        if (one.kind !== kind || one.environment !== at || tenant !== context.tenant) continue;
        const tried: Considered =
          expires !== null && expires <= space.now
            ? { tier, outcome: "expired", version }
            : tryVersion(walk, version, { tier, reason: "override" });
        if (walk.choice) return noted(walk, tried);
        refused ??= tried;
      }
    }
  }
  refused ??= none;
  return refused && noted(walk, refused);
}

function released(walk: Walk): Choice | undefined {
  const { entry, environment, context, space } = walk;
  const tier = "environment";
  const release = entry?.releases.get(environment);
  if (!release) return noted(walk, { tier, outcome: "absent" });
  const { version, inherited, model, plan } = release;
  if (plan && inScope(plan.where, context)) {
    const { unit = context.user ?? context.session ?? context.document } = context;
    const drawnFor = plan.draws === "call" ? space.fresh?.() : unit;
    // Kept even where what was drawn cannot serve: a row must be replayable by its draw.
    if (drawnFor !== undefined) walk.drawn = assign(plan, drawnFor, space.draw);
  }
  const { lane, version: arm }: Partial<Assigned> = walk.drawn ?? {};
  if (arm && arm !== version && noted(walk, tryVersion(walk, arm, { tier, reason: "canary" })))
    return walk.choice;
  const isControl = arm === version || lane === "control";
  const reason = isControl ? "control" : inherited === null ? "live" : "inherited";
  return noted(walk, tryVersion(walk, version, { tier, reason, model }));
}
