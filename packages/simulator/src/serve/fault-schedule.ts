/** Holds the faults of the next requests, in the order in which requests come in. */

import { HarnessError } from "@colophon/kernel";
import { type DemandedFault, FAULT_SYNTAX, readFault } from "./read-fault.ts";

export interface FaultSchedule {
  /** Adds `429;times=2` and the like: one request each unless it says more. Refuses what it cannot read. */
  add(fault: string): void;
  /** The fault of the next request, while there is one left. */
  next(): DemandedFault | undefined;
}

export function createFaultSchedule(first: readonly string[] = []): FaultSchedule {
  const waiting: { readonly fault: DemandedFault; left: number }[] = [];
  const schedule: FaultSchedule = {
    add(text) {
      const fault = readFault(text, 1);
      if (fault === undefined)
        throw new HarnessError("usage", `The simulator cannot read the fault '${text}'. ${FAULT_SYNTAX}`);
      if (fault.times > 0) waiting.push({ fault, left: fault.times });
    },
    next() {
      const entry = waiting[0];
      if (entry === undefined) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) waiting.shift();
      return entry.fault;
    },
  };
  for (const fault of first) schedule.add(fault);
  return schedule;
}
