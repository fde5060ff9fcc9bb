/** Holds a memory store against its chains, seals, hashes and an anchor; it keeps no sums. */
import {
  type Anchor,
  chainStart,
  executionLink,
  type Finding,
  hashText,
  outcomeLink,
  recordLink,
  type Seal,
  sealLink,
  sha256,
  type VerifyReport,
  type VersionText,
  type WriterHead,
} from "@colophon/kernel";
import { executionChainStart, outcomeChainStart, RECORD_CHAIN, SEAL_CHAIN } from "../shared/chain-names.ts";
import { promisedText } from "../shared/record-rules.ts";
import type { MemoryState } from "./memory-state.ts";

type Kind = Finding["kind"];

class Findings {
  readonly list: Finding[] = [];

  add(kind: Kind, where: string, message: string): void {
    this.list.push({ kind, where, message });
  }
}

export function verifyMemory(state: MemoryState, anchor?: Anchor): VerifyReport {
  const findings = new Findings();
  checkRecords(state, findings);
  checkTexts(state, findings);
  const executions = [...state.executions.values()];
  const outcomes = [...state.outcomes.values()];
  const chains: Chains = {
    executions: checkChains(executions, EXECUTIONS, findings),
    outcomes: checkChains(outcomes, OUTCOMES, findings),
  };
  checkSeals(state, chains, findings);
  if (anchor !== undefined) checkAnchor(state, { anchor, chains }, findings);
  const writers = new Set([...chains.executions.keys(), ...chains.outcomes.keys()]);
  return {
    records: state.records.length,
    texts: state.texts.size,
    executions: executions.length,
    outcomes: outcomes.length,
    writers: writers.size,
    seals: state.seals.length,
    findings: findings.list,
  };
}

function checkRecords({ records }: MemoryState, findings: Findings): void {
  let previous = chainStart(RECORD_CHAIN, sha256);
  let expected = 1;
  for (const { record, chain } of records) {
    const where = `revision ${record.revision}`;
    if (record.revision !== expected) {
      findings.add(
        "missing-record",
        `revision ${expected}`,
        `The log goes on at ${record.revision} where ${expected} was due.`,
      );
    } else if (sha256(recordLink(previous, record)) !== chain) {
      findings.add("altered-record", where, "The record does not hash to its link of the chain.");
    }
    previous = chain;
    expected = record.revision + 1;
  }
}

function checkTexts({ texts, records }: MemoryState, findings: Findings): void {
  for (const [hash, text] of texts) {
    if (hashOf(text) !== hash) findings.add("altered-text", hash, "The text does not hash to its name.");
  }
  for (const { record } of records) {
    const hash = promisedText(record);
    if (hash !== null && !texts.has(hash)) {
      findings.add("missing-text", hash, `Record ${record.revision} names a text that is not there.`);
    }
  }
}

/** Null for what is no text at all. */
function hashOf(text: string): string | null {
  try {
    return hashText(JSON.parse(text) as VersionText);
  } catch {
    return null;
  }
}

interface ChainedRow {
  readonly id: string;
  readonly writer: string;
  readonly seq: number;
  readonly chain: string;
}

interface ChainRules<T extends ChainedRow> {
  start(writer: string): string;
  link(previous: string, row: T): string;
  readonly altered: Kind;
  readonly missing: Kind;
}

const EXECUTIONS: ChainRules<MemoryState["executions"] extends Map<unknown, infer T> ? T : never> = {
  start: (writer) => executionChainStart(writer, sha256),
  link: executionLink,
  altered: "altered-row",
  missing: "missing-row",
};

const OUTCOMES: ChainRules<MemoryState["outcomes"] extends Map<unknown, infer T> ? T : never> = {
  start: (writer) => outcomeChainStart(writer, sha256),
  link: outcomeLink,
  altered: "altered-outcome",
  missing: "missing-outcome",
};

/** The links of a writer's chain by their number; link 0 is its start. */
type WriterChain = ReadonlyMap<number, string>;

interface Chains {
  readonly executions: ReadonlyMap<string, WriterChain>;
  readonly outcomes: ReadonlyMap<string, WriterChain>;
}

