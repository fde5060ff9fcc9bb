/** The audit log: entries numbered without gaps, each chained to the one before. */
import { createHash } from "node:crypto";
import {
  type Actor,
  type AuditEntry,
  type AuditFilter,
  type AuditLog,
  canonicalJson,
  chainStart,
  type Sha256,
} from "@colophon/kernel";
import type { Database } from "../database/database.ts";
import type { AuditTable } from "../database/tables.ts";
import { ask, askFirst, type Work } from "../database/work.ts";
import type { PortParts } from "./port-parts.ts";

const hash: Sha256 = (data) => createHash("sha256").update(data).digest("hex");
const START = chainStart("audit", hash);

const LISTED = 100;
const PAGE = 1_000;

export function createAuditLog({ database, clock }: PortParts): AuditLog {
  const { builder } = database;
  return {
    append: (draft) =>
      database.write(function* (): Work<AuditEntry> {
        yield* database.takeTurn("audit");
        const last = yield* askFirst(
          builder.selectFrom("audit").select(["n", "at", "chain"]).orderBy("n", "desc").limit(1),
        );
        const entry: Omit<AuditEntry, "chain"> = {
          n: (last?.n ?? 0) + 1,
          // Times never run backwards, whatever a server's clock says.
          at: Math.max(clock.now(), last?.at ?? 0),
          actor: { id: draft.actor.id, via: draft.actor.via },
          project: draft.project,
          environment: draft.environment,
          action: draft.action,
          target: draft.target,
          allowed: draft.allowed,
          detail: draft.detail,
        };
        const chained = { ...entry, chain: hash(auditLink(last?.chain ?? START, entry)) };
        yield builder.insertInto("audit").values(rowOf(chained)).compile();
        return chained;
      }),
    list: async (filter) => (await database.read(() => ask(select(database, filter)))).map(entryOf),
    verify: () => verify(database),
  };
}

/** The text hashed for an entry; new fields are only ever added at the end, so that old ones keep their hash. */
function auditLink(previous: string, entry: Omit<AuditEntry, "chain">): string {
  const { n, at, actor, project, environment, action, target, allowed, detail } = entry;
  return `${previous}\n${canonicalJson([n, at, actor.id, actor.via, project, environment, action, target, allowed, detail])}`;
}

function select({ builder }: Database, filter: AuditFilter) {
  const { project, actor, action, allowed, since, until, after, limit = LISTED, order } = filter;
  let rows = builder
    .selectFrom("audit")
    .selectAll()
    .orderBy("n", order === "oldest-first" ? "asc" : "desc")
    .limit(limit);
  if (project === null) rows = rows.where("project", "is", null);
  else if (project !== undefined) rows = rows.where("project", "=", project);
  if (actor !== undefined) rows = rows.where("actor", "=", actor);
  if (action !== undefined) rows = rows.where("action", "=", action);
  if (allowed !== undefined) rows = rows.where("allowed", "=", Number(allowed));
  if (since !== undefined) rows = rows.where("at", ">=", since);
  if (until !== undefined) rows = rows.where("at", "<", until);
  if (after !== undefined) rows = rows.where("n", ">", after);
  return rows;
}

/** Walks the log by pages; a number that is missing is broken, and so is an entry that does not follow from the one before. */
async function verify(database: Database): ReturnType<AuditLog["verify"]> {
  const broken: number[] = [];
  let [entries, before, chain] = [0, 0, START];
  for (;;) {
    const page = await database.read(() =>
      ask(select(database, { after: before, limit: PAGE, order: "oldest-first" })),
    );
    for (const row of page) {
      for (let missing = before + 1; missing < row.n; missing++) broken.push(missing);
      const entry = entryOf(row);
      if (hash(auditLink(chain, entry)) !== row.chain) broken.push(row.n);
      [before, chain] = [row.n, row.chain];
      entries += 1;
    }
    if (page.length < PAGE) return { entries, broken };
  }
}

function rowOf({ actor, allowed, ...entry }: AuditEntry): AuditTable {
  return { ...entry, actor: actor.id, via: actor.via, allowed: Number(allowed) };
}

function entryOf({ actor, via, allowed, ...row }: AuditTable): AuditEntry {
  return { ...row, actor: { id: actor, via: via as Actor["via"] }, allowed: allowed === 1 };
}
