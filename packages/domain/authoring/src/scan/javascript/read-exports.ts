/** What a JavaScript module takes from others and gives to them. */
import type { Node } from "@babel/types";
import { statementOf } from "../source/place.ts";
import type { SourceValue } from "../source/source-value.ts";
import {
  type JavaScriptReader,
  readValue,
  type StatementTable,
  spanOf,
  withoutCasts,
} from "./javascript-reader.ts";
import { namesOf } from "./read-pattern.ts";
import { requiredModule } from "./required-module.ts";

export const MODULE_STATEMENTS: StatementTable = {
  ImportDeclaration(reader, node) {
    if (node.importKind === "type" || node.importKind === "typeof") return;
    const module = node.source.value;
    for (const specifier of node.specifiers) {
      if ("importKind" in specifier && (specifier.importKind === "type" || specifier.importKind === "typeof"))
        continue;
      const imported =
        specifier.type === "ImportSpecifier"
          ? moduleName(specifier.imported)
          : specifier.type === "ImportDefaultSpecifier"
            ? "default"
            : null;
      reader.draft.imports.push({ local: specifier.local.name, module, imported, ...spanOf(specifier) });
    }
  },
  TSImportEqualsDeclaration(reader, node) {
    const from = node.moduleReference;
    if (from.type !== "TSExternalModuleReference" || node.importKind === "type") return;
    const module = from.expression.value;
    reader.draft.imports.push({ local: node.id.name, module, imported: null, ...spanOf(node) });
  },
  ExportNamedDeclaration(reader, node, place) {
    if (node.exportKind === "type") return;
    if (node.declaration) {
      reader.walk(node.declaration, place);
      for (const name of declaredNames(node.declaration)) exportLocal(reader, name, name);
    }
    for (const specifier of node.specifiers) {
      if ("exportKind" in specifier && specifier.exportKind === "type") continue;
      const exported = moduleName(specifier.exported);
      const local = specifier.type === "ExportSpecifier" ? moduleName(specifier.local) : null;
      const from = node.source ? { module: node.source.value, imported: local } : null;
      reader.draft.exports.push({ exported, local: from ? null : local, value: null, from });
    }
  },
  ExportAllDeclaration(reader, node) {
    if (node.exportKind === "type") return;
    const from = { module: node.source.value, imported: null };
    reader.draft.exports.push({ exported: "*", local: null, value: null, from });
  },
  ExportDefaultDeclaration(reader, node, place) {
    const { declaration } = node;
    const isDeclaration =
      declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
    if (isDeclaration && declaration.id) {
      reader.walk(declaration, place);
      exportLocal(reader, "default", declaration.id.name);
    } else if (declaration.type !== "TSDeclareFunction") exportDefault(reader, declaration, place.scope);
  },
  TSExportAssignment(reader, node, { scope }) {
    exportWhole(reader, readValue(reader, node.expression, statementOf(scope, { kind: "statement" })));
  },
};

/** `module.exports = …`, `exports.x = …`: `path` is what is assigned to. */
export function readAssignedExport(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "AssignmentExpression" }>,
  { path, value }: { readonly path: string; readonly value: SourceValue },
): void {
  const name = /^(?:module\.)?exports\.([^.]+)$/.exec(path)?.[1];
  const module = requiredModule(node.right);
  if (path === "module.exports" && module !== null) {
    reader.draft.exports.push({ exported: "*", local: null, value: null, from: { module, imported: null } });
  } else if (path === "module.exports") exportWhole(reader, value);
  else if (name !== undefined) exportValue(reader, name, value);
}

/** A whole value as the module: its properties are what can be imported by name. */
function exportWhole(reader: JavaScriptReader, value: SourceValue): void {
  exportValue(reader, "default", value);
  if (value.kind !== "object") return;
  for (const entry of value.entries) if (entry.key !== null) exportValue(reader, entry.key, entry.value);
}

function exportDefault(reader: JavaScriptReader, node: Node, scope: number): void {
  const value = readValue(reader, node, statementOf(scope, { kind: "binding", name: "default" }));
  exportValue(reader, "default", value);
}

function exportValue(reader: JavaScriptReader, exported: string, value: SourceValue): void {
  if (value.kind === "name" && value.scope === 0) exportLocal(reader, exported, value.name);
  else reader.draft.exports.push({ exported, local: null, value, from: null });
}

function exportLocal(reader: JavaScriptReader, exported: string, local: string): void {
  reader.draft.exports.push({ exported, local, value: null, from: null });
}

function declaredNames(declaration: Node): readonly string[] {
  switch (declaration.type) {
    case "VariableDeclaration":
      return declaration.declarations.flatMap(({ id }) => namesOf(id));
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
      return declaration.id ? [declaration.id.name] : [];
    case "TSModuleDeclaration":
      return declaration.id.type === "Identifier" ? [declaration.id.name] : [];
    default:
      return [];
  }
}

function moduleName(node: Node): string {
  const name = withoutCasts(node);
  return name.type === "StringLiteral" ? name.value : name.type === "Identifier" ? name.name : "";
}
