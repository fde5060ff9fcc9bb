/** A fetch that cannot be sent to addresses inside the operator's network: what users name is only reached in public. */
import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import { Agent, buildConnector, fetch as request, type RequestInit as UndiciInit } from "undici";
import { bareHost, readAllowedHosts } from "./allowed-hosts.ts";
import { isPublicAddress } from "./public-address.ts";
import { notPublic, publicLookup } from "./public-lookup.ts";

export interface GuardOptions {
  /** Hosts, or `host:port`, that an operator lets it reach wherever they are. */
  readonly allow: readonly string[];
  /** The system's unless given. */
  readonly lookup?: LookupFunction;
}

export interface GuardedFetch {
  /**
   * As the platform's.
   *
   * @throws HarnessError `not-allowed` for an address that is not public, at whichever hop, or no http.
   */
  readonly fetch: typeof globalThis.fetch;
  /** Ends the connections that are kept open, and requests that are still under way. */
  close(): Promise<void>;
}

/** Bytes of an answer; the largest that a model or a webhook gives is far smaller. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

/**
 * Each connection is held against the rule when it is made, with the very address that it goes to: a name that
 * resolves to another address a moment later changes nothing, and neither does a redirect.
 *
 * @example
 * const { fetch } = guardedFetch({ allow: ["models.internal:8080"] });
 */
export function guardedFetch({ allow, lookup = systemLookup as LookupFunction }: GuardOptions): GuardedFetch {
  const isAllowed = readAllowedHosts(allow);
  const open = buildConnector({ lookup });
  const guarded = buildConnector({ lookup: publicLookup(lookup) });
  const connect: buildConnector.connector = (options, callback) => {
    const hostname = bareHost(options.hostname);
    const port = Number(options.port) || (options.protocol === "https:" ? 443 : 80);
    if (isAllowed(hostname, port)) open(options, callback);
    // Nobody looks an address up.
    else if (isIP(hostname) !== 0 && !isPublicAddress(hostname)) callback(notPublic(hostname), null);
    else guarded(options, callback);
  };
  const dispatcher = new Agent({ connect, maxResponseSize: LARGEST_ANSWER });
  return {
    fetch: async (input, init) => {
      const { url, rest } = askedOf(input, init);
      if (!/^https?:$/.test(url.protocol)) {
        throw new HarnessError("not-allowed", `${url.protocol} is not asked; name an http or https address.`);
      }
      try {
        const answer = await request(url, { ...rest, dispatcher });
        return answer as unknown as Response;
      } catch (error) {
        throw refusalIn(error) ?? error;
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** The platform's requests and those of this package are not the same class. */
function askedOf(
  input: string | URL | Request,
  init: RequestInit = {},
): { readonly url: URL; readonly rest: UndiciInit } {
  if (!(input instanceof Request)) return { url: new URL(input), rest: init as UndiciInit };
  const { url, method, headers, body, redirect, signal } = input;
  const rest = { method, headers, redirect, signal, ...(body !== null && { body, duplex: "half" }), ...init };
  return { url: new URL(url), rest: rest as UndiciInit };
}

/** Fetch wraps what a connection failed with. */
function refusalIn(error: unknown): Error | undefined {
  for (let at = error, depth = 5; depth > 0 && at instanceof Error; depth--) {
    if (errorCodeOf(at) !== undefined) return at;
    at = at.cause;
  }
  return undefined;
}
