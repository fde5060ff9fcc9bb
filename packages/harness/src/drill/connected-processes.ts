/** Who serves an environment now, and how far each of them follows the log. */
import { type Follower, inheritanceOf, type RegistryState, type Revision } from "@colophon/kernel";
import type { Harness } from "../harness.ts";

/** Processes speak at least every ten seconds; who was silent for longer than two of those is gone. */
const SILENCE_MS = 25_000;

/** Processes that serve what is live in the environment, those of environments that inherit it included. */
export async function connectedProcesses(
  { coordination, clock }: Harness,
  state: RegistryState,
  environment: string,
): Promise<readonly Follower[]> {
  const followers = await coordination.listFollowers(clock.now() - SILENCE_MS);
  return followers.filter((one) => inheritanceOf(state, one.environment).includes(environment));
}

export interface Following {
  /** Connected processes: those that were there at the beginning and did not end meanwhile. */
  readonly processes: number;
  /** Milliseconds until the last one served the revision; null where one did not in time. */
  readonly last: number | null;
  /** Names of those that did not. */
  readonly late: readonly string[];
  /** True where it was interrupted before its time was over. */
  readonly interrupted: boolean;
}

export interface FollowQuestion {
  readonly state: RegistryState;
  readonly environment: string;
  /** Who is waited for. */
  readonly processes: readonly Follower[];
  /** What they are to serve, and when it was recorded. */
  readonly revision: Revision;
  readonly at: number;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface WaitingParts {
  /** Lets milliseconds pass. */
  readonly pause: (ms: number) => Promise<void>;
  /** Whether to give up waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** Processes write down what they serve as soon as they do, so a look now and then loses nothing. */
const LOOK_MS = 20;

/** Waits until all of them serve the revision, or time is over; `each` is called at every look. */
export async function waitForFollowers(
  harness: Harness,
  question: FollowQuestion,
  { pause, signal, each }: WaitingParts & { readonly each: () => Promise<void> },
): Promise<Following> {
  const { state, environment, processes, revision, at, timeout } = question;
  const waited = new Map(processes.map((one) => [one.id, one]));
  const followed = new Map<string, number>();
  const until = harness.clock.now() + timeout;
  for (;;) {
    const there = new Map(
      (await connectedProcesses(harness, state, environment)).map((one) => [one.id, one]),
    );
    for (const id of waited.keys()) {
      const one = there.get(id);
      // Who ended serves nobody, neither the old version nor the new one.
      if (one === undefined && !followed.has(id)) waited.delete(id);
      else if (one !== undefined && one.revision >= revision && !followed.has(id)) {
        followed.set(id, Math.max(0, one.appliedAt - at));
      }
    }
    const interrupted = signal?.aborted === true;
    if (followed.size >= waited.size || interrupted || harness.clock.now() >= until) {
      const late = [...waited.values()].filter(({ id }) => !followed.has(id)).map(processName);
      const last = late.length > 0 || waited.size === 0 ? null : Math.max(...followed.values());
      return { processes: waited.size, last, late, interrupted: interrupted && late.length > 0 };
    }
    await each();
    await pause(LOOK_MS);
  }
}

function processName({ application, id }: Follower): string {
  return `${application ?? "an application without a name"} (process ${id})`;
}
