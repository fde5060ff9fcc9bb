/** Appends rows to the ledger on PostgreSQL in batches, chained under a writer of its own, each row once. */
import {
  type AppendedRows,
  type EpochMs,
  type ExecutionDraft,
  type ExecutionStart,
  errorCodeOf,
  type GapDraft,
  type GapKind,
  HarnessError,
  type OutcomeDraft,
  timeOfId,
  type WriterId,
} from "@colophon/kernel";
import { executionChainStart, outcomeChainStart } from "../shared/chain-names.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { type Batch, BatchMaker, type ChainHead } from "./batch-maker.ts";
import { COPY_CONTENTS, COPY_EXECUTIONS, COPY_OUTCOMES, INTAKE } from "./intake.ts";
import { createPartitions, type Partitions } from "./partitions.ts";
import type { PostgresCore } from "./postgres-core.ts";
import { postgresTrouble } from "./postgres-error.ts";

/** Rows of one transaction: some milliseconds of the event loop, and of the lock that all writers share. */
const ROWS_PER_BATCH = 1000;
/** Batches that are put together or written at a time. */
const AHEAD = 3;
/** How often a batch is put together anew because somebody else wrote one of its rows, or erased one of its subjects. */
const TRIES = 5;

export interface LedgerWriter {
  append(rows: readonly ExecutionDraft[]): Promise<AppendedRows>;
  appendOutcomes(rows: readonly OutcomeDraft[]): Promise<AppendedRows>;
  appendStarts(rows: readonly ExecutionStart[]): Promise<AppendedRows>;
  appendGaps(gaps: readonly GapDraft[]): Promise<void>;
  /** Whether anything was appended since this writer was opened. */
  readonly hasWritten: boolean;
  readonly partitions: Partitions;
  /** Forgets subjects, as after an erasure. */
  forget(): void;
}

/** What makes a batch stale when it changes: somebody was erased, or old rows were let go of. */
interface Bounds {
  readonly erasures: number;
  /** Rows of calls that started before are not kept any more. */
  readonly keptSince: EpochMs;
}

/** The rows of one kind, each a link of its writer's chain. */
interface Chained<T> {
  readonly copy: string;
  readonly end: "executions" | "outcomes";
  /** What one is counted as that is older than what is kept. */
  readonly gap: GapKind;
  /** Finds the ids among those that are there. */
  readonly known: string;
  /** What `known` asks by. */
  idsOf(drafts: readonly T[]): readonly (readonly string[])[];
  /** The call that tells the time, and where the row lies. */
  callOf(draft: T): string;
  batch(drafts: readonly T[], head: ChainHead): Promise<Batch>;
}

/** Rows that are ready to be written, under the bounds that were read before their subjects. */
interface Prepared {
  readonly batch: Batch;
  readonly bounds: Bounds;
  /** Rows that are older than what is kept. */
  readonly old: number;
}

/** The batch has to be put together anew. */
class Stale extends Error {}

export function openLedgerWriter(core: PostgresCore): LedgerWriter {
  return new PostgresLedgerWriter(core);
}

