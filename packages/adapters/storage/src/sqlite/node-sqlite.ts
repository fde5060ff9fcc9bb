/** The way to node:sqlite: asked for when a store is opened, so that this module loads on a Node without it. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { HarnessError } from "@colophon/kernel";

export type { SqlRow, SqlValue } from "../shared/sql-row.ts";
export type { DatabaseSync, StatementSync };

type NodeSqlite = typeof import("node:sqlite");

/** @throws HarnessError `node-too-old` on a Node without node:sqlite. */
export function loadNodeSqlite(): NodeSqlite {
  // Absent from Node 20's first releases, whatever the type says.
  const getBuiltin = process.getBuiltinModule as typeof process.getBuiltinModule | undefined;
  const module = getBuiltin?.call(process, "node:sqlite") as NodeSqlite | undefined;
  if (module === undefined) {
    throw new HarnessError(
      "node-too-old",
      `Colophon's embedded store needs Node 22.13 or newer; this is ${process.versions.node}.`,
    );
  }
  return module;
}
