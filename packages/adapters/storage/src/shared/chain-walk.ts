/** Holds the rows of a ledger, in the order of their writing, against their writers' chains, the seals and an anchor. */
import type { Anchor, Finding, WriterHead } from "@colophon/kernel";
import { executionChainStart, outcomeChainStart } from "./chain-names.ts";
import { fastHash } from "./fast-hash.ts";
import type { Findings } from "./findings.ts";
import type { StoredSeal } from "./stored-seal.ts";

/** What tells the two chains of a writer apart. */
export interface ChainRules {
  readonly name: "executions" | "outcomes";
  readonly altered: Finding["kind"];
  readonly missing: Finding["kind"];
  start(writer: string): string;
  lastRow(seal: StoredSeal): number;
  chainOf(head: WriterHead): string;
}

export const EXECUTION_CHAINS: ChainRules = {
  name: "executions",
  altered: "altered-row",
  missing: "missing-row",
  start: (writer) => executionChainStart(writer, fastHash),
  lastRow: (seal) => seal.lastExecution,
  chainOf: (head) => head.executionChain,
};

export const OUTCOME_CHAINS: ChainRules = {
  name: "outcomes",
  altered: "altered-outcome",
  missing: "missing-outcome",
  start: (writer) => outcomeChainStart(writer, fastHash),
  lastRow: (seal) => seal.lastOutcome,
  chainOf: (head) => head.outcomeChain,
};

/** A row as the walk meets it. */
export interface WalkedRow {
  /** Its number in the order of arrival. */
  readonly n: number;
  readonly id: string;
  /** Null where the row names a writer that is not there. */
  readonly writer: string | null;
  readonly seq: number;
  readonly chain: string;
  /** Its text under a previous link. @throws when the row cannot be read. */
  link(): (previous: string) => string;
}

/** Rows of a writer that were let go of on purpose: from the first to the last, and the last one's link. */
export interface LetGo {
  readonly writer: string;
  readonly first: number;
  readonly last: number;
  readonly chain: string;
}

/** Where a writer's chain stands while the walk goes on. */
interface ChainState {
  seq: number;
  /** What the next row may be linked to: the link as it is stored, or as it should have been. */
  links: readonly string[];
}

export interface ChainReport {
  readonly rows: number;
  readonly writers: ReadonlySet<string>;
}

export interface ChainWalkParts {
  readonly rules: ChainRules;
  readonly anchor: Anchor | undefined;
  /** In their order. */
  readonly seals: Iterator<StoredSeal, unknown>;
  readonly letGo?: readonly LetGo[];
}

export class ChainWalk {
  readonly #rules: ChainRules;
  readonly #findings: Findings;
  readonly #states = new Map<string, ChainState>();
  readonly #anchored: AnchoredHeads;
  readonly #letGo: ReadonlyMap<string, readonly LetGo[]>;
  readonly #seals: Iterator<StoredSeal, unknown>;
  #seal: IteratorResult<StoredSeal, unknown>;
  #rows = 0;

  constructor({ rules, anchor, seals, letGo = [] }: ChainWalkParts, findings: Findings) {
    this.#rules = rules;
    this.#findings = findings;
    this.#letGo = Map.groupBy(letGo, ({ writer }) => writer);
    this.#anchored = new AnchoredHeads(rules, anchor);
    this.#seals = seals;
    this.#seal = seals.next();
    for (const gone of letGo) {
      if (gone.first === 1) this.#stateOf(gone.writer);
      this.#anchored.pass(gone);
    }
  }

  get rows(): number {
    return this.#rows;
  }

  meet(row: WalkedRow): void {
    this.#checkSeals((seal) => row.n > this.#rules.lastRow(seal));
    this.#rows += 1;
    this.#checkRow(row);
    if (row.writer !== null) this.#anchored.see(row.writer, row);
  }

