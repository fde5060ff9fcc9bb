/** Puts rows of the ledger together for one writing: hidden, chained behind a writer's head, and as lines to be copied in. */
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type EpochMs,
  type ExecutionDraft,
  executionLink,
  type OutcomeDraft,
  outcomeLink,
  type StoredContents,
  timeOfId,
  type UnchainedExecution,
  type UnchainedOutcome,
  type WriterId,
} from "@colophon/kernel";
import { packWords } from "../shared/execution-codec.ts";
import { fastHash } from "../shared/fast-hash.ts";
import { placeExecution } from "../shared/place-execution.ts";
import { hiddenContents, numbersOf, pseudonymsOf, type RowSubjects } from "../shared/row-subjects.ts";
import { DAY_MS } from "../shared/units.ts";
import type { DictionaryWriter } from "../shared/word-node.ts";
import { COPY_NULL, copyBytes, copyText } from "./copy-in.ts";
import { executionLine } from "./execution-line.ts";
import { type NumberedLines, numberedLines } from "./numbered-lines.ts";
import type { PostgresCore } from "./postgres-core.ts";
import { SubjectBook } from "./subject-book.ts";
import { WordWriter } from "./word-book.ts";

/** Rows that are put together without a pause: a few milliseconds of the event loop. */
const ROWS_PER_TURN = 100;

/** Where the chains of a writer stand. */
export interface ChainHead {
  readonly n: number;
  readonly id: WriterId;
  readonly executions: number;
  readonly executionChain: string;
  readonly outcomes: number;
  readonly outcomeChain: string;
}

/** Rows that lack their number alone, which is known under the lock. */
export interface Batch {
  readonly lines: NumberedLines;
  /** Lines of the contents that go with the rows. */
  readonly contents: string;
  /** Where the chains stand when the rows are written. */
  readonly after: ChainHead;
}

export class BatchMaker {
  readonly #core: PostgresCore;
  readonly #words = new WordWriter();
  readonly #subjects: SubjectBook;

  constructor(core: PostgresCore) {
    this.#core = core;
    this.#subjects = new SubjectBook(core);
  }

  /** Forgets subjects, as after an erasure. */
  forget(): void {
    this.#subjects.clear();
  }

  async executions(drafts: readonly ExecutionDraft[], head: ChainHead): Promise<Batch> {
    const subjects = await this.#subjects.know(drafts.map((draft) => draft.subjects));
    const lines: string[] = [];
    let contents = "";
    let { executions, executionChain } = head;
    for (let at = 0; at < drafts.length; at += ROWS_PER_TURN) {
      if (at > 0) await nextTurn();
      const group = drafts.slice(at, at + ROWS_PER_TURN);
      const place = () =>
        group.map((draft, index) => {
          const known = subjects[at + index] as RowSubjects;
          const row = this.#place(draft, known, { writer: head.id, seq: executions + index + 1 });
          return { draft, known, row, words: packWords(row, this.#words.words) };
        });
      // From here on nothing waits: a draft that its owner changes meanwhile is one row all the same.
      for (const { draft, known, row, words } of await this.#worded(place)) {
        executions += 1;
        executionChain = fastHash(executionLink(executionChain, row));
        const placed = { row, chain: executionChain, writer: head.n, subjects: numbersOf(known), words };
        lines.push(executionLine(placed));
        contents += contentLine(draft);
      }
    }
    this.#words.trim();
    return { lines: numberedLines(lines), contents, after: { ...head, executions, executionChain } };
  }

  /** What a task comes to when all the words that it meets have a number. */
  async #worded<T>(task: () => T): Promise<T> {
    for (;;) {
      const result = task();
      if (!this.#words.hasNew) return result;
      await this.#words.addNew(this.#core);
    }
  }

  async outcomes(drafts: readonly OutcomeDraft[], head: ChainHead): Promise<Batch> {
    const place = () =>
      drafts.map((draft, index) => {
        const { id, execution, name, value, source, by = null } = draft;
        const seq = head.outcomes + index + 1;
        const row = { id, execution, name, value, source, by, at: timeOfId(id), writer: head.id, seq };
        return { row, signal: this.#signalNumber(row) };
      });
    let { outcomes, outcomeChain } = head;
    const lines = (await this.#worded(place)).map(({ row, signal }) => {
      outcomes += 1;
      outcomeChain = fastHash(outcomeLink(outcomeChain, row));
      return outcomeLine({ row, chain: outcomeChain, writer: head.n, signal });
    });
    this.#words.trim();
    return { lines: numberedLines(lines), contents: "", after: { ...head, outcomes, outcomeChain } };
  }

  #place(
    draft: ExecutionDraft,
    known: RowSubjects,
    place: { readonly writer: WriterId; readonly seq: number },
  ): UnchainedExecution {
    const hidden = hiddenContents(this.#core.secret, draft, known);
    return placeExecution(draft, { ...place, subjects: pseudonymsOf(known), ...hidden });
  }

  #signalNumber(row: Pick<OutcomeDraft, "name" | "source" | "by">): number {
    return signalNumber(row, this.#words.words.signal);
  }
}

/** Looks the word of an outcome up, adding what is new. */
export function signalNumber(
  { name, source, by }: Pick<OutcomeDraft, "name" | "source" | "by">,
  signal: DictionaryWriter,
): number {
  const end = signal.root.to(name).to(source).to(by);
  return end.number ?? signal.add(end, [name, source, by]);
}

export interface PlacedOutcome {
  readonly row: UnchainedOutcome;
  readonly chain: string;
  readonly writer: number;
  readonly signal: number;
}

/** An outcome as the line by which it is copied in, without its number. */
export function outcomeLine({ row, chain, writer, signal }: PlacedOutcome): string {
  const { id, at, seq, execution, value } = row;
  return [id, at, writer, seq, execution, signal, copyText(JSON.stringify(value)), copyBytes(chain)].join(
    "\t",
  );
}

/** Texts are kept as JSON, which can say a NUL and half a character. */
function contentLine({ id, contents }: ExecutionDraft): string {
  if (contents === null || (contents.variables === null && contents.output === null)) return "";
  const { variables, output, days } = contents;
  const expires = days === null ? null : timeOfId(id) + Math.round(days * DAY_MS);
  return keptContentLine(id, { variables, output, expires });
}

/** Contents as the line by which they are copied in, until a time. */
export function keptContentLine(
  id: string,
  { variables, output, expires }: StoredContents & { readonly expires: EpochMs | null },
): string {
  const text = (value: string | null): string =>
    value === null ? COPY_NULL : copyText(JSON.stringify(value));
  return `${id}\t${text(variables)}\t${text(output)}\t${expires ?? COPY_NULL}\n`;
}
