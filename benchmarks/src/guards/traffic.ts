/** The requests of a rollout: the challenger's share of them, and how the level of both arms moves meanwhile. */
import type { Draws } from "@colophon/methods";

export interface Traffic {
  readonly name: string;
  readonly requests: number;
  /** The challenger's share of the requests at a part of the way, from 0 to 1. */
  readonly share: (way: number) => number;
  /** What both arms' rates or means are multiplied by there, from 0 to `most`. */
  readonly level: (way: number) => number;
  readonly most: number;
}

const RAMP = [0.01, 0.02, 0.05, 0.1, 0.25, 0.5];

export function rampShare(way: number): number {
  return RAMP[Math.min(RAMP.length - 1, Math.floor(way * RAMP.length))] ?? 0.5;
}

/** Twice up and down, and half as much again from two thirds of the way on. */
export function drift(way: number): number {
  return (1 + 0.6 * Math.sin(4 * Math.PI * way)) * (way > 2 / 3 ? 1.5 : 1);
}

/** Steady, drifting, ramped, and both; one per cent; and a control as large as the challenger. */
export function trafficKinds(requests: number): readonly Traffic[] {
  const still = { level: () => 1, most: 1 };
  const moving = { level: drift, most: 2.4 };
  return [
    { name: "5 % share", requests, share: () => 0.05, ...still },
    { name: "5 % share, drift", requests, share: () => 0.05, ...moving },
    { name: "1 % share, drift", requests, share: () => 0.01, ...moving },
    { name: "half and half, drift", requests, share: () => 0.5, ...moving },
    { name: "ramp from 1 to 50 %", requests, share: rampShare, ...still },
    { name: "ramp from 1 to 50 %, drift", requests, share: rampShare, ...moving },
  ];
}

/** Requests of the challenger until the request `at`, in the mean. */
export function challengerRequests({ requests, share }: Traffic, at: number): number {
  const parts = 600;
  let sum = 0;
  for (let part = 0; part < parts; part += 1) {
    const [from, to] = [(part * requests) / parts, ((part + 1) * requests) / parts];
    if (from >= at) break;
    sum += (Math.min(at, to) - from) * share((part + 0.5) / parts);
  }
  return sum;
}

/** A standard normal number (Box and Muller). */
export function normal(random: Draws): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** The middle one; infinite where more than half are. */
export function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** The share of the values for which it holds. */
export function shareOf<T>(values: readonly T[], has: (value: T) => boolean): number {
  return values.filter(has).length / values.length;
}
