/** A folder with a store and a sink, a lock that others hold on it, and a look at what reached it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createIdSource,
  type Finding,
  type IdSource,
  type LedgerSink,
  systemClock,
  systemRandom,
} from "@colophon/kernel";
import { onTestFinished } from "vitest";
import { openSqliteCore } from "./open-sqlite-core.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { createSqliteSink, type SqliteSinkOptions } from "./sqlite-sink.ts";
import { verifyStore } from "./verify/verify-store.ts";

export interface SinkPlace {
  readonly folder: string;
  readonly file: string;
  readonly spoolDir: string;
  readonly ids: IdSource;
  readonly notices: string[];
  /** A sink on the place, closed when the test is over. */
  sink(options?: Partial<SqliteSinkOptions>): LedgerSink;
  /** Another connection to the store, closed when the test is over. */
  core(): SqliteCore;
  /** Holds the store's write lock until the returned function is called. */
  lock(): () => void;
  /** How often each id is in the ledger. */
  stored(): ReadonlyMap<string, number>;
  gaps(): readonly (readonly [kind: string, count: number, prompt: string | null, reason: string])[];
  /** What verify finds wrong with the store. */
  findings(): Promise<readonly Finding[]>;
}

export function sinkPlace(): SinkPlace {
  const folder = mkdtempSync(join(tmpdir(), "colophon-sink-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "store.db");
  const spoolDir = join(folder, "spool");
  const ids = createIdSource({ clock: systemClock, random: systemRandom });
  const notices: string[] = [];
  const core = (): SqliteCore => {
    const opened = openSqliteCore({ file, mode: "create", clock: systemClock, busyTimeout: 5000 });
    onTestFinished(() => {
      if (opened.db.isOpen) opened.close();
    });
    return opened;
  };
  const ask = (sql: string): readonly Record<string, unknown>[] => {
    const opened = core();
    const rows = opened.db.prepare(sql).all() as Record<string, unknown>[];
    opened.close();
    return rows;
  };
  return {
    folder, file, spoolDir, ids, notices, core,
    sink(options = {}) {
      const onNotice = (message: string): void => void notices.push(message);
      const sink = createSqliteSink({ file, spoolDir, clock: systemClock, ids, onNotice, ...options });
      onTestFinished(() => sink.close());
      return sink;
    },
    lock() {
      const holder = core();
      holder.db.exec("BEGIN IMMEDIATE");
      return () => holder.close();
    },
    stored() {
      const rows = ask("SELECT at, lower(hex(rest)) AS rest, count(*) AS times FROM execution GROUP BY at, rest");
      return new Map(rows.map((row) => [storedId(row.at as number, row.rest as string), row.times as number]));
    },
    gaps: () => ask("SELECT body FROM gap ORDER BY n").map((row) => JSON.parse(row.body as string)),
    findings: async () => (await verifyStore({ file, clock: systemClock }, undefined)).findings,
  }; // biome-ignore format: short names side by side
}

function storedId(at: number, rest: string): string {
  const time = at.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`;
}
