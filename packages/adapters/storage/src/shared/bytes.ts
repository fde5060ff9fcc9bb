/** Hex digits and bytes, as SQLite's columns want them. */

/** Lower-case hex digits of a BLOB read from a row. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

export function fromHex(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

/** The ten bytes of a UUIDv7 behind its milliseconds. */
export function restOfId(id: string): Buffer {
  return Buffer.from(id.slice(14, 18) + id.slice(19, 23) + id.slice(24), "hex");
}

/** A UUIDv7 from its milliseconds and the ten bytes behind them. */
export function idOf(at: number, rest: Uint8Array): string {
  const time = at.toString(16).padStart(12, "0");
  const hex = toHex(rest);
  return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
}
