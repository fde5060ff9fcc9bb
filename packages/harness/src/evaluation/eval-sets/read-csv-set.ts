/** Reads an eval set out of CSV: a case a row, its variables in columns, and columns for what a case has besides. */
import {
  type CaseDraft,
  type Complain,
  type Expectation,
  readCaseDraft,
  type ScorerSpec,
} from "@colophon/evaluation";
import { CsvError, type Info, parse } from "csv-parse/sync";
import { BARE_FILE, type EvalSetFile, type ReadingFile, type Unmapped } from "./eval-set-file.ts";
import { mapAssertions } from "./promptfoo/map-assertions.ts";
import { readAssertionText } from "./promptfoo/read-assertion-text.ts";
import { parseJson, readExpectedText } from "./read-expected-text.ts";

/** Columns that are no variables. Where a prompt has a variable of such a name, write the column as `__id` and so on. */
export const CASE_COLUMNS = ["id", "split", "tags", "cluster", "expected", "scorers", "provenance"] as const;
type CaseColumn = (typeof CASE_COLUMNS)[number];

/** Columns of promptfoo that hold for the row. */
const EXPECTED = /^__expected\d*$/;
const METADATA = "__metadata:";
const JSON_VARIABLE = ":json";

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

export function readCsvSet(text: string, reading: ReadingFile): EvalSetFile {
  const rows = rowsOf(text, reading);
  const [head, ...rest] = rows;
  if (head === undefined) return { ...BARE_FILE, drafts: [] };
  const columns = columnsOf(head.cells, reading.at(`line ${head.line}`));
  const unmapped: Unmapped[] = columns.unmapped.map((name) => ({
    test: "header",
    assertion: null,
    why: `the column "${name}" has no counterpart`,
    instead: null,
  }));
  const drafts = rest.flatMap((row) => {
    const read = readRow(row, columns, reading);
    unmapped.push(...read.left);
    return read.drafts;
  });
  return { ...BARE_FILE, drafts, unmapped };
}

/** Rows with the line that each begins in. */
function rowsOf(text: string, reading: ReadingFile): readonly Row[] {
  try {
    const options = { bom: true, info: true, skip_empty_lines: true, skip_records_with_empty_values: true };
    const records = parse(text, options) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: Info;
    }[];
    let next = 1;
    return records.map(({ record, info }) => {
      // The library says where a record ends; cells may hold line breaks.
      const breaks = record.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0);
      const line = Math.max(next, info.lines - breaks);
      next = info.lines + 1;
      return { line, cells: record };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { readonly lines?: number };
    reading.at(`line ${lines ?? 1}`)(error.message.replace(/\.$/, ""));
    return [];
  }
}

interface Columns {
  readonly count: number;
  readonly cases: ReadonlyMap<CaseColumn, number>;
  readonly expected: readonly number[];
  readonly metadata: readonly { readonly at: number; readonly name: string }[];
  readonly metric: number | undefined;
  readonly description: number | undefined;
  readonly variables: readonly { readonly at: number; readonly name: string; readonly isJson: boolean }[];
  readonly unmapped: readonly string[];
}

