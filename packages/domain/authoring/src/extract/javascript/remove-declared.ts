/** Removes a declaration from a source, with the comment that stands right before it. */
import type { ImportDeclaration, Node } from "@babel/types";
import type MagicString from "magic-string";
import type { Program } from "./program.ts";

/** Gives the comment; null where there was none, or where it stays with what is declared beside. */
export function removeDeclared(program: Program, declaration: Node, edit: MagicString): string | null {
  // A class, a function, an enum, a namespace and a member of a class are no part of a statement.
  const isWhole = /^Class|^(Function|TSEnum|TSModule)Declaration$/.test(declaration.type);
  const statement = isWhole ? declaration : program.parentOf(declaration);
  if (statement === undefined) return null;
  switch (statement.type) {
    case "VariableDeclaration":
      if (statement.declarations.length > 1) {
        return removeListed(program, { list: statement.declarations, one: declaration }, edit);
      }
      break;
    case "ImportDeclaration":
      if (statement.specifiers.length > 1) {
        removeSpecifier(program, { statement, one: declaration }, edit);
        return null;
      }
      removeStatement(program, { node: statement }, edit);
      return null;
    case "ObjectExpression":
      return removeListed(program, { list: statement.properties, one: declaration }, edit);
    default:
  }
  const outer = program.parentOf(statement);
  const whole = outer?.type === "ExportNamedDeclaration" ? outer : statement;
  const comment = commentBefore(program, whole);
  removeStatement(program, { node: whole, from: comment?.from ?? whole.start ?? 0 }, edit);
  return comment?.text ?? null;
}

/** The default stands outside of the braces. */
function removeSpecifier(
  program: Program,
  { statement, one }: { readonly statement: ImportDeclaration; readonly one: Node },
  edit: MagicString,
): void {
  const { source } = program;
  const isDefault = ({ type }: Node): boolean => type === "ImportDefaultSpecifier";
  const first = statement.specifiers.find(isDefault);
  const others = statement.specifiers.filter((specifier) => !isDefault(specifier));
  if (one === first) {
    const rest = /^\s*,\s*/.exec(source.slice(one.end ?? 0))?.[0].length ?? 0;
    edit.remove(one.start ?? 0, (one.end ?? 0) + rest);
  } else if (first !== undefined && others.length === 1) {
    const close = one.type === "ImportSpecifier" ? source.indexOf("}", one.end ?? 0) + 1 : (one.end ?? 0);
    edit.remove(first.end ?? 0, close);
  } else removeListed(program, { list: others, one }, edit);
}

/** One of a list, with the comma that it no longer needs. */
export function removeListed(
  program: Program,
  { list, one }: { readonly list: readonly Node[]; readonly one: Node },
  edit: MagicString,
): string | null {
  const { source } = program;
  const [start, end] = [one.start ?? 0, one.end ?? 0];
  const after = /^[ \t]*,?[ \t]*\n/.exec(source.slice(end));
  if (startsLine(source, start) && after !== null && startsLine(source, list[0]?.start ?? 0)) {
    const comment = commentBefore(program, one);
    const from = comment?.from ?? start;
    edit.remove(from - (/[ \t]*$/.exec(source.slice(0, from))?.[0].length ?? 0), end + after[0].length);
    return comment?.text ?? null;
  }
  const index = list.indexOf(one);
  const [previous, next] = [list[index - 1], list[index + 1]];
  if (next !== undefined) edit.remove(start, next.start ?? 0);
  else edit.remove(previous?.end ?? start, end);
  return null;
}

/** A comment that belongs to the statement: nothing but its line end stands between them. */
export function commentBefore(
  program: Program,
  statement: Node,
): { readonly text: string; readonly from: number } | null {
  const start = statement.start ?? 0;
  let from = start;
  for (const { start: begin = 0, end = 0 } of [...program.comments].reverse()) {
    if ((end ?? 0) > from) continue;
    const between = program.source.slice(end ?? 0, from);
    if (!/^[ \t]*\n[ \t]*$/.test(between) || !startsLine(program.source, begin ?? 0)) break;
    from = begin ?? 0;
  }
  return from === start ? null : { text: program.source.slice(from, start).trim(), from };
}

function startsLine(source: string, offset: number): boolean {
  return /(^|\n)[ \t]*$/.test(source.slice(0, offset));
}

/** With its line, and with one of two blank lines around it. */
export function removeStatement(
  program: Pick<Program, "source">,
  { node, from = node.start ?? 0 }: { readonly node: Node; readonly from?: number },
  edit: MagicString,
): void {
  const { source } = program;
  const before = /(^|\n)[ \t]*$/.exec(source.slice(0, from));
  const after = /^[ \t]*;?[ \t]*(\n|$)/.exec(source.slice(node.end ?? 0));
  let [begin, end] = [from, node.end ?? 0];
  if (before !== null && after !== null) {
    begin = before.index + (before[1] ?? "").length;
    end += after[0].length;
    const isBlankBefore =
      begin === 0 ||
      /\{[ \t]*\n$/.test(source.slice(0, begin)) ||
      /\n[ \t]*\n$/.test(source.slice(0, begin)) ||
      /^\s*\n$/.test(source.slice(0, begin));
    const blank = /^[ \t]*\n/.exec(source.slice(end));
    if (isBlankBefore && blank !== null) end += blank[0].length;
    // Nor does a blank line stand before the end of a block.
    const above = /\n([ \t]*\n)$/.exec(source.slice(0, begin))?.[1];
    if (above !== undefined && /^[ \t]*\}/.test(source.slice(end))) begin -= above.length;
  }
  edit.remove(begin, end);
}
