/** Finds the open instance of Colophon that an application has already. */
import type { Node } from "@babel/types";
import { commonExports, isCommonJs } from "./common-exports.ts";
import { importedName, nameOf } from "./imported-name.ts";
import { bare, type Program } from "./program.ts";
import { isExported, type ProgramSet } from "./program-set.ts";

export interface Instance {
  readonly file: string;
  /** The name that its module exports. */
  readonly name: string;
}

/** `export const colophon = open()` of any module; null where there is none. */
export function instanceOf(programs: ProgramSet): Instance | null {
  for (const program of programs.saying(/["']colophon["']/)) {
    for (const name of exportedNames(program)) {
      const definition = programs.exported(program, name);
      const value = definition && programs.valueOf(definition);
      const call = value && bare(value);
      if (definition === undefined || call?.type !== "CallExpression") continue;
      if (isOpen(definition.program, bare(call.callee))) return { file: program.file, name };
    }
  }
  return null;
}

/** Names by which another file can import, in their order. */
function exportedNames(program: Program): readonly string[] {
  if (isCommonJs(program)) return [...commonExports(program).names.keys()];
  const declared = [...program.top.values()].filter((binding) => isExported(program, binding));
  const listed = program.root.program.body.flatMap((statement) =>
    statement.type === "ExportNamedDeclaration" ? statement.specifiers : [],
  );
  return [...declared.map(({ name }) => name), ...listed.map(({ exported }) => nameOf(exported))].filter(
    (name) => name !== "default",
  );
}

function isOpen(program: Program, callee: Node): boolean {
  const binding = callee.type === "Identifier" ? program.bindingOf(callee) : undefined;
  const imported = binding && importedName(program, binding);
  return imported?.specifier === "colophon" && imported.name === "open";
}
