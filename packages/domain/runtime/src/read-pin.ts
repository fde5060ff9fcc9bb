/** Reads what `call.pin` gave for a conversation. */

/** A key of 200 characters, "@" and a hash of 64 are the longest pin there is. */
const LONGEST = 265;

export interface Pin {
  readonly key: string;
  /** Null for a text that only the code knows. */
  readonly version: number | null;
  /** Empty for a version. */
  readonly hash: string;
}

/** Reads `key@v7` or `key@<64 hex>`; undefined for anything else. */
export function readPin(pin: string): Pin | undefined {
  if (typeof pin !== "string" || pin.length > LONGEST) return undefined;
  const match = /^(.+)@(?:v([1-9]\d{0,8})|([0-9a-f]{64}))$/.exec(pin);
  if (match === null) return undefined;
  return {
    key: match[1] as string,
    version: match[2] === undefined ? null : Number(match[2]),
    hash: match[3] ?? "",
  };
}
