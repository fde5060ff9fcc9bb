/** A house to ask: one whose stores are at hand, or one behind a server. */
import type { Actor, Clock } from "@colophon/kernel";
import type { Harness } from "./harness.ts";
import type { AnyOperation, OperationPlace } from "./operations/operation.ts";
import type { JobListener } from "./remote/job-listener.ts";

/** The way to a server's operations. */
export interface RemoteCalls {
  /**
   * @returns the output, as JSON gives it.
   * @throws HarnessError that the server answered, or `store-unavailable`.
   */
  call(operation: OperationPlace & { readonly kind: AnyOperation["kind"] }, input: object): Promise<unknown>;
  /** As `call`, for what the server does as a job: follows it to its end. */
  follow(operation: OperationPlace, input: object, listener: JobListener): Promise<unknown>;
}

/** A house behind a server: its rules are there, and so is what it keeps. */
export interface RemoteHouse {
  readonly remote: RemoteCalls;
  /** The server's address and the project, without keys. */
  readonly store: string;
  readonly actor: Actor;
  readonly clock: Clock;
  close(): Promise<void>;
}

export type House = Harness | RemoteHouse;

/**
 * Whether a server keeps what is asked of the house.
 *
 * @example
 * if (isRemote(house)) console.log(`asked of ${house.store}`);
 */
export function isRemote(house: House): house is RemoteHouse {
  return "remote" in house;
}
