/** The id in the fence around untrusted values: the same for every rendering of one version. */

/**
 * The last 12 hexadecimal digits of a hash, in lower case: the first ones are what people see and
 * quote, and a value may well mention those. Of what is no hash the id is none, which compiling refuses.
 */
export function fenceId(bodyHash: string): string {
  return bodyHash.slice(-12).toLowerCase();
}

export function isFenceId(id: string): boolean {
  return /^[0-9a-f]{12}$/.test(id);
}
