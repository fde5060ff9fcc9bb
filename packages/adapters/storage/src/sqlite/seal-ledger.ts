/** Seals: from time to time, all heads that moved, chained, so that a cut tail or a vanished writer shows. */
import { chainStart, type Seal, sealLink, type WriterHead } from "@colophon/kernel";
import { fromHex, toHex } from "../shared/bytes.ts";
import { executionChainStart, outcomeChainStart, SEAL_CHAIN } from "../shared/chain-names.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { headsJson, readSeal, type StoredSeal } from "../shared/stored-seal.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { logEnd } from "./registry-log.ts";
import type { SqliteCore } from "./sqlite-core.ts";

export function lastSeal(core: Pick<SqliteCore, "prepare">): StoredSeal | undefined {
  const row = core.prepare("SELECT * FROM seal ORDER BY seq DESC LIMIT 1").get() as SqlRow | undefined;
  return row === undefined ? undefined : readSeal(row);
}

/** How far a clock may have been set back between a writer's start and its first seal. */
const CLOCK_SLACK_MS = 3_600_000;

interface ChainEnd {
  readonly seq: number;
  readonly chain: string;
}

/** The last row of every writer that wrote after row `after`. */
function movedEnds(
  core: Pick<SqliteCore, "prepare">,
  table: "execution" | "outcome",
  after: number,
): Map<string, ChainEnd> {
  const rows = core
    .prepare(
      `SELECT w.id AS writer, moved.seq, moved.chain FROM
       (SELECT writer, max(seq) AS seq, chain FROM ${table} WHERE n > ? GROUP BY writer) moved
       JOIN writer w ON w.n = moved.writer`,
    )
    .all(after) as SqlRow[];
  return new Map(
    rows.map((row) => [
      row.writer as string,
      { seq: row.seq as number, chain: toHex(row.chain as Uint8Array) },
    ]),
  );
}

/**
 * Where seals last saw these writers. Each seal lists every writer that moved before it, so a chain
 * that did not move since stands where the newest seal with its writer left it; looking for its last
 * row instead would walk the whole ledger, under the write lock.
 */
function sealedHeads(core: Pick<SqliteCore, "prepare">, writers: Iterable<string>): Map<string, WriterHead> {
  const open = new Set(writers);
  const heads = new Map<string, WriterHead>();
  const started = core.prepare("SELECT started FROM writer WHERE id = ?");
  const earliest = Math.min(...[...open].map((id) => (started.get(id) as { started: number }).started));
  if (open.size === 0) return heads;
  const seals = core.prepare("SELECT * FROM seal ORDER BY seq DESC").iterate() as Iterable<SqlRow>;
  for (const row of seals) {
    if ((row.at as number) < earliest - CLOCK_SLACK_MS) break;
    for (const head of readSeal(row).seal.heads) if (open.delete(head.writer)) heads.set(head.writer, head);
    if (open.size === 0) break;
  }
  return heads;
}

/** Heads of the writers that moved since a seal (all writers, when there is none), in the writers' order. */
function movedHeads(core: Pick<SqliteCore, "prepare">, since: StoredSeal | undefined): readonly WriterHead[] {
  const executions = movedEnds(core, "execution", since?.lastExecution ?? 0);
  const outcomes = movedEnds(core, "outcome", since?.lastOutcome ?? 0);
  const writers = [...new Set([...executions.keys(), ...outcomes.keys()])].sort();
  const halfMoved = writers.filter((writer) => !executions.has(writer) || !outcomes.has(writer));
  const sealed = sealedHeads(core, halfMoved);
  return writers.map((writer) => {
    const last = sealed.get(writer);
    const execution = executions.get(writer) ?? {
      seq: last?.executions ?? 0,
      chain: last?.executionChain ?? executionChainStart(writer, fastHash),
    };
    const outcome = outcomes.get(writer) ?? {
      seq: last?.outcomes ?? 0,
      chain: last?.outcomeChain ?? outcomeChainStart(writer, fastHash),
    };
    return {
      writer,
      executions: execution.seq,
      executionChain: execution.chain,
      outcomes: outcome.seq,
      outcomeChain: outcome.chain,
    };
  });
}

function lastRow(core: SqliteCore, table: "execution" | "outcome"): number {
  return (core.prepare(`SELECT ifnull(max(n), 0) AS n FROM ${table}`).get() as { n: number }).n;
}

/** Appends a seal over everything that moved; undefined when nothing did. */
export function sealLedger(core: SqliteCore): Seal | undefined {
  return core.transaction(() => {
    const before = lastSeal(core);
    const heads = movedHeads(core, before);
    const end = logEnd(core.db);
    if (heads.length === 0 && before?.seal.revision === end.revision) return undefined;
    const previous = before?.seal.chain ?? chainStart(SEAL_CHAIN, fastHash);
    const unsealed = {
      seq: (before?.seal.seq ?? 0) + 1,
      at: Math.max(core.clock.now(), before?.seal.at ?? 0),
      revision: end.revision,
      recordChain: end.chain,
      heads,
    };
    const seal = { ...unsealed, chain: fastHash(sealLink(previous, unsealed)) };
    core
      .prepare(
        `INSERT INTO seal (seq, at, revision, record_chain, heads, chain, last_execution, last_outcome)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        seal.seq,
        seal.at,
        seal.revision,
        fromHex(seal.recordChain),
        headsJson(heads),
        fromHex(seal.chain),
        lastRow(core, "execution"),
        lastRow(core, "outcome"),
      );
    return seal;
  });
}
