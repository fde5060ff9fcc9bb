/** Finds the open instance of Colophon that an application has already. */
import type { Node } from "@babel/types";
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
    for (const binding of program.top.values()) {
      const value = programs.valueOf({ program, binding });
      const call = value && bare(value);
      if (call?.type !== "CallExpression" || !isExported(program, binding)) continue;
      if (isOpen(programs, program, bare(call.callee))) return { file: program.file, name: binding.name };
    }
  }
  return null;
}

function isOpen(programs: ProgramSet, program: Program, callee: Node): boolean {
  if (callee.type !== "Identifier" || programs.packageOf(program, callee) !== "colophon") return false;
  const declaration = program.bindingOf(callee)?.declaration;
  return declaration?.type === "ImportSpecifier" && program.text(declaration.imported) === "open";
}
