/** Tells whether a process on the same machine has ended, also where another one got its number meanwhile. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What names a process: the machine, its number there, and when it began, as far as the system says. */
export interface ProcessMark {
  readonly host: string;
  readonly pid: number;
  readonly began: string | null;
}

let own: ProcessMark | undefined;

export function ownProcess(): ProcessMark {
  own ??= { host: hostOf(), pid: process.pid, began: beganOf(process.pid) };
  return own;
}

/** Containers of one machine may share its name, but not its numbers of processes. */
function hostOf(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/**
 * Linux alone says it without being asked by another program: the ticks since the system's start. A
 * process that ended and that nobody has buried yet, as in a container without an init, has none.
 */
function beganOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets, which may hold anything; these are the 3rd and the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** Null for a process of another machine, which nobody here can tell. */
export function hasEnded({ host, pid, began }: ProcessMark): boolean | null {
  if (host !== ownProcess().host) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be asked, which says that it is there.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return true;
  }
  return began !== null && beganOf(pid) !== began;
}
