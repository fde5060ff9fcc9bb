/** What every port of an installation works with. */
import type { Clock, IdSource, RandomSource } from "@colophon/kernel";
import type { Database } from "../database/database.ts";

export interface PortParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly ids: IdSource;
}
