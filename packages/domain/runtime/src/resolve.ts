/** Resolution: which text serves this call, by the four tiers, without I/O, without throwing. */
import type {
  Assignment,
  CallerContract,
  Considered,
  ErrorCode,
  Lane,
  ModelChoice,
  PartialRef,
  Reason,
  SnapshotRelease,
  SubjectKind,
  Tier,
  VersionText,
} from "@colophon/kernel";
import { assign } from "./assign.ts";
import { chooseRoute } from "./choose-route.ts";
import { ABSENT, CHOSEN, NOT_ASKED, NOT_FETCHED, refusal } from "./considered.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import { inScope } from "./in-scope.ts";
import { readContext } from "./read-context.ts";
import { readPin } from "./read-pin.ts";
import { registryOnly } from "./registry-only.ts";
import type { Resolution, Resolved, ResolveSpace } from "./resolution.ts";
import { type ResolvedPartial, type Servable, servableFor } from "./servable.ts";
import type { OverrideLink, SnapshotEntry } from "./snapshot.ts";

export type { Resolution, Resolved, ResolveSpace } from "./resolution.ts";

/** Where a decision was made. */
interface Decider {
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
}

const PIN: Decider = { tier: null, lane: null, reason: "pinned" };
const OVERRIDE: Readonly<Record<"document" | "user", Decider>> = {
  document: { tier: "document", lane: null, reason: "override" },
  user: { tier: "user", lane: null, reason: "override" },
};
const CANARY: Decider = { tier: "environment", lane: "canary", reason: "canary" };
const CONTROL: Decider = { tier: "environment", lane: "control", reason: "control" };
const LIVE: Decider = { tier: "environment", lane: "live", reason: "live" };
const INHERITED: Decider = { tier: "environment", lane: "live", reason: "inherited" };

/** What serves. */
interface Choice {
  readonly by: Decider;
  readonly version: number | null;
  readonly hash: string;
  readonly servable: Servable;
  readonly model: ModelChoice | null;
}

/** What may serve, or what stands against it. */
type Tried = Choice | Considered;

/** What is resolved, for whom, and from what. */
interface Asked {
  readonly declaration: Declaration;
  readonly context: ResolveContext;
  readonly space: ResolveSpace;
}

/** One resolution on its way through the tiers. */
class Walk {
  readonly considered: Considered[] = [];
  /** The draw that was made on the way, if any. */
  assignment: Assignment | null = null;
  /** Why the text in the code cannot be served. */
  unfit: string | undefined;
  readonly #declaration: Declaration;
  readonly #context: ResolveContext;
  readonly #space: ResolveSpace;
  readonly #entry: SnapshotEntry | undefined;
  /** The walk of the text that includes this one. */
  readonly #outer: Walk | undefined;
  /** Those of the outermost walk: each is resolved once, however often it is named. */
  #partials: Map<string, ResolvedPartial | undefined> | undefined;
  readonly environment: string;

  constructor({ declaration, context, space }: Asked, outer?: Walk) {
    this.#declaration = declaration;
    this.#context = context;
    this.#space = space;
    this.#outer = outer;
    this.#partials = outer === undefined ? undefined : outer.#partials;
    this.environment = context.environment ?? space.environment;
    this.#entry = space.snapshot?.prompts.get(declaration.key);
  }

  run(): Choice | undefined {
    return this.#pin() ?? this.#tiers();
  }

