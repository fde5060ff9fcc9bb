/** Ties the parts of the tracer together and holds them to their bounds. */
import type { MemberValue, SourceValue } from "../source/source-value.ts";
import type { Entity, Frame, Located, ScopePlace } from "./entity.ts";
import { calleesOf, expandCall } from "./follow-call.ts";
import { findSites, followParameter } from "./follow-parameter.ts";
import { lookUpMember } from "./look-up-member.ts";
import { lookUpName } from "./look-up-name.ts";
import type { CallPlace, ModuleIndex } from "./module-index.ts";
import { callAt, type Tracer } from "./tracer.ts";

/** Longer chains of names, members and calls are cut. */
const DEEPEST = 48;
/** More alternatives of one expression are left out. */
const MOST_ALTERNATIVES = 64;
/** Steps for one question; what is not found by then is left unknown. */
const MOST_STEPS = 4_000;
/** The same once all questions together took the steps of a whole program that is not built to mislead. */
const FEWER_STEPS = 60;
/** Steps of all questions for each call of the program; ordinary programs take a few tens. */
const STEPS_PER_CALL = 150;

interface State {
  depth: number;
  steps: number;
  /** Steps that are left before questions have to be short. */
  left: number;
  /** How often something was cut: what was found meanwhile is not all there is, so it is not kept. */
  cuts: number;
  readonly active: Map<SourceValue, Set<Frame | null>>;
  /** What values stand for, and what calls call, where no caller matters; it ends with the tracer. */
  readonly known: Map<object, readonly Entity[]>;
}

export function createTracer(
  index: ModuleIndex,
  { followsCalls }: { readonly followsCalls: boolean },
): Tracer {
  const calls = index.modules.reduce((sum, module) => sum + module.calls.length, 0);
  const left = MOST_STEPS * 10 + calls * STEPS_PER_CALL;
  const state: State = { depth: 0, steps: 0, left, cuts: 0, active: new Map(), known: new Map() };
  const sites = new Map<string, readonly CallPlace[]>();
  const sitesOf = (place: ScopePlace): readonly CallPlace[] => {
    const key = `${place.module}:${place.scope}`;
    const known = sites.get(key);
    if (known !== undefined) return known;
    // While they are looked for, a recursive function has none.
    sites.set(key, []);
    const found = findSites(tracer, place);
    sites.set(key, found);
    return found;
  };
  const tracer: Tracer = {
    index,
    followsCalls,
    expand: (at) => guarded(state, at, () => expandOnce(tracer, at)),
    members: (object, property) => bounded(state, () => lookUpMember(tracer, object, property)),
    callees: (at) => {
      const follow = (): readonly Entity[] => bounded(state, () => calleesOf(tracer, at));
      return at.frame === null ? remembered(state, callAt(tracer, at), follow) : follow();
    },
    parameters: (at) => bounded(state, () => followParameter(tracer, at)),
    sites: sitesOf,
  };
  return tracer;
}

function bounded(state: State, follow: () => readonly Entity[]): readonly Entity[] {
  if (state.depth === 0) state.steps = 0;
  if (state.depth >= DEEPEST || state.steps >= (state.left > 0 ? MOST_STEPS : FEWER_STEPS)) {
    state.cuts += 1;
    return [];
  }
  state.depth += 1;
  state.steps += 1;
  state.left -= 1;
  try {
    return follow();
  } finally {
    state.depth -= 1;
  }
}

function remembered(state: State, key: object, follow: () => readonly Entity[]): readonly Entity[] {
  const known = state.known.get(key);
  if (known !== undefined) return known;
  const { cuts } = state;
  const found = follow();
  if (state.cuts === cuts) state.known.set(key, found);
  return found;
}

/** A value that is met again while it is followed has nothing new to say. */
function guarded(
  state: State,
  { value, frame }: Located,
  follow: () => readonly Entity[],
): readonly Entity[] {
  const once = (): readonly Entity[] => {
    const frames = state.active.get(value) ?? new Set();
    if (frames.has(frame)) {
      state.cuts += 1;
      return [];
    }
    state.active.set(value, frames.add(frame));
    try {
      return distinct(bounded(state, follow));
    } finally {
      frames.delete(frame);
      if (frames.size === 0) state.active.delete(value);
    }
  };
  return frame === null ? remembered(state, value, once) : once();
}

function distinct(entities: readonly Entity[]): readonly Entity[] {
  if (entities.length < 2) return entities;
  const seen = new Map<SourceValue, Set<Frame | null>>();
  const found = entities.filter((entity) => {
    if (entity.kind !== "value") return true;
    const { value, frame } = entity.at;
    const frames = seen.get(value) ?? new Set();
    if (frames.has(frame)) return false;
    seen.set(value, frames.add(frame));
    return true;
  });
  return found.slice(0, MOST_ALTERNATIVES);
}

// A key that more objects have says nothing.
const MOST_KEYED = 3;

/**
 * What stands under a telling key such as `DESCRIPTION_PROMPT` somewhere in the program, for objects that cannot be
 * followed, as settings of a framework cannot.
 */
function keyedEntities(tracer: Tracer, { object, property, to }: MemberValue): readonly Entity[] {
  const isWritten = to > object.to;
  const found = tracer.followsCalls && isWritten ? (tracer.index.textsByKey.get(property) ?? []) : [];
  if (found.length > MOST_KEYED) return [];
  return found.flatMap(({ module, value }) => tracer.expand({ module, value, frame: null }));
}

function expandOnce(tracer: Tracer, at: Located): readonly Entity[] {
  const { module, value, frame } = at;
  switch (value.kind) {
    case "name": {
      const found = lookUpName(tracer, { ...at, value });
      return found.length > 0 ? found : [{ kind: "value", at }];
    }
    case "member": {
      const found = tracer.members({ module, value: value.object, frame }, value.property);
      const known = found.some(({ kind }) => kind !== "external")
        ? found
        : [...found, ...keyedEntities(tracer, value)];
      return known.length > 0 ? known : [{ kind: "value", at }];
    }
    case "call":
      return expandCall(tracer, { module, call: value.call, frame }) ?? [{ kind: "value", at }];
    case "choice":
      return value.options.flatMap((option) => tracer.expand({ module, value: option, frame }));
    case "function": {
      const isClass = tracer.index.modules[module]!.scopes[value.scope]!.kind === "class";
      const place = { module, scope: value.scope };
      return [isClass ? { kind: "class", ...place } : { kind: "function", ...place, self: null }];
    }
    default:
      return [{ kind: "value", at }];
  }
}
