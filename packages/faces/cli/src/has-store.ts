/** Whether there is a store to ask: one that is named, or one that lies upward. */
import { locateStore } from "@colophon/harness";
import type { Cli, GlobalFlags } from "./cli.ts";

/** Files can do without one; one that is named is there, or it is an error. */
export function hasStore(cli: Cli, flags: GlobalFlags): boolean {
  return cli.storeName(flags) !== undefined || locateStore({ cwd: cli.io.cwd }).exists;
}