  /** Notes what became of a tier; returns what serves. */
  #noted(tried: Tried): Choice | undefined {
    const serves = "servable" in tried;
    this.considered.push(serves ? CHOSEN[tried.by.tier ?? "pin"] : tried);
    return serves ? tried : undefined;
  }

  #tiers(): Choice | undefined {
    const { snapshot, off } = this.#space;
    const { environment } = this;
    if (off) return undefined;
    if (!snapshot) return this.#noted({ tier: "environment", outcome: "not-ready" });
    if (!snapshot.environments.has(environment)) {
      return this.#noted({ tier: "environment", outcome: "unknown-environment", reason: environment });
    }
    // Without the text of its version nobody knows what a pinned handle passes: nothing else can be served to it.
    const { caller, pinned } = this.#declaration;
    if (!caller && pinned !== null && !this.#textOf(pinned)) return undefined;
    return (
      this.#overrides("document", ["document", "documentType"]) ??
      this.#overrides("user", ["user", "tenant"]) ??
      this.#release(this.#entry?.releases.get(environment))
    );
  }

  #pin(): Choice | undefined {
    const { key, pinned, hash } = this.#declaration;
    const number = this.#space.pins.get(key) ?? pinned;
    if (number !== null) return this.#noted(this.#try(number, PIN));
    const { pin } = this.#context;
    if (pin === undefined || this.#space.off) return undefined;
    const wanted = readPin(pin);
    if (wanted?.key !== key) {
      return this.#noted({
        tier: "pin",
        outcome: "absent",
        reason: wanted ? `pin of ${wanted.key}` : "not a pin",
      });
    }
    if (wanted.version !== null) return this.#noted(this.#try(wanted.version, PIN));
    // A conversation that began on the code's own text keeps it while the code still has it.
    if (wanted.hash !== hash) {
      return this.#noted({ tier: "pin", outcome: "unknown-version", reason: wanted.hash });
    }
    const choice = this.#default(PIN);
    return choice && this.#noted(choice);
  }

  #overrides(tier: "document" | "user", kinds: readonly SubjectKind[]): Choice | undefined {
    const { tenant } = this.#context;
    let none: Considered | undefined = NOT_ASKED[tier];
    let refused: Considered | undefined;
    for (const kind of kinds) {
      const subject = this.#context[kind];
      if (subject === undefined) continue;
      none &&= ABSENT[tier];
      const links = this.#overridesOf(kind, subject);
      if (links === undefined) {
        // Said at once: what a wider subject of this tier serves may stand in for a nearer one's.
        this.#noted({ tier, outcome: "override-unknown", reason: kind });
        none = undefined;
      }
      if (!links) continue;
      // An entry for this environment beats one for all; within each, the newer comes first.
      for (const environment of [this.environment, null]) {
        for (let link: OverrideLink | undefined = links; link; link = link.next) {
          if (link.environment !== environment || (link.tenant ?? tenant) !== tenant) continue;
          const tried = this.#tryOverride(link, OVERRIDE[tier]);
          if ("servable" in tried) return this.#noted(tried);
          refused ??= tried;
        }
      }
    }
    const passed = refused ?? none;
    if (passed) this.considered.push(passed);
    return undefined;
  }

  /** Null where there is none, undefined where nobody knows. */
  #overridesOf(kind: SubjectKind, subject: string): OverrideLink | null | undefined {
    const { snapshot, findOverride } = this.#space;
    if (snapshot?.fetched) return findOverride?.(this.#declaration.key, kind, subject);
    return this.#entry?.overrides[kind]?.get(subject) ?? null;
  }

  #tryOverride({ version, expires }: OverrideLink, by: Decider): Tried {
    return expires !== null && expires <= this.#space.now
      ? refusal(by, version, { outcome: "expired" })
      : this.#try(version, by);
  }

  #release(release: SnapshotRelease | undefined): Choice | undefined {
    if (!release) return this.#noted(ABSENT.environment);
    const { version, inherited, model } = release;
    const drawn = this.#drawn(release);
    // Kept even where what was drawn cannot serve: a row must be replayable by its draw.
    this.assignment = drawn?.assignment ?? null;
    const arm = drawn?.version ?? null;
    const canary = arm === null || arm === version ? undefined : this.#noted(this.#try(arm, CANARY));
    if (canary) return canary;
    const by = arm === version || drawn?.lane === "control" ? CONTROL : inherited === null ? LIVE : INHERITED;
    return this.#noted(this.#try(version, by, model));
  }

  #drawn(release: SnapshotRelease): ReturnType<typeof assign> | undefined {
    const { plan } = release;
    if (plan === null || !inScope(plan.where, this.#context)) return undefined;
    const { draw, fresh } = this.#space;
    const { unit, user, session, document } = this.#context;
    const drawnFor = plan.draws === "call" ? fresh?.() : (unit ?? user ?? session ?? document);
    return drawnFor === undefined ? undefined : assign(plan, drawnFor, draw);
  }

  #try(version: number, by: Decider, model: ModelChoice | null = null): Tried {
    const known = this.#entry?.versions.get(version);
    const text = known && this.#space.snapshot?.texts.get(known.hash);
    if (!text) {
      const isComing = this.#space.source?.isComing?.(this.#declaration.key, version);
      return refusal(by, version, { outcome: "unknown-version", reason: isComing ? NOT_FETCHED : undefined });
    }
    if (known.withdrawn) return refusal(by, version, { outcome: "withdrawn" });
    const caller = this.#callerFor(text);
    if (model && !caller.providers.includes(model.provider)) {
      return refusal(by, version, {
        outcome: "misfit",
        reason: `model ${model.id} is served by ${model.provider}`,
      });
    }
    const { hash } = known;
    const servable = this.#servable(hash, text, caller);
    if (!servable.ok) return refusal(by, version, { outcome: "misfit", reason: servable.reason });
    return { by, version, hash, servable, model };
  }

  #textOf(version: number | null): VersionText | undefined {
    const known = version === null ? undefined : this.#entry?.versions.get(version);
    return known && this.#space.snapshot?.texts.get(known.hash);
  }

  /** What the calling code can serve; a pinned handle stands on the contract of the version it names. */
  #callerFor(tried: VersionText): CallerContract {
    const { caller, pinned } = this.#declaration;
    if (caller) return caller;
    const { input, model, tools = [] } = this.#textOf(pinned) ?? tried;
    return { input, providers: [model.provider], tools: tools.map(({ name }) => name) };
  }

  #servable(hash: string, text: VersionText, caller: CallerContract): ReturnType<typeof servableFor> {
    const cache = this.#declaration.servables;
    // Only a text without partials is kept under its hash alone: nothing else has to be looked for.
    return (
      cache.get(hash) ?? servableFor({ hash, text, caller, cache, findPartial: (ref) => this.#partial(ref) })
    );
  }

  /** The text in the code. */
  #default(by: Decider): Choice | undefined {
    const { text, caller, hash } = this.#declaration;
    if (!text || !caller) return undefined;
    const servable = this.#servable(hash, text, caller);
    if (servable.ok) return { by, version: null, hash, servable, model: null };
    this.unfit = servable.reason;
    return undefined;
  }

  /** A pinned partial is that version; another is resolved through the tiers for the same context. */
  #partial(ref: PartialRef): ResolvedPartial | undefined {
    const { name, version } = ref;
    if (version !== null) {
      const { snapshot } = this.#space;
      const known = snapshot?.prompts.get(name)?.versions.get(version);
      const text = known && snapshot?.texts.get(known.hash);
      return text && !known.withdrawn ? { ref, version, hash: known.hash, text } : undefined;
    }
    for (let walk: Walk | undefined = this; walk; walk = walk.#outer) {
      // Whoever includes itself closes a ring.
      if (walk.#declaration.key === name) return undefined;
    }
    this.#partials ??= new Map();
    const partials = this.#partials;
    if (!partials.has(name)) partials.set(name, this.#openPartial(ref));
    return partials.get(name);
  }

  #openPartial(ref: PartialRef): ResolvedPartial | undefined {
    const declaration = this.#space.declarations.get(ref.name) ?? registryOnly(ref.name);
    const { pin: _, ...context } = this.#context;
    const walk = new Walk({ declaration, context, space: this.#space }, this);
    const choice = walk.run() ?? walk.byDefault();
    return choice && { ref, version: choice.version, hash: choice.hash, text: choice.servable.text };
  }

  /** What the registry says of the prompt's models, where it is asked at all. */
  get #named(): SnapshotEntry | undefined {
    return this.#space.off ? undefined : this.#entry;
  }

  get backup(): readonly ModelChoice[] {
    return this.#named?.backup ?? this.#declaration.backup ?? NO_BACKUP;
  }

  /** The route that the call names, and its model. */
  route(servable: Servable | null): ReturnType<typeof chooseRoute> | undefined {
    const { route } = this.#context;
    if (route === undefined) return undefined;
    const routes = this.#named?.routes ?? this.#declaration.routes;
    return chooseRoute(route, { routes, declaration: this.#declaration, servable });
  }

  byDefault(): Choice | undefined {
    return this.#default({ tier: "default", lane: null, reason: this.whyDefault() });
  }

  /** The reason of the default tier: the last thing that stood in the way. */
  whyDefault(): Reason {
    if (this.#space.off) return "off";
    const last = this.considered.findLast(({ outcome }) => outcome !== "not-asked" && outcome !== "absent");
    return last && last.outcome in ERROR_OF_REASON ? (last.outcome as Reason) : "no-release";
  }
}

/** What may stand in the way of every tier before the default, and the error that it is to the caller. */
const ERROR_OF_REASON: Partial<Record<Reason, ErrorCode | null>> = {
  "not-ready": null,
  misfit: "misfit",
  withdrawn: "withdrawn",
  "unknown-version": "version-unknown",
  "unknown-environment": "environment-unknown",
};

const NO_MODEL: ModelChoice = { provider: "custom", id: "" };
const NO_BACKUP: readonly ModelChoice[] = Object.freeze([]);

/**
 * Resolves a prompt for a context. Never throws, never waits: what is missing falls to the next
 * tier, at last to the text in the code.
 */
export function resolve(declaration: Declaration, context: ResolveContext, space: ResolveSpace): Resolved {
  const asked: Asked = { declaration, context: readContext(context), space };
  try {
    const walk = new Walk(asked);
    return conclude(walk, walk.run() ?? walk.byDefault(), asked);
  } catch (error) {
    return fallBack(error, asked);
  }
}

/** A snapshot that cannot be read, as from a store of another age, costs its tiers and nothing else. */
function fallBack(error: unknown, given: Asked): Resolved {
  const asked: Asked = { ...given, space: withoutSnapshot(given.space) };
  const walk = new Walk(asked);
  const reason = `snapshot: ${error instanceof Error ? error.name : typeof error}`;
  walk.considered.push({ tier: "environment", outcome: "misfit", reason });
  return conclude(walk, walk.byDefault(), given);
}

function withoutSnapshot({
  environment,
  now,
  draw,
  off,
  pins,
  declarations,
  stale,
}: ResolveSpace): ResolveSpace {
  return { environment, now, draw, off, pins, declarations, stale, snapshot: undefined };
}

function conclude(walk: Walk, choice: Choice | undefined, { declaration, space }: Asked): Resolved {
  const { key, text, pinned } = declaration;
  const { considered, environment, assignment } = walk;
  const servable = choice?.servable ?? null;
  const { tier, lane, reason } = choice?.by ?? {
    tier: pinned === null ? "default" : null,
    lane: null,
    reason: walk.whyDefault(),
  };
  let errorCode = !servable || tier === "default" ? ERROR_OF_REASON[reason] : null;
  if (!servable) {
    errorCode ??= text ? "partial-missing" : "version-unknown";
    // Said after the reason was found, which is what kept the tiers before from serving.
    if (walk.unfit) considered.push({ tier: "default", outcome: "misfit", reason: walk.unfit });
  } else if (tier === "default") considered.push(CHOSEN.default);
  const primary = choice?.model ?? (servable ?? declaration).text?.model ?? NO_MODEL;
  const routed = walk.route(servable);
  const resolution: Resolution = {
    key,
    version: choice?.version ?? null,
    hash: choice?.hash ?? declaration.hash,
    tier,
    lane,
    reason,
    errorCode: errorCode ?? null,
    model: routed?.model ?? primary,
    route: routed?.route ?? null,
    environment,
    considered,
    revision: space.snapshot?.revision ?? null,
    stale: space.stale,
    assignment,
  };
  return { resolution, primary, backup: walk.backup, servable };
}