/** Rows lie in the order in which they were appended, which is that of their numbers. */
function checkChains<T extends ChainedRow>(
  rows: readonly T[],
  rules: ChainRules<T>,
  findings: Findings,
): ReadonlyMap<string, WriterChain> {
  const chains = new Map<string, WriterChain>();
  for (const [writer, own] of Map.groupBy(rows, (row) => row.writer)) {
    const links = new Map([[0, rules.start(writer)]]);
    let last = 0;
    for (const row of own) {
      const previous = links.get(row.seq - 1);
      if (row.seq <= last) {
        findings.add("reordered-row", row.id, `Row ${row.seq} of writer ${writer} comes after row ${last}.`);
      } else if (previous === undefined) {
        findings.add(
          rules.missing,
          `${writer} ${last + 1}`,
          `Rows ${last + 1} to ${row.seq - 1} of the writer are not there.`,
        );
      } else if (sha256(rules.link(previous, row)) !== row.chain) {
        findings.add(rules.altered, row.id, "The row does not hash to its link of the chain.");
      }
      links.set(row.seq, row.chain);
      last = row.seq;
    }
    chains.set(writer, links);
  }
  return chains;
}

function checkSeals(state: MemoryState, chains: Chains, findings: Findings): void {
  let previous = chainStart(SEAL_CHAIN, sha256);
  for (const [index, seal] of state.seals.entries()) {
    const where = `seal ${seal.seq}`;
    if (seal.seq !== index + 1 || sha256(sealLink(previous, seal)) !== seal.chain) {
      findings.add("altered-seal", where, "The seal does not hash to its link of the chain.");
    }
    previous = seal.chain;
    checkSealedRecords(state, seal, findings);
    for (const head of seal.heads) checkSealedHead(head, { chains, where }, findings);
  }
}

function checkSealedRecords({ records }: MemoryState, seal: Seal, findings: Findings): void {
  const sealed = records.find(({ record }) => record.revision === seal.revision);
  if (sealed === undefined) {
    findings.add(
      "missing-record",
      `revision ${seal.revision}`,
      `Seal ${seal.seq} has seen a record that is not there.`,
    );
  } else if (sealed.chain !== seal.recordChain) {
    findings.add(
      "altered-record",
      `revision ${seal.revision}`,
      `Seal ${seal.seq} has seen another record there.`,
    );
  }
}

function checkSealedHead(
  head: WriterHead,
  { chains, where }: { readonly chains: Chains; readonly where: string },
  findings: Findings,
): void {
  const { writer } = head;
  if (!chains.executions.has(writer) && !chains.outcomes.has(writer)) {
    findings.add("vanished-writer", writer, `The writer was there at ${where} and is gone.`);
    return;
  }
  for (const [name, rules] of [
    ["executions", EXECUTIONS],
    ["outcomes", OUTCOMES],
  ] as const) {
    const count = head[name];
    const chain = name === "executions" ? head.executionChain : head.outcomeChain;
    const found = count === 0 ? rules.start(writer) : chains[name].get(writer)?.get(count);
    if (found === undefined) {
      findings.add("cut-tail", writer, `The writer had ${count} ${name} at ${where} and has fewer.`);
    } else if (found !== chain) {
      findings.add(rules.altered, writer, `The writer's ${name} up to ${count} are not those of ${where}.`);
    }
  }
}

function checkAnchor(
  { seals }: MemoryState,
  { anchor, chains }: { readonly anchor: Anchor; readonly chains: Chains },
  findings: Findings,
): void {
  if (seals[anchor.seal.seq - 1]?.chain !== anchor.seal.chain) {
    findings.add(
      "anchor-mismatch",
      `seal ${anchor.seal.seq}`,
      "The store has another seal there than the anchor, or none.",
    );
  }
  for (const head of anchor.heads) {
    for (const [name, rules] of [
      ["executions", EXECUTIONS],
      ["outcomes", OUTCOMES],
    ] as const) {
      const count = head[name];
      const chain = name === "executions" ? head.executionChain : head.outcomeChain;
      const found = count === 0 ? rules.start(head.writer) : chains[name].get(head.writer)?.get(count);
      if (found === chain) continue;
      const message = `The writer's ${name} up to ${count} are not those that the anchor has seen.`;
      findings.add("anchor-mismatch", head.writer, message);
    }
  }
}
