/** Resolution: which text serves this call, by the four tiers, without I/O, without throwing. */
import type {
  Assignment,
  Considered,
  EpochMs,
  ErrorCode,
  Lane,
  ModelChoice,
  PartialRef,
  Reason,
  Revision,
  SnapshotRelease,
  SubjectKind,
  Tier,
} from "@colophon/kernel";
import { assign, type Draw } from "./assign.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import { type ResolvedPartial, type Servable, servableFor } from "./servable.ts";
import type { OverrideLink, Snapshot, SnapshotEntry } from "./snapshot.ts";

/** The decision about one call. */
export interface Resolution {
  readonly key: string;
  /** Null for a text that only the code knows. */
  readonly version: number | null;
  readonly hash: string;
  /** Null where a pin decided. */
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
  readonly errorCode: ErrorCode | null;
  readonly model: ModelChoice;
  readonly environment: string;
  readonly considered: readonly Considered[];
  readonly revision: Revision | null;
  /** True when the snapshot can no longer be refreshed. */
  readonly stale: boolean;
  readonly assignment: Assignment | null;
}

/** Everything a resolution reads besides its prompt and context. */
export interface ResolveSpace {
  readonly snapshot: Snapshot | undefined;
  readonly stale: boolean;
  readonly environment: string;
  readonly now: EpochMs;
  readonly draw: Draw;
  /** COLOPHON_OFF: only the defaults in the code. */
  readonly off: boolean;
  /** COLOPHON_PIN: versions by key, for the whole process. */
  readonly pins: ReadonlyMap<string, number>;
  /** Declarations by key, for partials that the registry does not serve. */
  readonly declarations: ReadonlyMap<string, Declaration>;
}

export interface Resolved {
  readonly resolution: Resolution;
  /** Null only for a pinned handle whose version nobody has. */
  readonly servable: Servable | null;
}

/** A version that may serve, or what stands against it. */
type Tried =
  | { readonly ok: true; readonly version: number; readonly hash: string; readonly servable: Servable }
  | { readonly ok: false; readonly outcome: "withdrawn" | "misfit" | "unknown-version"; readonly reason?: string };

interface Choice {
  readonly version: number | null;
  readonly hash: string;
  readonly servable: Servable;
  readonly tier: Tier | null;
  readonly lane: Lane | null;
  readonly reason: Reason;
  readonly model?: ModelChoice | null;
  readonly assignment?: Assignment | null;
}

const NOT_ASKED: Readonly<Record<"document" | "user", Considered>> = {
  document: Object.freeze({ tier: "document", outcome: "not-asked" }),
  user: Object.freeze({ tier: "user", outcome: "not-asked" }),
};
const ABSENT: Readonly<Record<Tier, Considered>> = {
  document: Object.freeze({ tier: "document", outcome: "absent" }),
  user: Object.freeze({ tier: "user", outcome: "absent" }),
  environment: Object.freeze({ tier: "environment", outcome: "absent" }),
  default: Object.freeze({ tier: "default", outcome: "absent" }),
};
const CHOSEN: Readonly<Record<Tier | "pin", Considered>> = {
  pin: Object.freeze({ tier: "pin", outcome: "chosen" }),
  document: Object.freeze({ tier: "document", outcome: "chosen" }),
  user: Object.freeze({ tier: "user", outcome: "chosen" }),
  environment: Object.freeze({ tier: "environment", outcome: "chosen" }),
  default: Object.freeze({ tier: "default", outcome: "chosen" }),
};

/** The subjects of each override tier, the nearer first. */
const OVERRIDE_TIERS: readonly (readonly ["document" | "user", readonly SubjectKind[]])[] = [
  ["document", ["document", "documentType"]],
  ["user", ["user", "tenant"]],
];

/** One resolution on its way through the tiers. */
class Walk {
  readonly considered: Considered[] = [];
  readonly #declaration: Declaration;
  readonly #context: ResolveContext;
  readonly #space: ResolveSpace;
  readonly #entry: SnapshotEntry | undefined;
  readonly #partialPath: readonly string[];
  readonly environment: string;

  constructor(
    declaration: Declaration,
    context: ResolveContext,
    more: { readonly space: ResolveSpace; readonly partialPath: readonly string[] },
  ) {
    this.#declaration = declaration;
    this.#context = context;
    this.#space = more.space;
    this.#partialPath = more.partialPath;
    this.environment = context.environment ?? more.space.environment;
    this.#entry = more.space.snapshot?.prompts.get(declaration.key);
  }

