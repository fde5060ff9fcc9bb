/** Reads an eval set out of YAML or JSON: a document with `cases`, a list of them, or promptfoo's tests. */
import {
  type CaseDraft,
  type Fields,
  isFields,
  isProposed,
  readCaseDraft,
  refuseUnknown,
  shown,
} from "@colophon/evaluation";
import { type Document, isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { BARE_FILE, type EvalSetFile, type ReadingFile } from "./eval-set-file.ts";
import { readPromptfooTests } from "./promptfoo/read-promptfoo-tests.ts";
import { readSetFields, SET_FIELDS } from "./read-set-fields.ts";

/** A value of the document with the line that it begins in. */
interface Placed {
  readonly place: string;
  readonly value: unknown;
}

export function readYamlSet(text: string, reading: ReadingFile): EvalSetFile {
  const lines = new LineCounter();
  // Tabs are space between JSON's tokens, but not between YAML's; a document that is JSON has none in its strings.
  const document = parseDocument(isJson(text) ? text.replaceAll("\t", " ") : text, {
    lineCounter: lines,
    // A warning would say what stands in the file, to the log of whatever process reads it.
    logLevel: "error",
    strict: true,
  });
  for (const problem of document.errors) {
    const { line } = lines.linePos(problem.pos[0]);
    const what = problem.message.split(/ at line \d+|\n/)[0]?.replace(/[:.]$/, "") ?? "it is no YAML";
    reading.at(`line ${line}`)(what);
  }
  if (document.errors.length > 0) return { ...BARE_FILE, drafts: [] };
  const root = readValue(document, reading);
  if (root === undefined) return { ...BARE_FILE, drafts: [] };
  const listAt = (node: unknown, values: readonly unknown[]): readonly Placed[] =>
    values.map((value, index) => {
      const item = isSeq(node) ? (node.items[index] as Node | undefined) : undefined;
      const start = item?.range?.[0];
      return {
        value,
        place: start === undefined ? `case ${index + 1}` : `line ${lines.linePos(start).line}`,
      };
    });
  if (isFields(root)) {
    const nodeOf = (name: string): unknown =>
      isMap(document.contents) ? document.contents.get(name, true) : undefined;
    return readDocument(root, (name, values) => listAt(nodeOf(name), values), reading);
  }
  if (!Array.isArray(root)) {
    reading.at("line 1")(`it is ${shown(root)}; give "cases", or promptfoo's "tests"`);
    return { ...BARE_FILE, drafts: [] };
  }
  const items = listAt(document.contents, root);
  return root.some(isPromptfooTest)
    ? readPromptfooTests({ tests: items }, reading)
    : readCases(items, reading);
}

/** Undefined, with a complaint, for a document whose aliases stand for more than anybody writes. */
function readValue(document: Document.Parsed, reading: ReadingFile): unknown {
  try {
    return (document.toJS({ maxAliasCount: 100 }) as unknown) ?? null;
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    reading.at("line 1")("its aliases stand for too much; write out what they mean");
    return undefined;
  }
}

type PlaceList = (name: string, values: readonly unknown[]) => readonly Placed[];

function readDocument(root: Fields, placed: PlaceList, reading: ReadingFile): EvalSetFile {
  if (
    root.cases === undefined &&
    (root.tests !== undefined || root.defaultTest !== undefined || root.scenarios !== undefined)
  ) {
    const tests = Array.isArray(root.tests) ? placed("tests", root.tests) : [];
    return readPromptfooTests({ ...root, tests, testsOf: root.tests }, reading);
  }
  const complain = reading.at("line 1");
  refuseUnknown(root, [...SET_FIELDS, "cases"], complain);
  const head = readSetFields(root, complain);
  if (Array.isArray(root.cases)) return { ...readCases(placed("cases", root.cases), reading), ...head };
  complain(`"cases" is ${shown(root.cases)}; give a list`);
  return { ...BARE_FILE, ...head, drafts: [] };
}

function readCases(items: readonly Placed[], reading: ReadingFile): EvalSetFile {
  const drafts = items.flatMap(({ place, value }): readonly CaseDraft[] => {
    const provenance = { source: "import", ref: `${reading.file}, ${place}` } as const;
    const draft = readCaseDraft(value, { place, provenance }, reading.at(place));
    return draft === undefined ? [] : [draft];
  });
  return { ...BARE_FILE, drafts, proposed: items.some(({ value }) => isProposed(value)) };
}

function isPromptfooTest(value: unknown): boolean {
  return isFields(value) && !("variables" in value) && ("vars" in value || "assert" in value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
