/** Secrets that are shown once, and what is kept of them. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { RandomSource } from "@colophon/kernel";

/** 256 bits cannot be guessed, so that a fast hash keeps them as well as a slow one. */
const TOKEN_BYTES = 32;

/** 256 random bits in base64url: 43 characters. */
export function randomToken(random: RandomSource): string {
  return Buffer.from(random.fill(new Uint8Array(TOKEN_BYTES))).toString("base64url");
}

/** SHA-256, 64 hex digits. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Compares two hashes in a time that does not tell where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, "hex"), Buffer.from(other, "hex")];
  return a.length === b.length && timingSafeEqual(a, b);
}
