/** What a figure depends on besides the code: the machine and its Node. */
import { cpus, totalmem } from "node:os";

export interface MachineFacts {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  /** ISO 8601. */
  readonly date: string;
}

export function machineFacts(now: Date): MachineFacts {
  const all = cpus();
  return {
    cores: all.length,
    cpu: all[0]?.model.trim() || "unknown",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    date: now.toISOString(),
  };
}
