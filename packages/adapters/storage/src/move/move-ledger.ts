/** Moves the rows and outcomes of a ledger in the order in which they came in, each with its number and its link. */
import { type Execution, HarnessError, type Outcome } from "@colophon/kernel";
import { keptContentLine, outcomeLine, signalNumber } from "../postgres/batch-maker.ts";
import { executionLine } from "../postgres/execution-line.ts";
import { COPY_CONTENTS, COPY_EXECUTIONS, COPY_OUTCOMES, INTAKE } from "../postgres/intake.ts";
import { ledgerEnds } from "../postgres/ledger-ends.ts";
import { createPartitions } from "../postgres/partitions.ts";
import { WordWriter } from "../postgres/word-book.ts";
import { packWords, unpackExecution } from "../shared/execution-codec.ts";
import type { SqlRow } from "../shared/sql-row.ts";
import { unpackOutcome } from "../shared/unpack-outcome.ts";
import { createDictionaryReader } from "../sqlite/dictionary.ts";
import { EXECUTION_SELECT } from "../sqlite/execution-select.ts";
import type { MoveParts } from "./move-store.ts";
import { subjectNumbers } from "./move-tables.ts";

const ROWS_AT_ONCE = 1000;

export async function moveExecutions(parts: MoveParts, writers: ReadonlyMap<number, number>): Promise<void> {
  const { from, to, clock, moved } = parts;
  const reader = createDictionaryReader(from);
  const words = new WordWriter();
  const partitions = createPartitions({ transaction: to.transaction, clock });
  const select = from.prepare(`${EXECUTION_SELECT} WHERE e.n > ? ORDER BY e.n LIMIT ${ROWS_AT_ONCE}`);
  for (let { execution: end } = await ledgerEnds(to); ; ) {
    const rows = select.all(end) as SqlRow[];
    if (rows.length === 0) return;
    refuseHoles(parts, rows, end);
    const executions = rows.map((row) => unpackExecution(row, reader));
    await partitions.ensure(executions.map(({ id }) => id));
    const pack = () => executions.map((row) => packWords(row, words.words));
    let packed = pack();
    if (words.hasNew) {
      await words.addNew(to);
      packed = pack();
    }
    words.trim();
    const numbers = await subjectNumbers(parts, pseudonymsOf(executions));
    const numberOf = (pseudonym: string | null): number | null =>
      pseudonym === null ? null : (numbers.get(pseudonym) as number);
    const lines = executions.map((row, index) => {
      const { user, tenant, document, documentType } = row.subjects;
      const subjects = {
        user: numberOf(user),
        tenant: numberOf(tenant),
        document: numberOf(document),
        documentType: numberOf(documentType),
      };
      const writer = writers.get(rows[index]?.writer as number) as number;
      return executionLine({
        row,
        chain: row.chain,
        writer,
        subjects,
        words: packed[index] as (typeof packed)[0],
      });
    });
    await intake(
      parts,
      { copy: COPY_EXECUTIONS, what: "executions", end },
      { lines, contents: contentLines(parts, rows, executions) },
    );
    end += rows.length;
    moved("executions", rows.length);
  }
}

function pseudonymsOf(executions: readonly Execution[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { subjects } of executions) {
    for (const pseudonym of [subjects.user, subjects.tenant, subjects.document, subjects.documentType]) {
      if (pseudonym !== null) found.add(pseudonym);
    }
  }
  return found;
}

function contentLines(
  { from }: MoveParts,
  rows: readonly SqlRow[],
  executions: readonly Execution[],
): string {
  const ids = new Map(rows.map(({ n }, index) => [n as number, executions[index]?.id as string]));
  const contents = from
    .prepare("SELECT execution, variables, output, expires FROM content WHERE execution BETWEEN ? AND ?")
    .all(rows[0]?.n as number, rows.at(-1)?.n as number) as SqlRow[];
  return contents
    .map(({ execution, variables, output, expires }) =>
      keptContentLine(ids.get(execution as number) as string, {
        variables: variables as string | null,
        output: output as string | null,
        expires: expires as number | null,
      }),
    )
    .join("");
}

export async function moveOutcomes(parts: MoveParts, writers: ReadonlyMap<number, number>): Promise<void> {
  const { from, to, clock, moved } = parts;
  const reader = createDictionaryReader(from);
  const words = new WordWriter();
  const partitions = createPartitions({ transaction: to.transaction, clock });
  const select = from.prepare(
    `SELECT o.*, w.id AS writer_id FROM outcome o LEFT JOIN writer w ON w.n = o.writer
     WHERE o.n > ? ORDER BY o.n LIMIT ${ROWS_AT_ONCE}`,
  );
  for (let { outcome: end } = await ledgerEnds(to); ; ) {
    const rows = select.all(end) as SqlRow[];
    if (rows.length === 0) return;
    refuseHoles(parts, rows, end);
    const outcomes: readonly Outcome[] = rows.map((row) => unpackOutcome(row, reader));
    await partitions.ensure(outcomes.map(({ execution }) => execution));
    const pack = () => outcomes.map((row) => signalNumber(row, words.words.signal));
    let signals = pack();
    if (words.hasNew) {
      await words.addNew(to);
      signals = pack();
    }
    words.trim();
    const lines = outcomes.map((row, index) => {
      const writer = writers.get(rows[index]?.writer as number) as number;
      return outcomeLine({ row, chain: row.chain, writer, signal: signals[index] as number });
    });
    await intake(parts, { copy: COPY_OUTCOMES, what: "outcomes", end }, { lines, contents: "" });
    end += rows.length;
    moved("outcomes", rows.length);
  }
}

/** Numbers stay what they are, since seals name them. */
function refuseHoles({ from }: MoveParts, rows: readonly SqlRow[], end: number): void {
  if (rows.every(({ n }, index) => n === end + index + 1)) return;
  throw new HarnessError(
    "store-corrupt",
    `Rows behind number ${end} are missing in ${from.file}; \`colophon verify\` says which.`,
  );
}

async function intake(
  { to }: MoveParts,
  {
    copy,
    what,
    end,
  }: { readonly copy: string; readonly what: "executions" | "outcomes"; readonly end: number },
  { lines, contents }: { readonly lines: readonly string[]; readonly contents: string },
): Promise<void> {
  await to.transaction(async (connection, [ends]) => {
    if (ends?.[what] !== end) {
      throw new HarnessError(
        "store-busy",
        "Somebody else writes into the store that this one is moved to; stop them, and begin again.",
      );
    }
    await connection.copyIn(copy, lines.map((line, index) => `${end + index + 1}\t${line}\n`).join(""));
    if (contents !== "") await connection.copyIn(COPY_CONTENTS, contents);
  }, INTAKE);
}
