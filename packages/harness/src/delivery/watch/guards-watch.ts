/** Holds what is live against its standing guards, and does what delivery decides about a breach. */
import {
  type CostOf,
  decideStanding,
  liveOf,
  type StandingDecided,
  StandingGuards,
} from "@colophon/delivery";
import type { EpochMs, GuardEntry, RegistryState, Revision } from "@colophon/kernel";
import { changeRegistry } from "../../change-registry.ts";
import { predecessorNumber } from "../../guards/predecessor-number.ts";
import type { Harness } from "../../harness.ts";
import { ArrivalReader } from "./arrival-reader.ts";

export interface GuardLook {
  readonly key: string;
  readonly environment: string;
  readonly metric: string;
  /** Null where nothing had to be decided, or where looking failed. */
  readonly decided: StandingDecided | null;
  /** In one sentence, what failed. */
  readonly problem: string | null;
}

interface Predecessor {
  readonly value: number | null;
  readonly askedAt: EpochMs;
}

/** A number that is not known yet may come with late rows and outcomes; finding it reads many rows. */
const ASK_AGAIN_MS = 30_000;

export class GuardsWatch {
  readonly #harness: Harness;
  readonly #costOf: CostOf;
  #standing: StandingGuards;
  #reader: ArrivalReader | null = null;
  #known = "";
  /** A predecessor's number does not change while both versions stand: by guard's and release's revision. */
  readonly #predecessors = new Map<string, Predecessor>();

  constructor(harness: Harness, costOf: CostOf) {
    this.#harness = harness;
    this.#costOf = costOf;
    this.#standing = new StandingGuards({ costOf });
  }

  /** One look at each guard; what fails about one keeps none of the others from being looked at. */
  async look(state: RegistryState): Promise<readonly GuardLook[]> {
    const guards = [...state.prompts.values()].flatMap((prompt) => [...prompt.guards.values()]);
    if (guards.length === 0) {
      this.#reader = null;
      return [];
    }
    this.#follow(guards);
    try {
      await this.#reader?.read((arrivals) => this.#standing.fold(arrivals));
    } catch (error) {
      // Begun anew at the next look: what was folded may be half of a page.
      this.#reader = null;
      throw error;
    }
    // A watcher that has just started reads long windows in several looks, and a part of one is no share of it.
    if (this.#reader?.isDone !== true) return [];
    const looks: GuardLook[] = [];
    for (const guard of guards) looks.push(await this.#lookAt(state, guard));
    return looks;
  }

  async #lookAt(state: RegistryState, guard: GuardEntry): Promise<GuardLook> {
    const { key, environment, metric } = guard;
    try {
      const decided = await this.#judge(state, guard);
      return {
        key,
        environment,
        metric,
        decided: decided?.outdated === true ? null : decided,
        problem: null,
      };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { key, environment, metric, decided: null, problem };
    }
  }

  /** Other guards, or another look back, read their windows from the start; the windows that stay are the same. */
  #follow(guards: readonly GuardEntry[]): void {
    const known = guards.map(({ id, revision }) => `${id} ${revision}`).join();
    if (this.#reader !== null && known === this.#known) {
      this.#standing.follow(guards);
      return;
    }
    this.#known = known;
    this.#standing = new StandingGuards({ costOf: this.#costOf });
    this.#standing.follow(guards);
    this.#predecessors.clear();
    const longest = Math.max(...guards.map(({ window }) => window));
    const prompts = [...new Set(guards.map(({ key }) => key))];
    this.#reader = new ArrivalReader(this.#harness, { prompts, since: this.#harness.clock.now() - longest });
  }

  async #judge(state: RegistryState, guard: GuardEntry): Promise<StandingDecided | null> {
    const live = liveOf(state, guard.key, guard.environment);
    if (live === undefined) return null;
    const { actor: by, clock } = this.#harness;
    const now = clock.now();
    const { version, release } = live;
    const seen = release.revision;
    const predecessor = await this.#predecessorOf(state, guard, seen);
    const reading = this.#standing.reading(guard.id, { version, now, predecessor });
    if (reading.state !== "breached") return null;
    const { result } = await changeRegistry(this.#harness, (current, texts) =>
      decideStanding(current, { reading, seen, by, now, texts }),
    );
    return result;
  }

  async #predecessorOf(state: RegistryState, guard: GuardEntry, release: Revision): Promise<number | null> {
    if (guard.against === "limit") return null;
    const name = `${guard.id} ${guard.revision} ${release}`;
    const known = this.#predecessors.get(name);
    const askedAt = this.#harness.clock.now();
    if (known !== undefined && (known.value !== null || askedAt - known.askedAt < ASK_AGAIN_MS)) {
      return known.value;
    }
    const found = await predecessorNumber(this.#harness, { state, guard, costOf: this.#costOf });
    const value = found?.value ?? null;
    this.#predecessors.set(name, { value, askedAt });
    return value;
  }
}