class PostgresLedgerWriter implements LedgerWriter {
  readonly partitions: Partitions;
  readonly #core: PostgresCore;
  readonly #batches: BatchMaker;
  readonly #executions: Chained<ExecutionDraft>;
  readonly #outcomes: Chained<OutcomeDraft>;
  /** Whether rows are looked for before they are written: until none was found, and again when one is met. */
  #isWary = true;
  #head: ChainHead | undefined;
  #bounds: Bounds | undefined;
  #hasWritten = false;
  /** A chain has one end: what is to be appended waits for what came before. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(core: PostgresCore) {
    this.#core = core;
    this.#batches = new BatchMaker(core);
    this.partitions = createPartitions(core);
    this.#executions = {
      copy: COPY_EXECUTIONS,
      end: "executions",
      gap: "dropped-row",
      known: "SELECT id FROM @schema.execution WHERE id = ANY($1::uuid[])",
      idsOf: (drafts) => [drafts.map(({ id }) => id)],
      callOf: ({ id }) => id,
      batch: (drafts, head) => this.#batches.executions(drafts, head),
    };
    this.#outcomes = {
      copy: COPY_OUTCOMES,
      end: "outcomes",
      gap: "dropped-outcome",
      known: `SELECT said.id FROM unnest($1::uuid[], $2::uuid[]) AS asked (id, execution)
        CROSS JOIN LATERAL (SELECT id FROM @schema.outcome
          WHERE execution = asked.execution AND id = asked.id LIMIT 1) AS said`,
      idsOf: (drafts) => [drafts.map(({ id }) => id), drafts.map(({ execution }) => execution)],
      callOf: ({ execution }) => execution,
      batch: (drafts, head) => this.#batches.outcomes(drafts, head),
    };
  }

  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  append(rows: readonly ExecutionDraft[]): Promise<AppendedRows> {
    return this.#inTurn(() => this.#appendChained(rows, this.#executions));
  }

  appendOutcomes(rows: readonly OutcomeDraft[]): Promise<AppendedRows> {
    return this.#inTurn(() => this.#appendChained(rows, this.#outcomes));
  }

  appendStarts(rows: readonly ExecutionStart[]): Promise<AppendedRows> {
    return this.#inTurn(async () => {
      let stored = 0;
      for (const group of groupsOf(rows)) stored += await this.#insertStarts(group);
      return { stored, duplicates: rows.length - stored };
    });
  }

  appendGaps(gaps: readonly GapDraft[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const group of groupsOf(gaps)) await this.#insertGaps(group);
    });
  }

  forget(): void {
    this.#batches.forget();
    this.#bounds = undefined;
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(task);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #writer(): Promise<ChainHead> {
    if (this.#head !== undefined) return this.#head;
    const id = this.#core.ids.next() as WriterId;
    const [row] = await this.#core.query(
      "INSERT INTO @schema.writer (id, started) VALUES ($1, $2) RETURNING n",
      [id, this.#core.clock.now()],
    );
    this.#head = {
      n: row?.n as number,
      id,
      executions: 0,
      executionChain: executionChainStart(id, fastHash),
      outcomes: 0,
      outcomeChain: outcomeChainStart(id, fastHash),
    };
    return this.#head;
  }

  /** Read before the subjects are: who is erased after this is noticed when the rows are written. */
  async #currentBounds(): Promise<Bounds> {
    if (this.#bounds === undefined) {
      const [row] = await this.#core.query("SELECT erasures, kept_since FROM @schema.arrival");
      this.#bounds = { erasures: row?.erasures as number, keptSince: row?.kept_since as number };
    }
    return this.#bounds;
  }

  /** While PostgreSQL takes one batch in, the next ones are put together. */
  async #appendChained<T extends { readonly id: string }>(
    rows: readonly T[],
    chained: Chained<T>,
  ): Promise<AppendedRows> {
    const groups = groupsOf(firstOfEach(rows));
    const ahead: Promise<Prepared>[] = [];
    let stored = 0;
    for (let at = 0, left = TRIES; at < groups.length; ) {
      for (let next = at + ahead.length; ahead.length < AHEAD && next < groups.length; next++) {
        ahead.push(this.#prepareBehind(ahead.at(-1), groups[next] as readonly T[], chained));
      }
      try {
        const prepared = await (ahead[0] as Promise<Prepared>);
        await this.#write(prepared, chained);
        stored += prepared.batch.lines.count;
        ahead.shift();
        at += 1;
        left = TRIES;
      } catch (error) {
        // What was put together behind this batch hangs on a chain that will not be.
        await Promise.allSettled(ahead.splice(0));
        left -= 1;
        this.#refuseUnlessStale(error, left);
      }
    }
    return { stored, duplicates: rows.length - stored };
  }

  #prepareBehind<T extends { readonly id: string }>(
    before: Promise<Prepared> | undefined,
    group: readonly T[],
    chained: Chained<T>,
  ): Promise<Prepared> {
    const prepared =
      before === undefined
        ? this.#prepare(group, chained)
        : before.then(({ batch }) => this.#prepare(group, chained, batch.after));
    // Thrown where its turn has come.
    prepared.catch(() => undefined);
    return prepared;
  }

  /** A row that another process stored meanwhile is met by its id; then the batch is put together without it. */
  #refuseUnlessStale(error: unknown, left: number): void {
    if (postgresTrouble(error) === "constraint") this.#isWary = true;
    else if (!(error instanceof Stale)) throw error;
    if (left > 0) return;
    throw new HarnessError(
      "store-busy",
      `The store ${this.#core.place} was changed by others ${TRIES} times while rows were being written; try again.`,
    );
  }

  async #prepare<T extends { readonly id: string }>(
    drafts: readonly T[],
    { known, idsOf, callOf, batch }: Chained<T>,
    behind?: ChainHead,
  ): Promise<Prepared> {
    const bounds = await this.#currentBounds();
    const current = drafts.filter((draft) => timeOfId(callOf(draft)) >= bounds.keptSince);
    await this.partitions.ensure(current.map(callOf));
    const there = this.#isWary ? await this.#core.query(known, idsOf(current)) : [];
    this.#isWary = there.length > 0;
    const ids = new Set(there.map(({ id }) => id));
    const rows = there.length === 0 ? current : current.filter(({ id }) => !ids.has(id));
    const head = behind ?? (await this.#writer());
    return { batch: await batch(rows, head), bounds, old: drafts.length - current.length };
  }

  async #insertStarts(group: readonly ExecutionStart[]): Promise<number> {
    const { keptSince } = await this.#currentBounds();
    const current = group.filter(({ id }) => timeOfId(id) >= keptSince);
    await this.partitions.ensure(current.map(({ id }) => id));
    const stored = await this.#core.query(
      `INSERT INTO @schema.start (id, body) SELECT * FROM unnest($1::uuid[], $2::text[])
       ON CONFLICT DO NOTHING RETURNING id`,
      [
        current.map(({ id }) => id),
        current.map((row) => JSON.stringify([row.prompt, row.version, row.hash, row.environment])),
      ],
    );
    return stored.length;
  }

  async #insertGaps(group: readonly GapDraft[]): Promise<number> {
    const { n } = await this.#writer();
    await this.#core.query(
      `INSERT INTO @schema.gap (at, writer, body)
       SELECT at, $1, body FROM unnest($2::bigint[], $3::text[]) WITH ORDINALITY AS said (at, body, place) ORDER BY place`,
      [
        n,
        group.map(({ at }) => Math.round(at)),
        group.map(({ kind, count, prompt, reason }) => JSON.stringify([kind, count, prompt, reason])),
      ],
    );
    return group.length;
  }

  async #write(
    { batch, bounds, old }: Prepared,
    { copy, end, gap }: Pick<Chained<never>, "copy" | "end" | "gap">,
  ): Promise<void> {
    if (batch.lines.count > 0) {
      try {
        await this.#core.transaction(async (connection, [ends]) => {
          if (ends?.erasures !== bounds.erasures || ends.kept_since !== bounds.keptSince) {
            this.forget();
            throw new Stale();
          }
          await connection.copyIn(copy, batch.lines.after(ends[end] as number));
          if (batch.contents !== "") await connection.copyIn(COPY_CONTENTS, batch.contents);
        }, INTAKE);
      } catch (error) {
        // Whether the rows are there is unknown after such a failure: a new writer starts a chain of its own.
        const code = errorCodeOf(error);
        if (code === "store-unavailable" || code === "store-corrupt") this.#head = undefined;
        throw error;
      }
      this.#head = batch.after;
      this.#hasWritten = true;
    }
    if (old > 0) await this.#countOld(gap, old);
  }

  /** Rows that are older than what is kept may have been there once: they are counted, and not stored. */
  async #countOld(kind: GapKind, count: number): Promise<void> {
    const { keptSince } = await this.#currentBounds();
    const reason = `of calls before ${new Date(keptSince).toISOString()}, since when the store keeps rows`;
    await this.#insertGaps([{ at: this.#core.clock.now(), kind, count, prompt: null, reason }]);
  }
}

function groupsOf<T>(rows: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(rows.length / ROWS_PER_BATCH);
  return Array.from({ length: count }, (_, at) => rows.slice(at * ROWS_PER_BATCH, (at + 1) * ROWS_PER_BATCH));
}

function firstOfEach<T extends { readonly id: string }>(rows: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return rows.filter(({ id }) => !seen.has(id) && seen.add(id));
}
