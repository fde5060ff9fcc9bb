/** Opens a house behind a server: its operations are asked for over HTTP. */
import { type Actor, type Clock, HarnessError, systemClock } from "@colophon/kernel";
import type { RemoteHouse } from "../house.ts";
import { HttpCalls } from "./http-calls.ts";

export interface RemoteOptions {
  /** `https://host`, or `https://host/projects/NAME` for a key that opens several. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly actor: Actor;
  readonly clock?: Clock;
}

/** Whether the store is named by the address of a server. */
export function isServer(store: string | undefined): store is string {
  return store !== undefined && /^https?:\/\//i.test(store);
}

/** @throws HarnessError `usage` for an address that is none, or without a key. */
export function openRemoteHouse({ url, apiKey, actor, clock = systemClock }: RemoteOptions): RemoteHouse {
  if (apiKey === undefined) {
    throw new HarnessError("usage", `${url} opens with a key: set COLOPHON_API_KEY.`);
  }
  const place = readPlace(url);
  return {
    remote: new HttpCalls({ ...place, apiKey }),
    store: place.project === OWN_PROJECT ? place.origin : `${place.origin}/projects/${place.project}`,
    actor,
    clock,
    close: async () => undefined,
  };
}

/** In a path, the project of the key. */
const OWN_PROJECT = "~";

function readPlace(url: string): { readonly origin: string; readonly project: string } {
  const [, origin, project = OWN_PROJECT] =
    /^(https?:\/\/[^/?#@]+)(?:\/projects\/([a-z][a-z0-9-]*))?\/?$/i.exec(url) ?? [];
  if (origin !== undefined) return { origin, project };
  throw new HarnessError(
    "usage",
    "The address of the server is none; write https://host or https://host/projects/NAME.",
  );
}
