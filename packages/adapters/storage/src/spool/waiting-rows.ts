/** Rows that the store could not take: in a spool on disk while there is room, then in memory, then dropped and counted. */
import { basename, join } from "node:path";
import type { GapKind, WriteReceipt } from "@colophon/kernel";
import type { SpoolItem } from "./spool-frame.ts";
import { openSpoolFile, type SpoolFile } from "./spool-file.ts";
import { adoptSpools, claimName, releaseName, spoolName } from "./spool-name.ts";

export interface WaitingRowsOptions {
  readonly folder: string;
  readonly nextId: () => string;
  /** Bytes that the spool may take. */
  readonly spoolBytes: number;
  /** Rows that memory may take where there is no spool. */
  readonly memoryRows: number;
  readonly onDropped: (gap: { readonly kind: GapKind; readonly prompt: string | null; readonly reason: string }) => void;
}

/** Stores a group of items; true when they are in the store (or were dropped for good). */
export type StoreItems = (items: readonly SpoolItem[]) => boolean;

export interface WaitingRows {
  /** Rows that wait, in the spools (counted in bytes) and in memory. */
  readonly bytes: number;
  readonly inMemory: number;
  /** Why the spool does not take rows; undefined while it does. */
  readonly spoolTrouble: Error | undefined;
  put(item: SpoolItem): Exclude<WriteReceipt, "stored">;
  /** Hands one group to the store; false when nothing waits or the store refused. */
  drainGroup(limit: number, store: StoreItems): boolean;
  /** Takes over what dead processes left. */
  adopt(): void;
  touch(): void;
  close(): void;
}

const SPOOL_RETRY_MS = 2000;

/** Beyond half of the spool, contents are dropped before any row is. */
function withoutContents(item: SpoolItem): SpoolItem | undefined {
  if (item.kind !== "execution") return undefined;
  const { contents } = item.row;
  if (contents === null || (contents.variables === null && contents.output === null)) return undefined;
  return { kind: "execution", row: { ...item.row, contents: { ...contents, variables: null, output: null } } };
}

/** The prompt an item is about, where it says so. */
export function promptOf(item: SpoolItem): string | null {
  return item.kind === "outcome" ? null : item.row.prompt;
}

export function droppedKind(item: SpoolItem): GapKind {
  return item.kind === "outcome" ? "dropped-outcome" : "dropped-row";
}

export function createWaitingRows(options: WaitingRowsOptions): WaitingRows {
  let spool: SpoolFile | undefined;
  const adopted: SpoolFile[] = [];
  const memory: SpoolItem[] = [];
  let spoolTrouble: Error | undefined;
  let retryAt = 0;

  const openSpool = (): SpoolFile => {
    const name = spoolName(options.nextId());
    claimName(name);
    return openSpoolFile(join(options.folder, name));
  };

  const putInSpool = (item: SpoolItem): boolean => {
    if (spoolTrouble !== undefined && performance.now() < retryAt) return false;
    try {
      spool ??= openSpool();
      if (spool.size >= options.spoolBytes) return false;
      const lean = spool.size > options.spoolBytes / 2 ? withoutContents(item) : undefined;
      spool.append(lean ?? item);
      if (lean !== undefined) options.onDropped({ kind: "dropped-contents", prompt: promptOf(item), reason: "the spool is more than half full" });
      spoolTrouble = undefined;
      return true;
    } catch (error) {
      spoolTrouble = error as Error;
      retryAt = performance.now() + SPOOL_RETRY_MS;
      return false;
    }
  };

  const drainMemory = (limit: number, store: StoreItems): boolean => {
    const group = memory.slice(0, limit);
    if (group.length === 0 || !store(group)) return false;
    memory.splice(0, group.length);
    return true;
  };

  const drainSpool = (file: SpoolFile, limit: number, store: StoreItems): boolean => {
    const batch = file.next(limit);
    if (batch.items.length > 0 && !store(batch.items)) return false;
    if (batch.torn > 0) {
      options.onDropped({ kind: "dropped-row", prompt: null, reason: "a torn line of the spool" });
    }
    file.advance(batch);
    return true;
  };

  return {
    get bytes() {
      return (spool?.waiting ?? 0) + adopted.reduce((sum, file) => sum + file.waiting, 0);
    },
    get inMemory() {
      return memory.length;
    },
    get spoolTrouble() {
      return spoolTrouble;
    },
    put(item) {
      if (putInSpool(item)) return "spooled";
      if (memory.length < options.memoryRows) {
        memory.push(item);
        return "memory";
      }
      options.onDropped({ kind: droppedKind(item), prompt: promptOf(item), reason: "store, spool and memory were full or gone" });
      return "dropped";
    },
    drainGroup(limit, store) {
      if (memory.length > 0) return drainMemory(limit, store);
      const file = [spool, ...adopted].find((candidate) => candidate !== undefined && candidate.waiting > 0);
      if (file === undefined) return false;
      const done = drainSpool(file, limit, store);
      if (done && file.waiting === 0 && file !== spool) {
        adopted.splice(adopted.indexOf(file), 1);
        letGo(file);
      }
      return done;
    },
    adopt() {
      for (const path of adoptSpools(options.folder, options.nextId)) {
        const file = openSpoolFile(path);
        if (file.waiting > 0) adopted.push(file);
        else letGo(file);
      }
    },
    touch() {
      for (const file of [spool, ...adopted]) if (file !== undefined && file.waiting > 0) file.touch();
    },
    close() {
      for (const file of [spool, ...adopted]) if (file !== undefined) letGo(file);
      spool = undefined;
    },
  };
}

function letGo(file: SpoolFile): void {
  releaseName(basename(file.path));
  file.close();
}
