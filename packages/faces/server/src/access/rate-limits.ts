/** How often may be asked: by key or person, and by address for whoever is nobody yet. */
import { HarnessError } from "@colophon/kernel";
import ipaddr from "ipaddr.js";
import { RateLimiterMemory } from "rate-limiter-flexible";

const MINUTE_S = 60;
/** Requests of one address in a minute that nobody answers for: wrong keys, sign-ins, invitations. */
const STRANGERS = 60;
/** Refusals of strangers in a minute that are written down, from one address and from all. */
const NOTED_PER_ADDRESS = 10;
const NOTED = 100;

export class RateLimits {
  readonly #callers: RateLimiterMemory;
  readonly #strangers = new RateLimiterMemory({ points: STRANGERS, duration: MINUTE_S });
  readonly #notedAt = new RateLimiterMemory({ points: NOTED_PER_ADDRESS, duration: MINUTE_S });
  readonly #noted = new RateLimiterMemory({ points: NOTED, duration: MINUTE_S });

  /** @param requests of one key or person in a minute. */
  constructor(requests: number) {
    this.#callers = new RateLimiterMemory({ points: requests, duration: MINUTE_S });
  }

  /** @throws HarnessError `too-many-requests`, with `details.retryAfter` in seconds. */
  async count(caller: string): Promise<void> {
    await consume(this.#callers, caller, "This key or person");
  }

  /** @throws HarnessError `too-many-requests`, with `details.retryAfter` in seconds. */
  async countStranger(address: string): Promise<void> {
    await consume(this.#strangers, networkOf(address), "This address");
  }

  /** Whether a stranger's refusal is still to be written down: nobody shall fill the audit log from outside. */
  async mayNote(address: string): Promise<boolean> {
    return (await within(this.#notedAt, networkOf(address))) && (await within(this.#noted, "all"));
  }
}

/** Bits of an IPv6 address that say whose it is; whoever has one has all that begin alike. */
const NETWORK_BITS = 64;

function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/${NETWORK_BITS}`).toString();
}

async function consume(limiter: RateLimiterMemory, who: string, named: string): Promise<void> {
  try {
    await limiter.consume(who);
  } catch (spent) {
    const retryAfter = Math.ceil(((spent as { readonly msBeforeNext?: number }).msBeforeNext ?? 1000) / 1000);
    throw new HarnessError(
      "too-many-requests",
      `${named} asked more than ${limiter.points} times in a minute; try again in ${retryAfter} s.`,
      { details: { retryAfter } },
    );
  }
}

async function within(limiter: RateLimiterMemory, who: string): Promise<boolean> {
  return limiter.consume(who).then(
    () => true,
    () => false,
  );
}
