/** Waits, for a bounded time, until living processes have drained their spools into the store. */
import { type SpoolFile, spoolFiles } from "./spool-files.ts";

const LOOK_EVERY_MS = 50;

/** @returns the spools of living processes that still hold something when the time is over. */
export async function waitForSpools(spoolDir: string, timeoutMs: number): Promise<readonly SpoolFile[]> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const waiting = spoolFiles(spoolDir).filter(({ live, bytes }) => live && bytes > 0);
    if (waiting.length === 0 || performance.now() >= deadline) return waiting;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
