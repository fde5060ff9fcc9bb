/** What the clients of all providers need before they can be made: their package, and a key. */
import { HarnessError } from "@colophon/kernel";

export interface ClientOptions {
  /** The provider's own address when undefined. */
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** Milliseconds until an answer must have begun; the client's own limit when left out. */
  readonly timeoutMs?: number;
}

/** The client's package, which is the user's own. @throws HarnessError `usage` where it is not installed. */
export async function loadClient<M>(name: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (cause) {
    const what = `The ${name} package is not installed here; install it with \`npm install ${name}\`.`;
    throw new HarnessError("usage", what, { cause });
  }
}

/** Servers of one's own often want none. @throws HarnessError `usage` without one for the provider's own address. */
export function neededKey(variable: string, { baseUrl, apiKey }: ClientOptions): string {
  const key = apiKey || (baseUrl === undefined ? undefined : "no-key");
  if (key !== undefined) return key;
  throw new HarnessError("usage", `${variable} is not set; set it, or name another server with --base-url.`);
}
