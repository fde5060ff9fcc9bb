/** Retires an application that no longer declares prompts in an environment. */
import { decideRetire, type Retired } from "@colophon/delivery";
import type { Harness } from "./harness.ts";

export interface RetireRequest {
  /** Null for the one without a name. */
  readonly application: string | null;
  readonly environment: string;
  /** Every prompt that it declares there when null. */
  readonly key: string | null;
  readonly reason: string;
}

/**
 * From then on releases need not fit it there. When it is started again it declares its prompts again.
 *
 * @throws HarnessError `application-unknown`, `environment-unknown`, `key-unknown` or `reason-missing`.
 * @example
 * const { prompts } = await retireApplication(harness, {
 *   application: "old-shop",
 *   environment: "production",
 *   key: null,
 *   reason: "switched off in May",
 * });
 */
export async function retireApplication(harness: Harness, request: RetireRequest): Promise<Retired> {
  const by = harness.actor;
  return (await harness.records.append((state) => decideRetire(state, { ...request, by }))).result;
}
