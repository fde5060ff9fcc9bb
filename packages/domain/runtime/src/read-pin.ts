/** Reads what `call.pin` gave for a conversation. */

export interface Pin {
  readonly key: string;
  /** Null for a text that only the code knows. */
  readonly version: number | null;
  /** Empty for a version. */
  readonly hash: string;
}

/** Reads `key@v7` or `key@<64 hex>`; undefined for anything else, as for a key longer than any prompt has. */
export function readPin(pin: string): Pin | undefined {
  const match = typeof pin === "string" && /^(.{1,200})@(?:v([1-9]\d{0,8})|([0-9a-f]{64}))$/.exec(pin);
  if (!match) return undefined;
  const [, key, version, hash = ""] = match as unknown as readonly [string, string, string?, string?];
  return { key, version: version ? Number(version) : null, hash };
}