function columnsOf(head: readonly string[], complain: Complain): Columns {
  const names = head.map((name) => name.trim());
  for (const [at, name] of names.entries()) {
    if (name === "") complain(`column ${at + 1} has no name`);
    else if (names.indexOf(name) !== at) complain(`the column "${name}" is there twice`);
  }
  const cases = new Map<CaseColumn, number>();
  for (const name of CASE_COLUMNS) {
    const marked = name === "expected" ? -1 : names.indexOf(`__${name}`);
    const plain = names.indexOf(name);
    const isTaken = name === "expected" && names.some((one) => EXPECTED.test(one));
    if (marked >= 0) cases.set(name, marked);
    else if (plain >= 0 && !isTaken) cases.set(name, plain);
  }
  const taken = new Set(cases.values());
  const rest = [...names.entries()].filter(([at]) => !taken.has(at));
  const of = (test: (name: string) => boolean) => rest.filter(([, name]) => test(name));
  const known = (name: string): boolean =>
    EXPECTED.test(name) || name.startsWith(METADATA) || name === "__metric" || name === "__description";
  const isVariable = (name: string): boolean =>
    !name.startsWith("__") || (name.endsWith(JSON_VARIABLE) && !name.startsWith(METADATA));
  return {
    count: names.length,
    cases,
    expected: of((name) => EXPECTED.test(name)).map(([at]) => at),
    metadata: of((name) => name.startsWith(METADATA)).map(([at, name]) => ({
      at,
      name: name.slice(METADATA.length),
    })),
    metric: of((name) => name === "__metric")[0]?.[0],
    description: of((name) => name === "__description")[0]?.[0],
    variables: of(isVariable).map(([at, name]) => ({
      at,
      name: name.endsWith(JSON_VARIABLE) ? name.slice(0, -JSON_VARIABLE.length) : name,
      isJson: name.endsWith(JSON_VARIABLE),
    })),
    unmapped: of((name) => !isVariable(name) && !known(name)).map(([, name]) => name),
  };
}

function readRow(
  { line, cells }: Row,
  columns: Columns,
  reading: ReadingFile,
): { readonly drafts: readonly CaseDraft[]; readonly left: readonly Unmapped[] } {
  const place = `line ${line}`;
  const complain = reading.at(place);
  const cell = (name: CaseColumn): string => cells[columns.cases.get(name) ?? -1]?.trim() ?? "";
  const json = (name: CaseColumn): unknown =>
    cell(name) === "" ? undefined : parseJson(cell(name), (why) => complain(`"${name}" ${why}`));
  const variables = Object.fromEntries(
    columns.variables.flatMap(({ at, name, isJson }): readonly (readonly [string, unknown])[] => {
      const text = cells[at] ?? "";
      if (!isJson) return [[name, text]];
      return text === "" ? [] : [[name, parseJson(text, (why) => complain(`"${name}" ${why}`))]];
    }),
  );
  const asserted = readAssertions(cells, columns, { test: place, variables });
  const metadata = columns.metadata.flatMap(({ at, name }) => (cells[at] ? [`${name}:${cells[at]}`] : []));
  const tags = tagsOf(cell("tags"), complain);
  const written = {
    id: cell("id"),
    variables,
    expected: columns.cases.has("expected")
      ? readExpectedText(cell("expected"), complain)
      : asserted.expected,
    split: cell("split"),
    tags: [...tags, ...metadata],
    cluster: cell("cluster"),
    provenance: json("provenance"),
    scorers: json("scorers"),
  };
  const described = cells[columns.description ?? -1] || null;
  const ref = `${reading.file}, ${place}${described === null ? "" : ` (${described})`}`;
  const provenance = { source: "import", ref } as const;
  const draft = readCaseDraft(written, { place, provenance }, complain);
  const drafts = draft === undefined ? [] : [{ ...draft, scorers: [...asserted.scorers, ...draft.scorers] }];
  return { drafts, left: asserted.unmapped };
}

/** `a;b`, or a JSON list where a tag has a semicolon in it. */
function tagsOf(cell: string, complain: Complain): readonly unknown[] {
  const listed = cell.startsWith("[")
    ? parseJson(cell, (why) => complain(`"tags" ${why}`))
    : cell.split(";").map((tag) => tag.trim());
  return Array.isArray(listed) ? listed.filter((tag) => tag !== "") : [];
}

function readAssertions(
  cells: readonly string[],
  { expected, metric }: Columns,
  test: { readonly test: string; readonly variables: Readonly<Record<string, unknown>> },
): {
  readonly scorers: readonly ScorerSpec[];
  readonly expected: Expectation;
  readonly unmapped: readonly Unmapped[];
} {
  const named = metric === undefined ? undefined : cells[metric] || undefined;
  const assertions = expected.flatMap((at) => {
    const text = cells[at] ?? "";
    if (text.trim() === "") return [];
    const { others: _, ...assertion } = readAssertionText(text);
    return [{ ...assertion, ...(named === undefined ? {} : { metric: named }) }];
  });
  return mapAssertions(assertions, test);
}
