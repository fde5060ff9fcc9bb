/** Says which profile stands behind a model name at a moment: drift, new names and retired ones. */

import { HarnessError } from "@colophon/kernel";
import { findProfile, MODEL_PROFILES, type ModelProfile, namedProfile } from "../profiles.ts";

/** From a moment on a name behaves like another profile, or with other weights; nothing announces it. */
export interface ModelDrift {
  readonly model: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The name of a profile, or the weights that change. */
  readonly profile: string | Partial<ModelProfile>;
  /** What the fingerprint does: `changes` unless given; `absent` leaves it out from then on. */
  readonly fingerprint?: "changes" | "stays" | "absent";
}

/** From a moment on the name is answered with 404. */
export interface ModelRetirement {
  readonly model: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface LineUpOptions {
  /** New model names, each with the name of the profile it behaves like. */
  readonly models?: Readonly<Record<string, string>>;
  readonly drifts?: readonly ModelDrift[];
  readonly retirements?: readonly ModelRetirement[];
}

export interface ServedModel {
  readonly profile: ModelProfile;
  /** What the fingerprint names; null where there is none. */
  readonly fingerprint: string | null;
}

export interface ModelLineUp {
  /** Undefined when the name was retired by then. */
  at(model: string, now: number): ServedModel | undefined;
  /** The names it knows at a moment, new ones last. */
  names(now: number): readonly { readonly name: string; readonly profile: ModelProfile }[];
}

function profileNamed(name: string, option: string): ModelProfile {
  const found = namedProfile(name);
  if (found !== undefined) return found;
  const known = MODEL_PROFILES.map((profile) => profile.name).join(", ");
  throw new HarnessError(
    "usage",
    `The simulator's ${option} names the profile ${name}; give one of ${known}.`,
  );
}

function drifted(served: ServedModel, drift: ModelDrift): ServedModel {
  const { profile, fingerprint = "changes" } = drift;
  const next =
    typeof profile === "string"
      ? profileNamed(profile, "drift")
      : { ...served.profile, name: `${served.profile.name}-drifted`, ...profile };
  if (fingerprint === "absent") return { profile: next, fingerprint: null };
  return { profile: next, fingerprint: fingerprint === "stays" ? served.fingerprint : next.name };
}

/** Refuses profiles that there are not and moments that are none. */
export function createLineUp(options: LineUpOptions): ModelLineUp {
  const { models = {}, drifts = [], retirements = [] } = options;
  const added = Object.entries(models).map(([name, profile]) => ({
    name,
    profile: profileNamed(profile, "models"),
  }));
  for (const { model, at } of [...drifts, ...retirements]) {
    if (!Number.isFinite(at))
      throw new HarnessError(
        "usage",
        `The simulator's change of ${model} is at ${at}; give epoch milliseconds.`,
      );
  }
  for (const { profile } of drifts) if (typeof profile === "string") profileNamed(profile, "drifts");
  const inTime = drifts.toSorted((left, right) => left.at - right.at);
  const gone = (model: string, now: number): boolean =>
    retirements.some((each) => each.model === model && each.at <= now);
  return {
    at(model, now) {
      if (gone(model, now)) return undefined;
      const profile = added.find((each) => each.name === model)?.profile ?? findProfile(model);
      const first: ServedModel = { profile, fingerprint: profile.name };
      return inTime.filter((each) => each.model === model && each.at <= now).reduce(drifted, first);
    },
    names(now) {
      const named = MODEL_PROFILES.map((profile) => ({ name: profile.name, profile }));
      return [...named, ...added].filter(({ name }) => !gone(name, now));
    },
  };
}
