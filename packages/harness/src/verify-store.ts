/** Holds the store against its chains, seals and hashes, and against heads that were kept outside. */
import type { Anchor, Seal, VerifyReport } from "@colophon/kernel";
import type { Harness } from "./harness.ts";

export interface VerifyQuery {
  /** Heads that were kept outside, to be held against the store; null asks for the first ones. */
  readonly anchor?: Anchor | null;
}

export interface VerifyResult extends VerifyReport {
  readonly ok: boolean;
  /** Heads to be kept outside from now on; null where none were asked for, and where not everything held. */
  readonly anchor: Anchor | null;
}

/**
 * Never writes into the store.
 *
 * @example
 * const { ok, findings } = await verifyStore(harness, {});
 */
export async function verifyStore(harness: Harness, { anchor }: VerifyQuery): Promise<VerifyResult> {
  const report = await harness.care.verify(anchor === undefined || anchor === null ? {} : { anchor });
  const ok = report.findings.length === 0;
  return { ...report, ok, anchor: ok && anchor !== undefined ? await harness.care.anchor() : null };
}

/**
 * Seals all heads now; undefined when nothing moved since the last seal.
 *
 * @example
 * const seal = await sealStore(harness);
 */
export function sealStore(harness: Harness): Promise<Seal | undefined> {
  return harness.care.seal();
}
