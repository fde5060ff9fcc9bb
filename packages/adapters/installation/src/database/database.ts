/** An installation's database, as the ports see it. */
import type { Kysely } from "kysely";
import type { InstallationTables } from "./tables.ts";
import type { Work } from "./work.ts";

export type DialectName = "sqlite" | "postgres";

/** Writers of these take turns until their transaction ends. */
export type Turn = "schema" | "audit";

export interface Database {
  readonly dialect: DialectName;
  /** A file, or server and database without user and password. */
  readonly place: string;
  /** Builds statements; it runs none. */
  readonly builder: Kysely<InstallationTables>;
  /** Waits for the turn. To be asked for inside of a write. */
  takeTurn(turn: Turn): Work<void>;
  /** Whether there are tables of an installation yet. */
  hasTables(): Work<boolean>;
  /** Runs the work in one transaction; it may run again where it met another one. */
  write<T>(work: () => Work<T>): Promise<T>;
  /** Runs statements that only look. */
  read<T>(work: () => Work<T>): Promise<T>;
  close(): Promise<void>;
}
