/** The names that the chains of a store start from, the same on every store. */
import { chainStart, type Sha256 } from "@colophon/kernel";

export const RECORD_CHAIN = "records";
export const SEAL_CHAIN = "seals";

export function executionChainStart(writer: string, hash: Sha256): string {
  return chainStart(`executions of ${writer}`, hash);
}

export function outcomeChainStart(writer: string, hash: Sha256): string {
  return chainStart(`outcomes of ${writer}`, hash);
}
