/** Reads the hosts that an operator lets this server reach wherever they are. */
import { HarnessError } from "@colophon/kernel";

/** Whether an operator has named this host, or this port of it. */
export type AllowedHosts = (hostname: string, port: number) => boolean;

/**
 * @param entries `models.internal`, `10.0.0.7:8080` or `[fd00::7]:8080`; without a port all of them.
 * @throws HarnessError `usage` for an entry that is none.
 * @example
 * const isAllowed = readAllowedHosts(["127.0.0.1:4100"]);
 */
export function readAllowedHosts(entries: readonly string[]): AllowedHosts {
  const allowed = new Set(entries.map(readEntry));
  return (hostname, port) => {
    const name = hostname.toLowerCase();
    return allowed.has(name) || allowed.has(`${name}:${port}`);
  };
}

const ENTRY = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]]+)(?::(\d{1,5}))?$/i;

function readEntry(entry: string): string {
  const [, host = "", port] = ENTRY.exec(entry.trim()) ?? [];
  // As addresses write it, so that 127.1 and 127.0.0.1 are one host.
  const url = URL.parse(`http://${host}`);
  if (host === "" || url === null || Number(port ?? 0) > 65_535) {
    throw new HarnessError("usage", `"${entry}" is no host that can be allowed; write host, or host:port.`);
  }
  const hostname = bareHost(url.hostname);
  return port === undefined ? hostname : `${hostname}:${Number(port)}`;
}

/** An IPv6 address without the brackets that stand around it in a URL. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
