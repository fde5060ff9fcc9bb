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
import { readContext } from "./read-context.ts";
import { readPin } from "./read-pin.ts";
import { registryOnly } from "./registry-only.ts";
import type { Resolution, Resolved, ResolveSpace } from "./resolution.ts";
import { type ResolvedPartial, type Servable, servableFor } from "./servable.ts";
import type { OverrideLink, SnapshotEntry } from "./snapshot.ts";

export type { Resolution, Resolved, ResolveSpace } from "./resolution.ts";

/** A version that may serve, or what stands against it. */
type Tried =
  | { readonly ok: true; readonly version: number; readonly hash: string; readonly servable: Servable }
  | ({ readonly ok: false } & Refused);

interface Choice {
  readonly version: number | null;
  readonly hash: string;
  readonly servable: Servable;
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
  readonly model?: ModelChoice | null;
}

/** The subjects of each override tier, the nearer first. */
const OVERRIDE_TIERS: readonly (readonly ["document" | "user", readonly SubjectKind[]])[] = [
  ["document", ["document", "documentType"]],
  ["user", ["user", "tenant"]],
];

/** What the walks of one resolution share: its partials are resolved once, however often they are named. */
interface Shared {
  readonly space: ResolveSpace;
  readonly partials: Map<string, ResolvedPartial | undefined> | undefined;
  /** Keys that are being resolved: a partial among them closes a ring. */
  readonly path: readonly string[];
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
  readonly #path: readonly string[];
  #partials: Map<string, ResolvedPartial | undefined> | undefined;
  readonly environment: string;

  constructor(declaration: Declaration, context: ResolveContext, shared: Shared) {
    this.#declaration = declaration;
    this.#context = context;
    this.#space = shared.space;
    this.#partials = shared.partials;
    this.#path = shared.path;
    this.environment = context.environment ?? shared.space.environment;
    this.#entry = shared.space.snapshot?.prompts.get(declaration.key);
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
    return { version: null, hash: wanted.hash, servable, tier: null, lane: null, reason: "pinned" };
  }

