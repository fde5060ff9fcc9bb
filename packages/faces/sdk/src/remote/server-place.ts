/** Reads where a server is, and the key that opens it. */
import { HarnessError } from "@colophon/kernel";

export interface ServerPlace {
  /** Scheme, host and port: the key goes nowhere else. */
  readonly origin: string;
  /** `~` for the project of the key. */
  readonly project: string;
  readonly apiKey: string;
  /** For sentences. */
  readonly name: string;
}

const ADDRESS = /^(https?:\/\/[^/?#@\s]+)(?:\/projects\/([a-z][a-z0-9-]*))?\/?$/i;
/** In a path, the project of the key. */
const OWN_PROJECT = "~";

/** Whether the store is named by the address of a server. */
export function isServerAddress(address: string | undefined): address is string {
  return address !== undefined && /^https?:\/\//i.test(address);
}

/**
 * @throws HarnessError `usage` for an address that is none, or without a key.
 */
export function serverPlace(address: string, key: string | undefined): ServerPlace {
  const [, given, project = OWN_PROJECT] = ADDRESS.exec(address) ?? [];
  if (given === undefined || !URL.canParse(given)) {
    // The address may hold a password: it is not repeated.
    throw new HarnessError(
      "usage",
      "The address of the server is none; write https://host or https://host/projects/NAME.",
    );
  }
  const { origin } = new URL(given);
  const name = project === OWN_PROJECT ? origin : `${origin}/projects/${project}`;
  const apiKey = key?.trim() ?? "";
  if (apiKey === "") {
    throw new HarnessError(
      "usage",
      `The server ${name} opens with a key: set COLOPHON_API_KEY, or pass apiKey to open().`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new HarnessError("usage", `The key for ${name} holds characters that no key has; copy it again.`);
  }
  return { origin, project, apiKey, name };
}