  end(): ChainReport {
    this.#checkSeals(() => true);
    this.#anchored.report(this.#findings);
    return { rows: this.#rows, writers: new Set(this.#states.keys()) };
  }

  #checkSeals(isDue: (seal: StoredSeal) => boolean): void {
    for (; !this.#seal.done && isDue(this.#seal.value); this.#seal = this.#seals.next()) {
      for (const head of this.#seal.value.seal.heads) this.#checkHead(head, this.#seal.value.seal.seq);
    }
  }

  #stateOf(writer: string): ChainState {
    const known = this.#states.get(writer);
    if (known !== undefined) return known;
    const state: ChainState = { seq: 0, links: [this.#rules.start(writer)] };
    this.#states.set(writer, state);
    this.#passLetGo(writer, state);
    return state;
  }

  /** Where the next rows were let go of, the chain goes on behind them. */
  #passLetGo(writer: string, state: ChainState): void {
    const gone = this.#letGo.get(writer)?.find(({ first }) => first === state.seq + 1);
    if (gone === undefined) return;
    state.seq = gone.last;
    state.links = [gone.chain];
    this.#passLetGo(writer, state);
  }

  #checkRow(row: WalkedRow): void {
    const { id, writer, seq, chain } = row;
    if (writer === null) {
      this.#findings.add(this.#rules.altered, id, "The row's writer is not there.");
      return;
    }
    const state = this.#stateOf(writer);
    if (seq <= state.seq) {
      this.#findings.add("reordered-row", id, `Row ${seq} of writer ${writer} comes after row ${state.seq}.`);
      return;
    }
    if (seq > state.seq + 1) {
      this.#findings.add(
        this.#rules.missing,
        `${writer} ${state.seq + 1}`,
        `Rows ${state.seq + 1} to ${seq - 1} of the writer are not there.`,
      );
      state.links = [chain];
    } else state.links = this.#checkLink(row, state.links);
    state.seq = seq;
    this.#passLetGo(writer, state);
  }

  /** Gives what the next row may be linked to. */
  #checkLink({ id, chain, link }: WalkedRow, links: readonly string[]): readonly string[] {
    const { altered } = this.#rules;
    try {
      const text = link();
      const due = links.map((previous) => fastHash(text(previous)));
      if (due.includes(chain)) return [chain];
      this.#findings.add(altered, id, "The row does not hash to its link of the chain.");
      return [chain, ...due];
    } catch (error) {
      this.#findings.add(altered, id, `The row cannot be read: ${(error as Error).message}`);
      return [chain];
    }
  }

  /** Called where the seal was made: between the last row that it saw and the next. */
  #checkHead(head: WriterHead, seal: number): void {
    const { name, altered } = this.#rules;
    const { writer } = head;
    const count = head[name];
    if (count === 0) return;
    const where = `seal ${seal}`;
    const gone = this.#letGo.get(writer)?.find(({ first, last }) => count >= first && count <= last);
    const state = gone === undefined ? this.#states.get(writer) : { seq: count, links: linksOf(gone, count) };
    if (state === undefined) {
      const message = `The writer's ${name} were there at ${where} and are gone.`;
      this.#findings.addOnce("vanished-writer", writer, message);
    } else if (state.seq < count) {
      const message = `The writer had ${count} ${name} at ${where} and has ${state.seq}.`;
      this.#findings.addOnce("cut-tail", writer, message);
    } else if (state.seq > count) {
      const message = `It lists ${count} ${name} of writer ${writer}, ${state.seq} were there.`;
      this.#findings.add("altered-seal", where, message);
    } else if (state.links !== null && !state.links.includes(this.#rules.chainOf(head))) {
      const message = `The writer's ${name} up to ${count} are not those of ${where}.`;
      this.#findings.addOnce(altered, writer, message);
    }
  }
}

/** Of rows that were let go of only the last link is known; null where nothing is. */
function linksOf({ last, chain }: LetGo, count: number): readonly string[] | null {
  return count === last ? [chain] : null;
}

/** The heads of an anchor, ticked off as the walk passes them. */
class AnchoredHeads {
  readonly #rules: ChainRules;
  readonly #open = new Map<string, WriterHead>();

  constructor(rules: ChainRules, anchor: Anchor | undefined) {
    this.#rules = rules;
    for (const head of anchor?.heads ?? []) {
      const nothing = head[rules.name] === 0 && rules.chainOf(head) === rules.start(head.writer);
      if (!nothing) this.#open.set(head.writer, head);
    }
  }

  see(writer: string, { seq, chain }: Pick<WalkedRow, "seq" | "chain">): void {
    const head = this.#open.get(writer);
    if (head === undefined || head[this.#rules.name] !== seq) return;
    if (this.#rules.chainOf(head) === chain) this.#open.delete(writer);
  }

  pass({ writer, first, last, chain }: LetGo): void {
    const head = this.#open.get(writer);
    const count = head?.[this.#rules.name] ?? 0;
    if (head === undefined || count < first || count > last) return;
    if (count < last || this.#rules.chainOf(head) === chain) this.#open.delete(writer);
  }

  report(findings: Findings): void {
    const { name } = this.#rules;
    for (const [writer, head] of this.#open) {
      findings.add(
        "anchor-mismatch",
        writer,
        `The writer's ${name} up to ${head[name]} are not those that the anchor has seen.`,
      );
    }
  }
}
