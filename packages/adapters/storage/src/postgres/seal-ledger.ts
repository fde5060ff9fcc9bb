/** Seals: from time to time, all heads that moved, chained, so that a cut tail or a vanished writer shows. */
import { chainStart, type Seal, sealLink, type WriterHead } from "@colophon/kernel";
import { fromHex, toHex } from "../shared/bytes.ts";
import { executionChainStart, outcomeChainStart, SEAL_CHAIN } from "../shared/chain-names.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { headsJson, readSeal, type StoredSeal } from "../shared/stored-seal.ts";
import { ledgerEnds } from "./ledger-ends.ts";
import { lockStore } from "./locks.ts";
import type { Connection, PostgresCore } from "./postgres-core.ts";
import { logEnd } from "./registry-log.ts";

type Query = Pick<Connection, "query">;

export async function lastSeal({ query }: Query): Promise<StoredSeal | undefined> {
  const [row] = await query("SELECT * FROM @schema.seal ORDER BY seq DESC LIMIT 1");
  return row === undefined ? undefined : readSeal(row);
}

/** Every seal, in order. */
export async function listSeals({ query }: Query): Promise<readonly StoredSeal[]> {
  return (await query("SELECT * FROM @schema.seal ORDER BY seq")).map(readSeal);
}

interface ChainEnd {
  readonly seq: number;
  readonly chain: string;
}

/** The last row of every writer that wrote after row `after`. */
async function movedEnds(
  { query }: Query,
  table: "execution" | "outcome",
  after: number,
): Promise<ReadonlyMap<string, ChainEnd>> {
  const rows = await query(
    `SELECT w.id AS writer, moved.seq, moved.chain FROM
     (SELECT DISTINCT ON (writer) writer, seq, chain FROM @schema.${table} WHERE n > $1 ORDER BY writer, seq DESC) AS moved
     JOIN @schema.writer AS w ON w.n = moved.writer`,
    [after],
  );
  return new Map(
    rows.map((row) => [
      row.writer as string,
      { seq: row.seq as number, chain: toHex(row.chain as Uint8Array) },
    ]),
  );
}

/** How far a clock may have been set back between a writer's start and its first seal. */
const CLOCK_SLACK_MS = 3_600_000;
const SEALS_AT_ONCE = 100;

/**
 * Where seals last saw these writers. Each seal lists every writer that moved before it, so a chain that
 * did not move since stands where the newest seal with its writer left it.
 */
async function sealedHeads(
  { query }: Query,
  writers: readonly string[],
): Promise<ReadonlyMap<string, WriterHead>> {
  const heads = new Map<string, WriterHead>();
  const open = new Set(writers);
  if (open.size === 0) return heads;
  const [row] = await query("SELECT min(started) AS started FROM @schema.writer WHERE id = ANY($1::text[])", [
    writers,
  ]);
  const earliest = (row?.started as number) - CLOCK_SLACK_MS;
  for (let before = Number.MAX_SAFE_INTEGER; open.size > 0; ) {
    const seals = await query(
      `SELECT * FROM @schema.seal WHERE seq < $1 AND at >= $2 ORDER BY seq DESC LIMIT ${SEALS_AT_ONCE}`,
      [before, earliest],
    );
    for (const { seal } of seals.map(readSeal)) {
      before = seal.seq;
      for (const head of seal.heads) if (open.delete(head.writer)) heads.set(head.writer, head);
    }
    if (seals.length < SEALS_AT_ONCE) break;
  }
  return heads;
}

/** Heads of the writers that moved since a seal (all writers, when there is none), in the writers' order. */
async function movedHeads(connection: Query, since: StoredSeal | undefined): Promise<readonly WriterHead[]> {
  const executions = await movedEnds(connection, "execution", since?.lastExecution ?? 0);
  const outcomes = await movedEnds(connection, "outcome", since?.lastOutcome ?? 0);
  const writers = [...new Set([...executions.keys(), ...outcomes.keys()])].sort();
  const halfMoved = writers.filter((writer) => !executions.has(writer) || !outcomes.has(writer));
  const sealed = await sealedHeads(connection, halfMoved);
  return writers.map((writer) => {
    const last = sealed.get(writer);
    const execution = executions.get(writer);
    const outcome = outcomes.get(writer);
    return {
      writer,
      executions: execution?.seq ?? last?.executions ?? 0,
      executionChain: execution?.chain ?? last?.executionChain ?? executionChainStart(writer, fastHash),
      outcomes: outcome?.seq ?? last?.outcomes ?? 0,
      outcomeChain: outcome?.chain ?? last?.outcomeChain ?? outcomeChainStart(writer, fastHash),
    };
  });
}

/** Appends a seal over everything that moved; undefined when nothing did. */
export function sealLedger(core: PostgresCore): Promise<Seal | undefined> {
  return core.transaction(async (connection) => {
    await lockStore(connection, "ledger");
    const before = await lastSeal(connection);
    const ends = await ledgerEnds(connection);
    const end = await logEnd(connection);
    const heads = await movedHeads(connection, before);
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
    await connection.query(
      `INSERT INTO @schema.seal (seq, at, revision, record_chain, heads, chain, last_execution, last_outcome)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[seal.seq, seal.at, seal.revision, fromHex(seal.recordChain), headsJson(heads)],
        ...[fromHex(seal.chain), ends.execution, ends.outcome],
      ],
    );
    return seal;
  });
}
