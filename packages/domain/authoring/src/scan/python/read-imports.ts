/** What a Python module takes from others, and what others can take from it. */
import type { SourceImport } from "../source/source-module.ts";
import { groupsOf, type PythonReader, type StatementTable, sourceOf, spanOf } from "./python-reader.ts";
import type { PythonNode } from "./python-tree.ts";

export const IMPORT_STATEMENTS: StatementTable = {
  ImportStatement(reader, node) {
    const at = node.children.findIndex(({ name }) => name === "import");
    const names = groupsOf(node.children.slice(at + 1));
    const isFrom = node.children[0]?.name === "from";
    const module = isFrom ? pathText(reader, node.children.slice(1, at)) : null;
    for (const group of names) {
      reader.draft.imports.push(
        ...(module === null ? importedModule(reader, group) : [importedName(reader, group, module)]),
      );
    }
  },
};

/** `import a.b` makes `a` known, and with it the path; `import a.b as c` makes `c`. */
function importedModule(reader: PythonReader, group: readonly PythonNode[]): readonly SourceImport[] {
  const { path, alias, span } = aliased(reader, group);
  if (alias !== null) return [{ local: alias, module: path, imported: null, ...span }];
  const whole = { local: path, module: path, imported: null, ...span };
  const top = path.split(".")[0]!;
  return top === path ? [whole] : [{ ...whole, local: top, module: top }, whole];
}

function importedName(reader: PythonReader, group: readonly PythonNode[], module: string): SourceImport {
  const { path, alias, span } = aliased(reader, group);
  return { local: alias ?? path, module, imported: path, ...span };
}

function aliased(
  reader: PythonReader,
  group: readonly PythonNode[],
): {
  readonly path: string;
  readonly alias: string | null;
  readonly span: { readonly from: number; readonly to: number };
} {
  const as = group.findIndex(({ name }) => name === "as");
  const path = pathText(reader, as < 0 ? group : group.slice(0, as));
  const span = { from: group[0]!.from, to: group.at(-1)!.to };
  return { path, alias: as < 0 ? null : sourceOf(reader, spanOf(group.at(-1)!)), span };
}

/** `..a.b` without the space that may stand between. */
function pathText(reader: PythonReader, nodes: readonly PythonNode[]): string {
  return nodes.map((node) => sourceOf(reader, node)).join("");
}

/** Every name of the module is one that others can import. */
export function exportNames({ draft }: PythonReader): void {
  const names = new Set(
    draft.scopes[0]!.bindings.map(({ name }) => name).filter((name) => !name.includes(".")),
  );
  for (const name of names) draft.exports.push({ exported: name, local: name, value: null, from: null });
  for (const { local, module, imported } of draft.imports) {
    if (local.includes(".")) continue;
    const from = { module, imported: imported === "*" ? null : imported };
    if (!names.has(local)) draft.exports.push({ exported: local, local: null, value: null, from });
  }
}
