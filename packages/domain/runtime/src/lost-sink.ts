/** The sink of a place with nowhere to write: says so once, and counts. */
import type { LedgerSink } from "@colophon/kernel";

/** Drops every row; the first one is told to a person. */
export function lostSink(onNotice: (message: string) => void): LedgerSink {
  let dropped = 0;
  const drop = (): "dropped" => {
    if (dropped++ === 0)
      onNotice("there is no store here, so calls are not recorded; pass a sink to open() to keep them.");
    return "dropped";
  };
  return {
    write: drop,
    writeOutcome: drop,
    writeStart: drop,
    gap: () => undefined,
    flush: async () => undefined,
    close: async () => undefined,
  };
}
