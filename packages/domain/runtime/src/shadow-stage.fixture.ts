/** A runtime whose live version 1 is shadowed by version 2. */
import type { ShadowPlan, SnapshotRelease } from "@colophon/kernel";
import type { Call } from "./call.ts";
import type { Declaration, ResolveContext } from "./declaration.ts";
import {
  declarationOf,
  documentOf,
  openStage,
  type PromptPlan,
  type Stage,
  textOf,
} from "./runtime.fixture.ts";
import type { RuntimeParts } from "./runtime.ts";
import { type ShadowingOptions, shadowing } from "./shadowing.ts";

export const KEY = "support.triage";
const LIVE = textOf("live {{ticket}}");
export const TEXTS = { 1: LIVE, 2: textOf("challenger {{ticket}}") };
export const input = { ticket: "It crashes" };
export type Input = typeof input;

export interface ShadowOptions {
  readonly plan?: Partial<ShadowPlan>;
  readonly release?: Partial<SnapshotRelease>;
  readonly prompt?: Partial<PromptPlan>;
  readonly parts?: Partial<RuntimeParts>;
  readonly shadowing?: ShadowingOptions;
  readonly declaration?: Partial<Declaration>;
}

export interface ShadowStage extends Stage {
  readonly declaration: Declaration;
  /** Ends the rollout, as a stop or a rollback does. */
  endRollout(): void;
  resolve(context?: ResolveContext): Call<Input>;
}

export function openShadowed(options: ShadowOptions = {}): ShadowStage {
  const shadow: ShadowPlan = {
    rollout: "r1",
    version: 2,
    rate: 1,
    concurrency: 4,
    calls: 1_000,
    where: null,
    ...options.plan,
  };
  const released = { version: 1, model: null, inherited: null, plan: null };
  const documentWith = (release: SnapshotRelease) =>
    documentOf({ [KEY]: { versions: TEXTS, releases: { development: release }, ...options.prompt } });
  const stage = openStage(documentWith({ ...released, shadow, ...options.release }), {
    shadow: shadowing(options.shadowing),
    ...options.parts,
  });
  const declaration = declarationOf(KEY, options.prompt?.versions?.[1] ?? LIVE, options.declaration);
  return {
    ...stage,
    declaration,
    endRollout: () => stage.change({ ...documentWith(released), revision: 2 }),
    resolve: (context = { user: "ada" }) => stage.runtime.resolve<Input>(declaration, context),
  };
}

/** Lets everything run that waits for a turn of the event loop. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** A promise that the test settles. */
export function deferred<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
} {
  return Promise.withResolvers<T>();
}
