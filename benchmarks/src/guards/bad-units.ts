/** Streams of units that go bad, each unit with one request, told to guards and to a naive z-test. */
import {
  addBadUnit,
  type BinaryGuard,
  type Draws,
  normalQuantile,
  rejects,
  startBinaryGuard,
} from "@colophon/methods";
import { challengerRequests, normal, type Traffic } from "./traffic.ts";

export interface BadUnit {
  readonly arm: "challenger" | "control";
  readonly share: number;
  readonly request: number;
}

export interface BadRates {
  /** The control's rate where the level is 1. */
  readonly base: number;
  /** The challenger's rate to the control's. */
  readonly ratio: number;
}

/**
 * Visits the bad units until a visit says to stop. Only requests that could be bad are drawn: the gap to
 * the next is geometric at the largest rate, and one is kept with the rate of its arm and time to that.
 */
export function visitBadUnits(
  { traffic, rates }: { readonly traffic: Traffic; readonly rates: BadRates },
  random: Draws,
  visit: (unit: BadUnit) => boolean,
): void {
  const { requests, share, level, most } = traffic;
  const largest = rates.base * most * Math.max(1, rates.ratio);
  const perGap = 1 / Math.log1p(-largest);
  let request = 0;
  for (;;) {
    request += 1 + Math.floor(Math.log(1 - random.next()) * perGap);
    if (request > requests) return;
    const way = (request - 1) / requests;
    const now = share(way);
    const isChallenger = random.next() < now;
    const rate = rates.base * level(way) * (isChallenger ? rates.ratio : 1);
    if (random.next() * largest >= rate) continue;
    if (visit({ arm: isChallenger ? "challenger" : "control", share: now, request })) return;
  }
}

/** The request at which the guard fires, or infinity. */
export function firesAt(
  stream: {
    readonly traffic: Traffic;
    readonly rates: BadRates;
    readonly alpha: number;
    readonly guard: Pick<BinaryGuard, "side" | "ratio">;
  },
  random: Draws,
): number {
  let guard = startBinaryGuard(stream.guard);
  let fired = Number.POSITIVE_INFINITY;
  visitBadUnits(stream, random, (unit) => {
    guard = addBadUnit(guard, unit);
    if (!rejects(guard.eValue, stream.alpha)) return false;
    fired = unit.request;
    return true;
  });
  return fired;
}

const LOOKS = 100;

/** The naive test: two rates, pooled, one-sided, looked at 100 times in equal steps. */
export class NaiveRates {
  readonly #traffic: Traffic;
  readonly #random: Draws;
  readonly #critical: number;
  readonly #bad = { challenger: 0, control: 0 };
  readonly #requests = { challenger: 0, control: 0 };
  #look = 1;
  fired = false;

  constructor(traffic: Traffic, alpha: number, random: Draws) {
    this.#traffic = traffic;
    this.#random = random;
    this.#critical = normalQuantile(1 - alpha);
  }

  add({ arm, request }: BadUnit): void {
    this.lookUntil(request);
    this.#bad[arm] += 1;
  }

  /** Takes the looks that are due before a request; there are a hundred. */
  lookUntil(request: number): void {
    const step = this.#traffic.requests / LOOKS;
    for (; this.#look <= LOOKS && this.#look * step < request; this.#look += 1) {
      const share = this.#traffic.share((this.#look - 0.5) / LOOKS);
      // Who of that many requests is the challenger's: binomial, near enough to normal.
      const mean = step * share;
      const drawn = Math.round(mean + normal(this.#random) * Math.sqrt(mean * (1 - share)));
      const challenger = Math.min(step, Math.max(0, drawn));
      this.#requests.challenger += challenger;
      this.#requests.control += step - challenger;
      this.fired ||= this.#statistic() > this.#critical;
    }
  }

  #statistic(): number {
    const [n, m] = [this.#requests.challenger, this.#requests.control];
    const pooled = (this.#bad.challenger + this.#bad.control) / (n + m);
    const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
    return error > 0 ? (this.#bad.challenger / n - this.#bad.control / m) / error : 0;
  }
}

/** A request as the challenger's requests until then, in the mean. */
export function asChallengerRequests(traffic: Traffic, request: number): number {
  return Number.isFinite(request) ? challengerRequests(traffic, request) : request;
}
