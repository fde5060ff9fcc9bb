/** Walks the ledger's rows in the order of their writing and holds every writer's chain against links, seals and anchor. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Anchor, executionLink, type Finding, outcomeLink, type WriterHead } from "@colophon/kernel";
import { executionChainStart, outcomeChainStart } from "../../shared/chain-names.ts";
import { idOf, toHex } from "../bytes.ts";
import { createDictionaryReader, type DictionaryReader } from "../dictionary.ts";
import { EXECUTION_SELECT, unpackExecution } from "../execution-codec.ts";
import { fastHash } from "../fast-hash.ts";
import type { SqlRow } from "../node-sqlite.ts";
import type { StoredSeal } from "../seal-ledger.ts";
import type { SqliteCore } from "../sqlite-core.ts";
import { unpackOutcome } from "../unpack-outcome.ts";
import type { Findings } from "./findings.ts";
import { sealsOf } from "./verify-seals.ts";

/** What tells the two chains of a writer apart. */
export interface ChainRules {
  readonly name: "executions" | "outcomes";
  readonly select: string;
  readonly altered: Finding["kind"];
  readonly missing: Finding["kind"];
  /** The row's text under a previous link. @throws when the row cannot be read. */
  link(row: SqlRow, words: DictionaryReader): (previous: string) => string;
  start(writer: string): string;
  lastRow(seal: StoredSeal): number;
  chainOf(head: WriterHead): string;
}

export const EXECUTION_CHAINS: ChainRules = {
  name: "executions",
  select: `${EXECUTION_SELECT} ORDER BY e.n`,
  altered: "altered-row",
  missing: "missing-row",
  link(row, words) {
    const execution = unpackExecution(row, words);
    return (previous) => executionLink(previous, execution);
  },
  start: (writer) => executionChainStart(writer, fastHash),
  lastRow: (seal) => seal.lastExecution,
  chainOf: (head) => head.executionChain,
};

export const OUTCOME_CHAINS: ChainRules = {
  name: "outcomes",
  select: "SELECT o.*, w.id AS writer_id FROM outcome o LEFT JOIN writer w ON w.n = o.writer ORDER BY o.n",
  altered: "altered-outcome",
  missing: "missing-outcome",
  link(row, words) {
    const outcome = unpackOutcome(row, words);
    return (previous) => outcomeLink(previous, outcome);
  },
  start: (writer) => outcomeChainStart(writer, fastHash),
  lastRow: (seal) => seal.lastOutcome,
  chainOf: (head) => head.outcomeChain,
};

/** Where a writer's chain stands while the walk goes on. */
interface ChainState {
  seq: number;
  /** What the next row may be linked to: the link as it is stored, or as it should have been. */
  links: readonly string[];
}

const ROWS_PER_TURN = 500;

export interface ChainReport {
  readonly rows: number;
  readonly writers: ReadonlySet<string>;
}

export async function verifyChains(
  core: SqliteCore,
  { rules, anchor }: { readonly rules: ChainRules; readonly anchor: Anchor | undefined },
  findings: Findings,
): Promise<ChainReport> {
  const words = createDictionaryReader(core);
  const states = new Map<string, ChainState>();
  const anchored = new AnchoredHeads(rules, anchor);
  const seals = sealsOf(core);
  let seal = seals.next();
  let rows = 0;
  try {
    for (const row of core.prepare(rules.select).iterate() as Iterable<SqlRow>) {
      for (; !seal.done && (row.n as number) > rules.lastRow(seal.value); seal = seals.next()) {
        checkSeal(seal.value, { rules, states }, findings);
      }
      rows += 1;
      checkRow(row, { rules, states, words }, findings);
      anchored.see(String(row.writer_id), row);
      if (rows % ROWS_PER_TURN === 0) await nextTurn();
    }
  } catch (error) {
    findings.add("unreadable", rules.name, `After ${rows} rows SQLite says: ${(error as Error).message}.`);
  }
  for (; !seal.done; seal = seals.next()) checkSeal(seal.value, { rules, states }, findings);
  anchored.report(findings);
  return { rows, writers: new Set(states.keys()) };
}

interface Walk {
  readonly rules: ChainRules;
  readonly states: Map<string, ChainState>;
}

function checkRow(row: SqlRow, walk: Walk & { readonly words: DictionaryReader }, findings: Findings): void {
  const { rules, states, words } = walk;
  const writer = row.writer_id as string | null;
  const where = idOf(row.at as number, row.rest as Uint8Array);
  if (writer === null) {
    findings.add(rules.altered, where, "The row's writer is not there.");
    return;
  }
  const seq = row.seq as number;
  const chain = toHex(row.chain as Uint8Array);
  const state = states.get(writer) ?? { seq: 0, links: [rules.start(writer)] };
  states.set(writer, state);
  if (seq <= state.seq) {
    findings.add("reordered-row", where, `Row ${seq} of writer ${writer} comes after row ${state.seq}.`);
    return;
  }
  if (seq > state.seq + 1) {
    findings.add(
      rules.missing,
      `${writer} ${state.seq + 1}`,
      `Rows ${state.seq + 1} to ${seq - 1} of the writer are not there.`,
    );
    state.links = [chain];
  } else state.links = checkLink(row, { chain, links: state.links, where, rules, words }, findings);
  state.seq = seq;
}

interface LinkCheck {
  readonly chain: string;
  readonly links: readonly string[];
  readonly where: string;
  readonly rules: ChainRules;
  readonly words: DictionaryReader;
}

/** Gives what the next row may be linked to. */
function checkLink(
  row: SqlRow,
  { chain, links, where, rules, words }: LinkCheck,
  findings: Findings,
): readonly string[] {
  try {
    const link = rules.link(row, words);
    const due = links.map((previous) => fastHash(link(previous)));
    if (due.includes(chain)) return [chain];
    findings.add(rules.altered, where, "The row does not hash to its link of the chain.");
    return [chain, ...due];
  } catch (error) {
    findings.add(rules.altered, where, `The row cannot be read: ${(error as Error).message}`);
    return [chain];
  }
}

/** Called where the seal was made: between the last row that it saw and the next. */
function checkSeal({ seal }: StoredSeal, { rules, states }: Walk, findings: Findings): void {
  const where = `seal ${seal.seq}`;
  for (const head of seal.heads) {
    const count = head[rules.name];
    if (count === 0) continue;
    const state = states.get(head.writer);
    if (state === undefined) {
      findings.addOnce(
        "vanished-writer",
        head.writer,
        `The writer's ${rules.name} were there at ${where} and are gone.`,
      );
    } else if (state.seq < count) {
      findings.addOnce(
        "cut-tail",
        head.writer,
        `The writer had ${count} ${rules.name} at ${where} and has ${state.seq}.`,
      );
    } else if (state.seq > count) {
      findings.add(
        "altered-seal",
        where,
        `It lists ${count} ${rules.name} of writer ${head.writer}, ${state.seq} were there.`,
      );
    } else if (!state.links.includes(rules.chainOf(head))) {
      findings.addOnce(
        rules.altered,
        head.writer,
        `The writer's ${rules.name} up to ${count} are not those of ${where}.`,
      );
    }
  }
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

  see(writer: string, row: SqlRow): void {
    const head = this.#open.get(writer);
    if (head === undefined || head[this.#rules.name] !== row.seq) return;
    if (this.#rules.chainOf(head) === toHex(row.chain as Uint8Array)) this.#open.delete(writer);
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