  run(): Choice | undefined {
    return this.#pin() ?? this.#tiers();
  }

  #tiers(): Choice | undefined {
    const { snapshot, off } = this.#space;
    if (off) return undefined;
    if (snapshot === undefined) {
      this.considered.push({ tier: "environment", outcome: "not-ready" });
      return undefined;
    }
    if (!snapshot.environments.has(this.environment)) {
      this.considered.push({ tier: "environment", outcome: "unknown-environment", reason: this.environment });
      return undefined;
    }
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
    const wanted = this.#context.pin === undefined ? undefined : readPin(this.#context.pin);
    if (wanted === undefined) return undefined;
    if (wanted.key !== key) {
      this.considered.push({ tier: "pin", outcome: "absent", reason: `pin of ${wanted.key}` });
      return undefined;
    }
    if (wanted.version !== null) return this.#chosenPin(wanted.version);
    // A conversation that began on the code's own text keeps it while the code still has it.
    if (wanted.hash !== this.#declaration.hash) {
      this.considered.push({ tier: "pin", outcome: "unknown-version", reason: wanted.hash });
      return undefined;
    }
    const servable = this.#servableDefault();
    if (servable === undefined) return undefined;
    this.considered.push(CHOSEN.pin);
    return { version: null, hash: wanted.hash, servable, tier: null, lane: null, reason: "pinned" };
  }

  #chosenPin(number: number): Choice | undefined {
    const tried = this.#try(number);
    if (!tried.ok) {
      this.considered.push(refusal("pin", number, tried));
      return undefined;
    }
    this.considered.push(CHOSEN.pin);
    return { ...served(tried), tier: null, lane: null, reason: "pinned" };
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
    this.considered.push(refused ?? (asked ? ABSENT[tier] : NOT_ASKED[tier]));
    return undefined;
  }

  #overrideOutcome(tier: "document" | "user", link: OverrideLink): Choice | Considered {
    if (link.expires !== null && link.expires <= this.#space.now) {
      return { tier, outcome: "expired", version: link.version };
    }
    const tried = this.#try(link.version);
    if (!tried.ok) return refusal(tier, link.version, tried);
    this.considered.push(CHOSEN[tier]);
    return { ...served(tried), tier, lane: null, reason: "override" };
  }

  #release(release: SnapshotRelease | undefined): Choice | undefined {
    if (release === undefined) {
      this.considered.push(ABSENT.environment);
      return undefined;
    }
    const drawn = this.#drawn(release);
    if (drawn?.version != null) {
      const tried = this.#try(drawn.version);
      if (tried.ok) {
        this.considered.push(CHOSEN.environment);
        return { ...served(tried), tier: "environment", lane: "canary", reason: "canary", assignment: drawn.assignment };
      }
      this.considered.push(refusal("environment", drawn.version, tried));
    }
    const tried = this.#try(release.version, release.model);
    if (!tried.ok) {
      this.considered.push(refusal("environment", release.version, tried));
      return undefined;
    }
    this.considered.push(CHOSEN.environment);
    const control = drawn?.lane === "control";
    const reason: Reason = control ? "control" : release.inherited === null ? "live" : "inherited";
    const lane: Lane = control ? "control" : "live";
    const assignment = drawn?.version == null ? (drawn?.assignment ?? null) : null;
    return { ...served(tried), tier: "environment", lane, reason, model: release.model, assignment };
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
    const text = known === undefined ? undefined : this.#space.snapshot?.texts.get(known.hash);
    if (known === undefined || text === undefined) return { ok: false, outcome: "unknown-version" };
    if (known.withdrawn) return { ok: false, outcome: "withdrawn" };
    const caller = this.#declaration.caller ?? {
      input: text.input,
      providers: [text.model.provider],
      tools: (text.tools ?? []).map((tool) => tool.name),
    };
    if (model != null && !caller.providers.includes(model.provider)) {
      return { ok: false, outcome: "misfit", reason: `model ${model.id} is served by ${model.provider}` };
    }
    const servable = servableFor({
      hash: known.hash,
      text,
      caller,
      cache: this.#declaration.servables,
      findPartial: (ref) => this.#partial(ref),
    });
    if (!servable.ok) return { ok: false, outcome: "misfit", reason: servable.reason };
    return { ok: true, version, hash: known.hash, servable };
  }

  #servableDefault(): Servable | undefined {
    const { text, caller, hash, servables } = this.#declaration;
    if (text === null || caller === null) return undefined;
    const servable = servableFor({ hash, text, caller, cache: servables, findPartial: (ref) => this.#partial(ref) });
    return servable.ok ? servable : undefined;
  }

  /** A pinned partial is that version; another is resolved through the tiers for the same context. */
  #partial(ref: PartialRef): ResolvedPartial | undefined {
    const { snapshot, declarations } = this.#space;
    if (ref.version !== null) {
      const known = snapshot?.prompts.get(ref.name)?.versions.get(ref.version);
      const text = known === undefined ? undefined : snapshot?.texts.get(known.hash);
      if (known === undefined || text === undefined || known.withdrawn) return undefined;
      return { ref, version: ref.version, hash: known.hash, body: text.body };
    }
    if (this.#partialPath.includes(ref.name)) return undefined;
    const declaration = declarations.get(ref.name) ?? namedOnly(ref.name);
    const { pin: _, ...context } = this.#context;
    const partialPath = [...this.#partialPath, ref.name];
    const walk = new Walk(declaration, context, { space: this.#space, partialPath });
    const choice = walk.run() ?? walk.byDefault();
    if (choice === undefined) return undefined;
    return { ref, version: choice.version, hash: choice.hash, body: choice.servable.text.body };
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
    const last = this.considered.findLast((item) => item.outcome !== "not-asked" && item.outcome !== "absent");
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

function served(tried: Extract<Tried, { ok: true }>): Pick<Choice, "version" | "hash" | "servable"> {
  return { version: tried.version, hash: tried.hash, servable: tried.servable };
}

function refusal(tier: Tier | "pin", version: number, tried: Extract<Tried, { ok: false }>): Considered {
  return { tier, outcome: tried.outcome, version, ...(tried.reason === undefined ? {} : { reason: tried.reason }) };
}

/** A partial that lives in the registry alone has no caller but the body that includes it. */
function namedOnly(key: string): Declaration {
  return {
    key,
    text: null,
    hash: "",
    bodyHash: "",
    caller: null,
    callerHash: "",
    variables: null,
    checkInput: null,
    checkOutput: null,
    binders: {},
    capture: null,
    pinned: null,
    servables: new Map(),
  };
}

/** Reads `key@v7` or `key@<64 hex>`; undefined for anything else. */
export function readPin(pin: string): { readonly key: string; readonly version: number | null; readonly hash: string } | undefined {
  const match = /^(.+)@(?:v([1-9]\d{0,8})|([0-9a-f]{64}))$/.exec(pin);
  if (match === null) return undefined;
  return { key: match[1] as string, version: match[2] === undefined ? null : Number(match[2]), hash: match[3] ?? "" };
}

const ERROR_OF_REASON: Partial<Record<Reason, ErrorCode>> = {
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
  const walk = new Walk(declaration, context, { space, partialPath: [declaration.key] });
  const choice = walk.run() ?? walk.byDefault();
  const revision = space.snapshot?.revision ?? null;
  const base = { key: declaration.key, environment: walk.environment, revision, stale: space.stale };
  if (choice === undefined) {
    const reason = walk.whyDefault();
    const resolution: Resolution = {
      ...base,
      version: null,
      hash: declaration.hash,
      tier: declaration.pinned === null ? "default" : null,
      lane: null,
      reason,
      errorCode: ERROR_OF_REASON[reason] ?? (declaration.text === null ? "version-unknown" : "partial-missing"),
      model: declaration.text?.model ?? NO_MODEL,
      considered: walk.considered,
      assignment: null,
    };
    return { resolution, servable: null };
  }
  if (choice.tier === "default") walk.considered.push(CHOSEN.default);
  const resolution: Resolution = {
    ...base,
    version: choice.version,
    hash: choice.hash,
    tier: choice.tier,
    lane: choice.lane,
    reason: choice.reason,
    errorCode: choice.tier === "default" ? (ERROR_OF_REASON[choice.reason] ?? null) : null,
    model: choice.model ?? choice.servable.text.model,
    considered: walk.considered,
    assignment: choice.assignment ?? null,
  };
  return { resolution, servable: choice.servable };
}
