/** The hot statement of the ledger: binds a placed row and inserts it, with its bytes written into fixed buffers. */
import type { Assignment, UnchainedExecution } from "@colophon/kernel";
import { type DictionaryWriters, packExtra, packFlags, packWords } from "../shared/execution-codec.ts";
import type { SubjectNumbers } from "../shared/row-subjects.ts";
import type { StatementSync } from "./node-sqlite.ts";
import { EXECUTION_COLUMNS } from "./schema.ts";

export interface ExecutionInsert {
  readonly row: UnchainedExecution;
  readonly chain: string;
  readonly writer: number;
  readonly subjects: SubjectNumbers;
}

/** What aborts needs a journal of the pages it touched; a single row that fails has touched none. See edition-2.ts. */
const SQL = `INSERT OR FAIL INTO execution (${EXECUTION_COLUMNS.join(", ")}) VALUES (${EXECUTION_COLUMNS.map(() => "?").join(", ")})`;

function drawOf(assignment: Assignment | null): number | null {
  return assignment === null ? null : assignment.draw;
}

/** SQLite copies what is bound, so the same buffers serve every row. */
export function createExecutionInsert(
  prepare: (sql: string) => StatementSync,
  words: DictionaryWriters,
): (insert: ExecutionInsert) => number {
  const rest = Buffer.alloc(10);
  const buffers = {
    session: Buffer.alloc(16), trace: Buffer.alloc(16), span: Buffer.alloc(8), rendered: Buffer.alloc(16),
    input: Buffer.alloc(16), output: Buffer.alloc(16), chain: Buffer.alloc(32),
  }; // biome-ignore format: sizes side by side
  const bytes = (hex: string | null, into: Buffer): Buffer | null => {
    if (hex === null) return null;
    into.write(hex, "hex");
    return into;
  };
  return ({ row, chain, writer, subjects }) => {
    const { id, tokens } = row;
    const numbers = packWords(row, words);
    rest.write(id.slice(14, 18) + id.slice(19, 23) + id.slice(24), "hex");
    const result = prepare(SQL).run(
      row.at, rest, writer, row.seq, numbers.version, numbers.scope, numbers.route, numbers.model, numbers.finish,
      packFlags(row), row.revision, subjects.user, subjects.tenant, subjects.document, subjects.documentType,
      bytes(row.subjects.session, buffers.session), bytes(row.trace, buffers.trace), bytes(row.span, buffers.span),
      tokens.input, tokens.output, tokens.reasoning, tokens.cacheRead, tokens.cacheWrite, row.latency,
      row.firstToken, row.outputLength, drawOf(row.assignment), bytes(row.renderedHash, buffers.rendered),
      bytes(row.inputHash, buffers.input), bytes(row.outputHash, buffers.output), packExtra(row),
      bytes(chain, buffers.chain),
    ); // biome-ignore format: the order of EXECUTION_COLUMNS, line by line
    return result.lastInsertRowid as number;
  };
}
