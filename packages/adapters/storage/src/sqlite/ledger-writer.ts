/** Appends rows to the ledger: one synchronous statement each, chained under a writer of its own. */
import {
  type CapturedContents,
  type EpochMs,
  type ExecutionDraft,
  type ExecutionStart,
  errorCodeOf,
  executionLink,
  type GapDraft,
  type OutcomeDraft,
  outcomeLink,
  type Seal,
  timeOfId,
  type WriterId,
} from "@colophon/kernel";
import { fromHex, restOfId } from "../shared/bytes.ts";
import { executionChainStart, outcomeChainStart } from "../shared/chain-names.ts";
import type { DictionaryWriters } from "../shared/execution-codec.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { placeExecution } from "../shared/place-execution.ts";
import { hiddenContents, numbersOf, pseudonymsOf, type RowSubjects } from "../shared/row-subjects.ts";
import type { DictionaryWriter } from "../shared/word-node.ts";
import { DICTIONARIES } from "../shared/word-node.ts";
import { createDictionaryWriter } from "./dictionary.ts";
import { createExecutionInsert } from "./execution-insert.ts";
import type { SqlRow } from "./node-sqlite.ts";
import { createRowSubjects, type RowSubjectsSource } from "./row-subjects.ts";
import { sealLedger } from "./seal-ledger.ts";
import type { SqliteCore } from "./sqlite-core.ts";
import { sqliteTrouble, storeError } from "./sqlite-error.ts";

export type AppendResult = "stored" | "duplicate";

export interface LedgerWriter {
  append(draft: ExecutionDraft): AppendResult;
  appendOutcome(draft: OutcomeDraft): AppendResult;
  appendStart(start: ExecutionStart): AppendResult;
  appendGap(gap: GapDraft): void;
  /** Runs several appends in one transaction; when it fails, chains and caches stand as before. */
  batch<T>(task: () => T): T;
  /** Rows appended since the last seal of this writer's. */
  readonly unsealed: number;
  seal(): Seal | undefined;
  /** Forgets subjects and dictionaries, as after an erasure. */
  forget(): void;
}

interface Head {
  readonly n: number;
  readonly id: WriterId;
  executions: number;
  executionChain: string;
  outcomes: number;
  outcomeChain: string;
}

const DAY_MS = 86_400_000;

export function openLedgerWriter(core: SqliteCore): LedgerWriter {
  return new SqliteLedgerWriter(core);
}

class SqliteLedgerWriter implements LedgerWriter {
  readonly #core: SqliteCore;
  readonly #words: DictionaryWriters;
  readonly #insertExecution: ReturnType<typeof createExecutionInsert>;
  readonly #subjects: RowSubjectsSource;
  #head: Head | undefined;
  #unsealed = 0;

