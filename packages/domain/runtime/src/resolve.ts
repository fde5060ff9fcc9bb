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
import { chooseRoute } from "./call-models.ts";
import { ABSENT, CHOSEN, NOT_ASKED, type Refused, refusal } from "./considered.ts";
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
const OVERRIDE = {
  document: { tier: "document", lane: null, reason: "override" },
  user: { tier: "user", lane: null, reason: "override" },
} as const satisfies Record<string, Decider>;
const CANARY: Decider = { tier: "environment", lane: "canary", reason: "canary" };
const CONTROL: Decider = { tier: "environment", lane: "control", reason: "control" };
const LIVE: Decider = { tier: "environment", lane: "live", reason: "live" };
const INHERITED: Decider = { tier: "environment", lane: "live", reason: "inherited" };

/** What serves. */
interface Choice {
  readonly ok: true;
  readonly by: Decider;
  readonly version: number | null;
  readonly hash: string;
  readonly servable: Servable;
  readonly model: ModelChoice | null;
}

/** A version that may serve, or what stands against it. */
type Tried = Choice | ({ readonly ok: false } & Refused);

/** The subjects of each override tier, the nearer first. */
const OVERRIDE_TIERS: readonly (readonly ["document" | "user", readonly SubjectKind[]])[] = [
  ["document", ["document", "documentType"]],
  ["user", ["user", "tenant"]],
];

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

  /** Notes why a tier serves nothing. */
  #passed(considered: Considered): undefined {
    this.considered.push(considered);
  }

  #tiers(): Choice | undefined {
    const { snapshot, off } = this.#space;
    if (off) return undefined;
    if (snapshot === undefined) {
      return this.#passed({ tier: "environment", outcome: "not-ready" });
    }
    if (!snapshot.environments.has(this.environment)) {
      return this.#passed({ tier: "environment", outcome: "unknown-environment", reason: this.environment });
    }
    // Without the text of its version nobody knows what a pinned handle passes: nothing else can be served to it.
    const { caller, pinned } = this.#declaration;
    if (caller === null && pinned !== null && this.#textOf(pinned) === undefined) return undefined;
    for (const [tier, kinds] of OVERRIDE_TIERS) {
      const chosen = this.#overrides(tier, kinds);
      if (chosen !== undefined) return chosen;
    }
    return this.#release(this.#entry?.releases.get(this.environment));
  }

  #pin(): Choice | undefined {
    const { key, pinned } = this.#declaration;
    const process = this.#space.pins.get(key);
    const number = process ?? pinned ?? undefined;
    if (number !== undefined) return this.#chosenPin(number);
    const { pin } = this.#context;
    if (pin === undefined || this.#space.off) return undefined;
    const wanted = readPin(pin);
    if (wanted?.key !== key) {
      const reason = wanted === undefined ? "not a pin" : `pin of ${wanted.key}`;
      return this.#passed({ tier: "pin", outcome: "absent", reason });
    }
    if (wanted.version !== null) return this.#chosenPin(wanted.version);
    // A conversation that began on the code's own text keeps it while the code still has it.
    if (wanted.hash !== this.#declaration.hash) {
      return this.#passed({ tier: "pin", outcome: "unknown-version", reason: wanted.hash });
    }
    const servable = this.#servableDefault();
    if (servable === undefined) return undefined;
    this.considered.push(CHOSEN.pin);
    return { ok: true, by: PIN, version: null, hash: wanted.hash, servable, model: null };
  }

  #chosenPin(number: number): Choice | undefined {
    const tried = this.#try(number, PIN);
    if (!tried.ok) return this.#passed(refusal("pin", number, tried));
    this.considered.push(CHOSEN.pin);
    return tried;
  }

  #overrides(tier: "document" | "user", kinds: readonly SubjectKind[]): Choice | undefined {
    let asked = false;
    let unknown = false;
    let refused: Considered | undefined;
    for (const kind of kinds) {
      const subject = this.#context[kind];
      if (subject === undefined) continue;
      asked = true;
      const links = this.#overridesOf(kind, subject);
      if (links === undefined) {
        unknown = true;
        // Said at once: what a wider subject of this tier serves may stand in for a nearer one's.
        this.#passed({ tier, outcome: "override-unknown", reason: kind });
        continue;
      }
      if (links === null) continue;
      // An entry for this environment beats one for all; within each, the newer comes first.
      for (const environment of [this.environment, null]) {
        for (let link: OverrideLink | undefined = links; link !== undefined; link = link.next) {
          if (link.environment !== environment) continue;
          if (link.tenant !== undefined && link.tenant !== this.#context.tenant) continue;
          const outcome = this.#overrideOutcome(tier, link);
          if ("servable" in outcome) return outcome;
          refused ??= outcome;
        }
      }
    }
    if (unknown && refused === undefined) return undefined;
    return this.#passed(refused ?? (asked ? ABSENT : NOT_ASKED)[tier]);
  }

  /** Null where there is none, undefined where nobody knows. */
  #overridesOf(kind: SubjectKind, subject: string): OverrideLink | null | undefined {
    const { snapshot, findOverride } = this.#space;
    if (snapshot?.fetched) return findOverride?.(this.#declaration.key, kind, subject);
    return this.#entry?.overrides[kind]?.get(subject) ?? null;
  }

  #overrideOutcome(tier: "document" | "user", link: OverrideLink): Choice | Considered {
    if (link.expires !== null && link.expires <= this.#space.now) {
      return { tier, outcome: "expired", version: link.version };
    }
    const tried = this.#try(link.version, OVERRIDE[tier]);
    if (!tried.ok) return refusal(tier, link.version, tried);
    this.considered.push(CHOSEN[tier]);
    return tried;
  }

  #release(release: SnapshotRelease | undefined): Choice | undefined {
    if (release === undefined) return this.#passed(ABSENT.environment);
    const drawn = this.#drawn(release);
    // Kept even where what was drawn cannot serve: a row must be replayable by its draw.
    this.assignment = drawn?.assignment ?? null;
    const isLive = drawn?.version === release.version;
    if (drawn?.version != null && !isLive) {
      const tried = this.#try(drawn.version, CANARY);
      if (tried.ok) {
        this.considered.push(CHOSEN.environment);
        return tried;
      }
      this.considered.push(refusal("environment", drawn.version, tried));
    }
    const by = isLive || drawn?.lane === "control" ? CONTROL : release.inherited === null ? LIVE : INHERITED;
    const tried = this.#try(release.version, by, release.model);
    if (!tried.ok) return this.#passed(refusal("environment", release.version, tried));
    this.considered.push(CHOSEN.environment);
    return tried;
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
    if (known === undefined || text === undefined) return { ok: false, outcome: "unknown-version" };
    if (known.withdrawn) return { ok: false, outcome: "withdrawn" };
    const caller = this.#callerFor(text);
    if (model !== null && !caller.providers.includes(model.provider)) {
      return { ok: false, outcome: "misfit", reason: `model ${model.id} is served by ${model.provider}` };
    }
    const servable = this.#servable(known.hash, text, caller);
    if (!servable.ok) return { ok: false, outcome: "misfit", reason: servable.reason };
    return { ok: true, by, version, hash: known.hash, servable, model };
  }

  #textOf(version: number): VersionText | undefined {
    const known = this.#entry?.versions.get(version);
    return known === undefined ? undefined : this.#space.snapshot?.texts.get(known.hash);
  }

  /** What the calling code can serve; a pinned handle stands on the contract of the version it names. */
  #callerFor(tried: VersionText): CallerContract {
    const { caller, pinned } = this.#declaration;
    if (caller !== null) return caller;
    const text = (pinned === null ? undefined : this.#textOf(pinned)) ?? tried;
    const tools = (text.tools ?? []).map((tool) => tool.name);
    return { input: text.input, providers: [text.model.provider], tools };
  }

  #servable(hash: string, text: VersionText, caller: CallerContract): ReturnType<typeof servableFor> {
    const cache = this.#declaration.servables;
    // Only a text without partials is kept under its hash alone: nothing else has to be looked for.
    return (
      cache.get(hash) ?? servableFor({ hash, text, caller, cache, findPartial: (ref) => this.#partial(ref) })
    );
  }

  #servableDefault(): Servable | undefined {
    const { text, caller, hash } = this.#declaration;
    if (text === null || caller === null) return undefined;
    const servable = this.#servable(hash, text, caller);
    if (servable.ok) return servable;
    this.unfit = servable.reason;
    return undefined;
  }

  /** A pinned partial is that version; another is resolved through the tiers for the same context. */
  #partial(ref: PartialRef): ResolvedPartial | undefined {
    const { snapshot } = this.#space;
    if (ref.version !== null) {
      const known = snapshot?.prompts.get(ref.name)?.versions.get(ref.version);
      const text = known === undefined ? undefined : snapshot?.texts.get(known.hash);
      if (known === undefined || text === undefined || known.withdrawn) return undefined;
      return { ref, version: ref.version, hash: known.hash, text };
    }
    for (let walk: Walk | undefined = this; walk !== undefined; walk = walk.#outer) {
      // Whoever includes itself closes a ring.
      if (walk.#declaration.key === ref.name) return undefined;
    }
    this.#partials ??= new Map();
    const partials = this.#partials;
    if (!partials.has(ref.name)) partials.set(ref.name, this.#openPartial(ref));
    return partials.get(ref.name);
  }

  #openPartial(ref: PartialRef): ResolvedPartial | undefined {
    const declaration = this.#space.declarations.get(ref.name) ?? registryOnly(ref.name);
    const { pin: _, ...context } = this.#context;
    const walk = new Walk({ declaration, context, space: this.#space }, this);
    const choice = walk.run() ?? walk.byDefault();
    if (choice === undefined) return undefined;
    return { ref, version: choice.version, hash: choice.hash, text: choice.servable.text };
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
    const name = this.#context.route;
    if (name === undefined) return undefined;
    const routes = this.#named?.routes ?? this.#declaration.routes;
    return chooseRoute(name, { routes, declaration: this.#declaration, servable });
  }

  byDefault(): Choice | undefined {
    const servable = this.#servableDefault();
    if (servable === undefined) return undefined;
    const { hash } = this.#declaration;
    const by: Decider = { tier: "default", lane: null, reason: this.whyDefault() };
    return { ok: true, by, version: null, hash, servable, model: null };
  }

  /** The reason of the default tier: the last thing that stood in the way. */
  whyDefault(): Reason {
    if (this.#space.off) return "off";
    const last = this.considered.findLast(
      (item) => item.outcome !== "not-asked" && item.outcome !== "absent",
    );
    switch (last?.outcome) {
      case "not-ready":
      case "withdrawn":
      case "misfit":
      case "unknown-version":
      case "unknown-environment":
        return last.outcome;
      default:
        return "no-release";
    }
  }
}

const ERROR_OF_REASON: Partial<Record<Reason, ErrorCode>> = {
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
  const { text, pinned } = declaration;
  const servable = choice?.servable ?? null;
  const reason = choice?.by.reason ?? walk.whyDefault();
  const fallback = pinned === null ? "default" : null;
  const tier = choice === undefined ? fallback : choice.by.tier;
  if (servable !== null && tier === "default") walk.considered.push(CHOSEN.default);
  const unserved = text === null ? "version-unknown" : "partial-missing";
  // Said after the reason was found, which is what kept the tiers before from serving.
  if (servable === null && walk.unfit !== undefined) {
    walk.considered.push({ tier: "default", outcome: "misfit", reason: walk.unfit });
  }
  const primary = choice?.model ?? (servable ?? declaration).text?.model ?? NO_MODEL;
  const routed = walk.route(servable);
  const stands = servable !== null && tier !== "default" ? null : ERROR_OF_REASON[reason];
  const resolution: Resolution = {
    key: declaration.key,
    version: choice?.version ?? null,
    hash: choice?.hash ?? declaration.hash,
    tier,
    lane: choice?.by.lane ?? null,
    reason,
    errorCode: stands ?? (servable === null ? unserved : null),
    model: routed?.model ?? primary,
    route: routed?.route ?? null,
    environment: walk.environment,
    considered: walk.considered,
    revision: space.snapshot?.revision ?? null,
    stale: space.stale,
    assignment: walk.assignment,
  };
  return { resolution, primary, backup: walk.backup, servable };
}