  #chosenPin(number: number): Choice | undefined {
    const tried = this.#try(number);
    if (!tried.ok) return this.#passed(refusal("pin", number, tried));
    this.considered.push(CHOSEN.pin);
    return { ...tried, tier: null, lane: null, reason: "pinned" };
  }

  #overrides(tier: "document" | "user", kinds: readonly SubjectKind[]): Choice | undefined {
    let asked = false;
    let refused: Considered | undefined;
    for (const kind of kinds) {
      const subject = this.#context[kind];
      if (subject === undefined) continue;
      asked = true;
      const links = this.#entry?.overrides[kind]?.get(subject);
      if (links === undefined) continue;
      // An entry for this environment beats one for all; within each, the newer comes first.
      for (const environment of [this.environment, null]) {
        for (let link: OverrideLink | undefined = links; link !== undefined; link = link.next) {
          if (link.environment !== environment) continue;
          const outcome = this.#overrideOutcome(tier, link);
          if ("servable" in outcome) return outcome;
          refused ??= outcome;
        }
      }
    }
    return this.#passed(refused ?? (asked ? ABSENT : NOT_ASKED)[tier]);
  }

  #overrideOutcome(tier: "document" | "user", link: OverrideLink): Choice | Considered {
    if (link.expires !== null && link.expires <= this.#space.now) {
      return { tier, outcome: "expired", version: link.version };
    }
    const tried = this.#try(link.version);
    if (!tried.ok) return refusal(tier, link.version, tried);
    this.considered.push(CHOSEN[tier]);
    return { ...tried, tier, lane: null, reason: "override" };
  }

  #release(release: SnapshotRelease | undefined): Choice | undefined {
    if (release === undefined) return this.#passed(ABSENT.environment);
    const drawn = this.#drawn(release);
    // Kept even where what was drawn cannot serve: a row must be replayable by its draw.
    this.assignment = drawn?.assignment ?? null;
    if (drawn?.version != null) {
      const tried = this.#try(drawn.version);
      if (tried.ok) {
        this.considered.push(CHOSEN.environment);
        return { ...tried, tier: "environment", lane: "canary", reason: "canary" };
      }
      this.considered.push(refusal("environment", drawn.version, tried));
    }
    const tried = this.#try(release.version, release.model);
    if (!tried.ok) return this.#passed(refusal("environment", release.version, tried));
    this.considered.push(CHOSEN.environment);
    const control = drawn?.lane === "control";
    const reason: Reason = control ? "control" : release.inherited === null ? "live" : "inherited";
    const lane: Lane = control ? "control" : "live";
    return { ...tried, tier: "environment", lane, reason, model: release.model };
  }

  #drawn(release: SnapshotRelease): ReturnType<typeof assign> | undefined {
    const { plan } = release;
    const { user, session, document, documentType, tenant } = this.#context;
    const unit = this.#context.unit ?? user ?? session ?? document;
    if (plan === null || unit === undefined) return undefined;
    if (plan.where?.documentType !== undefined && plan.where.documentType !== documentType) return undefined;
    if (plan.where?.tenant !== undefined && plan.where.tenant !== tenant) return undefined;
    return assign(plan, unit, this.#space.draw);
  }

  #try(version: number, model?: ModelChoice | null): Tried {
    const known = this.#entry?.versions.get(version);
    const text = this.#textOf(version);
    if (known === undefined || text === undefined) return { ok: false, outcome: "unknown-version" };
    if (known.withdrawn) return { ok: false, outcome: "withdrawn" };
    const caller = this.#callerFor(text);
    if (model != null && !caller.providers.includes(model.provider)) {
      return { ok: false, outcome: "misfit", reason: `model ${model.id} is served by ${model.provider}` };
    }
    const servable = this.#servable(known.hash, text, caller);
    if (!servable.ok) return { ok: false, outcome: "misfit", reason: servable.reason };
    return { ok: true, version, hash: known.hash, servable };
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
    return servableFor({ hash, text, caller, cache, findPartial: (ref) => this.#partial(ref) });
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
    if (this.#path.includes(ref.name)) return undefined;
    this.#partials ??= new Map();
    const partials = this.#partials;
    if (!partials.has(ref.name)) partials.set(ref.name, this.#openPartial(ref, partials));
    return partials.get(ref.name);
  }

  #openPartial(ref: PartialRef, partials: Shared["partials"]): ResolvedPartial | undefined {
    const declaration = this.#space.declarations.get(ref.name) ?? registryOnly(ref.name);
    const { pin: _, ...context } = this.#context;
    const path = [...this.#path, ref.name];
    const walk = new Walk(declaration, context, { space: this.#space, partials, path });
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
    return { version: null, hash, servable, tier: "default", lane: null, reason: this.whyDefault() };
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
  const asked = readContext(context);
  try {
    const walk = new Walk(declaration, asked, { space, partials: undefined, path: [declaration.key] });
    return conclude(walk, walk.run() ?? walk.byDefault(), { declaration, space });
  } catch (error) {
    return fallBack(error, asked, { declaration, space });
  }
}

/** A snapshot that cannot be read, as from a store of another age, costs its tiers and nothing else. */
function fallBack(error: unknown, context: ResolveContext, asked: Asked): Resolved {
  const space = { ...asked.space, snapshot: undefined };
  const walk = new Walk(asked.declaration, context, {
    space,
    partials: undefined,
    path: [asked.declaration.key],
  });
  const reason = `snapshot: ${error instanceof Error ? error.name : typeof error}`;
  walk.considered.push({ tier: "environment", outcome: "misfit", reason });
  return conclude(walk, walk.byDefault(), asked);
}

interface Asked {
  readonly declaration: Declaration;
  readonly space: ResolveSpace;
}

function conclude(walk: Walk, choice: Choice | undefined, { declaration, space }: Asked): Resolved {
  const { text, pinned } = declaration;
  const servable = choice?.servable ?? null;
  const reason = choice?.reason ?? walk.whyDefault();
  const fallback = pinned === null ? "default" : null;
  const tier = choice === undefined ? fallback : choice.tier;
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
    lane: choice?.lane ?? null,
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