  constructor(core: SqliteCore) {
    this.#core = core;
    this.#words = Object.fromEntries(
      DICTIONARIES.map((table) => [table, createDictionaryWriter(core, table)]),
    ) as unknown as DictionaryWriters;
    this.#insertExecution = createExecutionInsert(core.prepare, this.#words);
    this.#subjects = createRowSubjects(core);
  }

  get unsealed(): number {
    return this.#unsealed;
  }

  append(draft: ExecutionDraft): AppendResult {
    const { contents } = draft;
    this.#subjects.noticeErasures(false);
    return this.#once("execution", draft.id, () => {
      if (contents !== null && (contents.variables !== null || contents.output !== null)) {
        return this.batch(() => this.#appendContents(draft, contents));
      }
      const known = this.#subjects.peek(draft.subjects);
      if (known !== undefined) return this.#appendRow(draft, known);
      // New subjects and their first row share one commit.
      return this.batch(() => this.#appendRow(draft, this.#subjects.know(draft.subjects)));
    });
  }

  appendOutcome(draft: OutcomeDraft): AppendResult {
    return this.#once("outcome", draft.id, () => {
      const head = this.#writer();
      const { execution, name, value, source, by } = draft;
      const at = timeOfId(draft.id);
      const row = { ...draft, at, by: by ?? null, writer: head.id, seq: head.outcomes + 1 };
      const chain = fastHash(outcomeLink(head.outcomeChain, row));
      const signal = signalNumber(this.#words.signal, [name, source, by ?? null]);
      this.#core
        .prepare(
          `INSERT INTO outcome (at, rest, writer, seq, execution_at, execution_rest, signal, value, chain)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          ...[at, restOfId(draft.id), head.n, row.seq, timeOfId(execution), restOfId(execution)],
          ...[signal, JSON.stringify(value), fromHex(chain)],
        );
      head.outcomes = row.seq;
      head.outcomeChain = chain;
      this.#unsealed += 1;
    });
  }

  appendStart(start: ExecutionStart): AppendResult {
    return this.#once("start", start.id, () => {
      const body = JSON.stringify([start.prompt, start.version, start.hash, start.environment]);
      this.#core
        .prepare("INSERT INTO start (at, rest, body) VALUES (?, ?, ?)")
        .run(timeOfId(start.id), restOfId(start.id), body);
    });
  }

  appendGap(gap: GapDraft): void {
    const { n } = this.#writer();
    const body = JSON.stringify([gap.kind, gap.count, gap.prompt, gap.reason]);
    this.#core.prepare("INSERT INTO gap (at, writer, body) VALUES (?, ?, ?)").run(gap.at, n, body);
  }

  batch<T>(task: () => T): T {
    if (this.#core.inTransaction) return task();
    const head = this.#head === undefined ? undefined : { ...this.#head };
    const unsealed = this.#unsealed;
    try {
      return this.#core.transaction(task);
    } catch (error) {
      this.#head = head;
      this.#unsealed = unsealed;
      this.forget();
      throw error;
    }
  }

  seal(): Seal | undefined {
    const seal = sealLedger(this.#core);
    this.#unsealed = 0;
    return seal;
  }

  forget(): void {
    this.#subjects.clear();
    for (const table of DICTIONARIES) this.#words[table].clear();
  }

  #writer(): Head {
    this.#head ??= registerWriter(this.#core);
    return this.#head;
  }

  #appendRow(draft: ExecutionDraft, known: RowSubjects): number {
    const head = this.#writer();
    const hidden = hiddenContents(this.#core.secret, draft, known);
    const row = placeExecution(draft, {
      writer: head.id,
      seq: head.executions + 1,
      subjects: pseudonymsOf(known),
      inputHash: hidden.inputHash,
      outputHash: hidden.outputHash,
      renderedHash: hidden.renderedHash,
      parts: hidden.parts,
    });
    const chain = fastHash(executionLink(head.executionChain, row));
    const n = this.#insertExecution({ row, chain, writer: head.n, subjects: numbersOf(known) });
    head.executions = row.seq;
    head.executionChain = chain;
    this.#unsealed += 1;
    return n;
  }

  #appendContents(draft: ExecutionDraft, contents: CapturedContents): void {
    this.#subjects.noticeErasures(true);
    const n = this.#appendRow(draft, this.#subjects.know(draft.subjects));
    const expires = contents.days === null ? null : timeOfId(draft.id) + Math.round(contents.days * DAY_MS);
    this.#core
      .prepare("INSERT INTO content (execution, variables, output, expires) VALUES (?, ?, ?, ?)")
      .run(n, contents.variables, contents.output, expires);
  }

  /** One row, in autocommit or inside a batch; a row that is there already changes nothing. */
  #once(table: "execution" | "outcome" | "start", id: string, task: () => unknown): AppendResult {
    try {
      task();
      return "stored";
    } catch (error) {
      const trouble = sqliteTrouble(error);
      if (trouble === "constraint" && hasId(this.#core, table, id)) return "duplicate";
      // Whether the row is on the disk is unknown after such a failure: a new writer starts a chain of its own.
      const code = errorCodeOf(storeError(error, this.#core.file));
      if (code === "store-unavailable" || code === "store-corrupt") this.#head = undefined;
      throw error;
    }
  }
}

function registerWriter(core: SqliteCore): Head {
  const id = core.ids.next() as WriterId;
  const started: EpochMs = core.clock.now();
  const { lastInsertRowid } = core.prepare("INSERT INTO writer (id, started) VALUES (?, ?)").run(id, started);
  return {
    n: lastInsertRowid as number,
    id,
    executions: 0,
    executionChain: executionChainStart(id, fastHash),
    outcomes: 0,
    outcomeChain: outcomeChainStart(id, fastHash),
  };
}

function hasId(core: SqliteCore, table: "execution" | "outcome" | "start", id: string): boolean {
  const found = core
    .prepare(`SELECT 1 AS found FROM ${table} WHERE at = ? AND rest = ?`)
    .get(timeOfId(id), restOfId(id));
  return (found as SqlRow | undefined) !== undefined;
}

function signalNumber(
  words: DictionaryWriter,
  [name, source, by]: readonly [string, string, string | null],
): number {
  const end = words.root.to(name).to(source).to(by);
  return end.number ?? words.add(end, [name, source, by]);
}
