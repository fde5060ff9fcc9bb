/** Identifiers: UUIDv7 (RFC 9562) for rows that are born in many processes. */
import type { Clock, EpochMs } from "./clock.ts";
import { HarnessError } from "./errors.ts";
import type { RandomSource } from "./random.ts";

declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

/** Names one execution: a UUID whose first part is its time. */
export type ExecutionId = Branded<"ExecutionId">;
export type OutcomeId = Branded<"OutcomeId">;
export type WriterId = Branded<"WriterId">;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const POOL_BYTES = 4096;
const RANDOM_BYTES_PER_ID = 10;

/** Makes UUIDv7 strings: 48 bits of milliseconds, then 74 random bits. */
export interface IdSource {
  /** A new id stamped with the clock's time, or with the given one. */
  next(at?: EpochMs): string;
}

/** An id source over an injected clock and generator; random bytes are drawn in blocks of 4 KiB. */
export function createIdSource(parts: { readonly clock: Clock; readonly random: RandomSource }): IdSource {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    next(at = parts.clock.now()) {
      if (used + RANDOM_BYTES_PER_ID > POOL_BYTES) {
        parts.random.fill(pool);
        used = 0;
      }
      const from = used;
      used += RANDOM_BYTES_PER_ID;
      return formatUuid7(at, pool, from);
    },
  };
}

function formatUuid7(at: EpochMs, pool: Uint8Array, from: number): string {
  const hex = (index: number): string => HEX[pool[from + index] as number] as string;
  const time = Math.floor(at).toString(16).padStart(12, "0");
  const version = HEX[0x70 | ((pool[from] as number) & 0x0f)] as string;
  const variant = HEX[0x80 | ((pool[from + 2] as number) & 0x3f)] as string;
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-${version}${hex(1)}-${variant}${hex(3)}-` +
    `${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`
  );
}

/** The millisecond an id was stamped with. */
export function timeOfId(id: string): EpochMs {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Reads an execution id as a person typed it; anything but a UUIDv7 is bad input. */
export function parseExecutionId(text: string): ExecutionId {
  const id = text.trim().toLowerCase();
  if (!UUID.test(id)) {
    throw new HarnessError(
      "input-malformed",
      `"${text}" is not an execution id; give the UUID that \`colophon ledger\` or \`call.executionId\` shows.`,
    );
  }
  return id as ExecutionId;
}
