/** The id in the fence around untrusted values: the same for every rendering of one version. */
import { HarnessError } from "../errors.ts";
import { say } from "../say.ts";

/**
 * The last 12 hexadecimal digits of a hash, in lower case: the first ones are what people see and
 * quote, and a value may well mention those.
 */
export function fenceId(bodyHash: string): string {
  const id = bodyHash.slice(-12).toLowerCase();
  if (!isFenceId(id)) {
    throw new HarnessError(
      "usage",
      say`A fence is made from a hash of at least 12 hexadecimal digits: pass the bodyHash.`,
    );
  }
  return id;
}

export function isFenceId(id: string): boolean {
  return /^[0-9a-f]{12}$/.test(id);
}
