/** Reads a Python file in the words that all languages share. */
import { guardDepth } from "../source/depth-guard.ts";
import { draftModule, finishModule, type ModuleDraft } from "../source/module-draft.ts";
import { type Place, statementOf } from "../source/place.ts";
import type { SourceFile, SourceModule } from "../source/source-module.ts";
import type { SourceValue } from "../source/source-value.ts";
import { isToken, type PythonReader, readValue, unknown } from "./python-reader.ts";
import { type PythonNode, parsePython } from "./python-tree.ts";
import { CHAIN_EXPRESSIONS } from "./read-chain.ts";
import { COLLECTION_EXPRESSIONS } from "./read-collection.ts";
import { DEFINITION_EXPRESSIONS, DEFINITION_STATEMENTS } from "./read-definition.ts";
import { readBody } from "./read-docstring.ts";
import { exportNames, IMPORT_STATEMENTS } from "./read-imports.ts";
import { OPERATOR_EXPRESSIONS } from "./read-operator.ts";
import { STATEMENTS } from "./read-statement.ts";
import { TEXT_EXPRESSIONS } from "./read-text.ts";

type Read<Result> = (reader: PythonReader, node: PythonNode, place: Place) => Result;

const EXPRESSIONS: ReadonlyMap<string, Read<SourceValue>> = new Map(
  Object.entries({
    ...COLLECTION_EXPRESSIONS,
    ...TEXT_EXPRESSIONS,
    ...OPERATOR_EXPRESSIONS,
    ...CHAIN_EXPRESSIONS,
    ...DEFINITION_EXPRESSIONS,
  }),
);

const STATEMENT_KINDS: ReadonlyMap<string, Read<void>> = new Map(
  Object.entries({ ...STATEMENTS, ...DEFINITION_STATEMENTS, ...IMPORT_STATEMENTS }),
);

/** Never throws: what cannot be understood or is nested too deep is told in `problems`, and the rest is there. */
export function readPythonModule(file: SourceFile): SourceModule {
  const draft = draftModule(file);
  const tree = parsePython(file.source);
  for (const { from, to } of tree.comments) {
    const text = file.source.slice(from, to).replace(/^[#\s]+|\s+$/g, "");
    if (/^colophon:/.test(text)) draft.directives.push({ at: from, text });
  }
  draft.problems.push(...tree.problems);
  const reader = readerOf(draft);
  readBody(reader, tree.root.children, { scope: 0, decorators: [] });
  exportNames(reader);
  return finishModule(draft);
}

function readerOf(draft: ModuleDraft): PythonReader {
  const guard = guardDepth(draft);
  const reader: PythonReader = {
    draft,
    globals: new Set(),
    part(node, place) {
      if (!guard.enter(node.from)) return unknown(node);
      const read = EXPRESSIONS.get(node.name);
      const value = read ? read(reader, node, place) : unknown(node);
      if (!read) readChildren(reader, node, place);
      guard.leave();
      return value;
    },
    walk(node, place) {
      if (!guard.enter(node.from)) return;
      const read = STATEMENT_KINDS.get(node.name);
      if (read) read(reader, node, place);
      else readChildren(reader, node, statementOf(place.scope, null));
      guard.leave();
    },
  };
  return reader;
}

function readChildren(reader: PythonReader, node: PythonNode, place: Place): void {
  for (const child of node.children) {
    if (EXPRESSIONS.has(child.name)) {
      readValue(reader, child, place.step ? place : { ...place, step: { kind: "statement" } });
    } else if (!isToken(child)) reader.walk(child, place);
  }
}
