/** A snapshot source with something beside it: what is told through it is told to somebody else, too. */
import type { SnapshotChange } from "@colophon/kernel";
import type { FedSource } from "@colophon/runtime";

export interface SourceDecoration {
  /** Told of each snapshot and change, after the one who listens was. */
  readonly served?: (served: SnapshotChange) => void;
  /** After the source was started. */
  readonly started?: () => void;
  /** After the source was closed. */
  readonly closed?: () => Promise<void>;
}

export function decorateSource(source: FedSource, decoration: SourceDecoration): FedSource {
  const { served, started, closed } = decoration;
  return {
    start(listener, live) {
      const decorated: typeof listener = {
        onSnapshot(document) {
          listener.onSnapshot(document);
          served?.(document);
        },
        onChange(change) {
          listener.onChange(change);
          served?.(change);
        },
        onLost: (error, since) => listener.onLost(error, since),
        onRecovered: () => listener.onRecovered(),
      };
      source.start(decorated, live);
      started?.();
    },
    want: (key, version, isPassing) => source.want?.(key, version, isPassing),
    isComing: (key, version) => source.isComing?.(key, version) ?? false,
    waitForWanted: async (wait) => (await source.waitForWanted?.(wait)) ?? [],
    // Asked with each resolution: a source that has no use for it stays without it.
    ...(source.asked && { asked: (resolution) => source.asked?.(resolution) }),
    async close() {
      await source.close?.();
      await closed?.();
    },
  };
}
