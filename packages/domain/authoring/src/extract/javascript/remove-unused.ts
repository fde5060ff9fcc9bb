/** Removes what nothing uses any more, now that its words stand in a declaration. */
import type { Node } from "@babel/types";
import MagicString from "magic-string";
import { type Binding, nodesOf, Program } from "./program.ts";
import { isExported, nameOf, type ProgramSet } from "./program-set.ts";

/** A constant or function whose words went into a prompt, or an import that only they needed. */
export interface Candidate {
  readonly name: string;
  /** Its declaration as it was written. */
  readonly text: string;
}

export interface RemovedUnused {
  readonly source: string;
  /** Comments that stood before what was removed, by the name. */
  readonly comments: ReadonlyMap<string, string>;
}

/** Whether another file asks for a name that this one exports. */
type IsImported = (name: string) => boolean;

const ROUNDS = 20;

export function removeUnused(
  program: Program,
  candidates: readonly Candidate[],
  isImported: IsImported,
): RemovedUnused {
  const comments = new Map<string, string>();
  let current = program;
  for (let round = 0; round < ROUNDS; round += 1) {
    const edit = new MagicString(current.source);
    const unused = current.bindings.filter((binding) =>
      isUnused(current, binding, { candidates, isImported }),
    );
    if (unused.length === 0) break;
    // What one declaration declares is removed one by one, since commas are shared.
    const [binding] = unused as [Binding];
    const comment = removeBinding(current, binding, edit);
    if (comment !== null) comments.set(binding.name, comment);
    current = new Program({ file: program.file, language: program.language, source: edit.toString() });
  }
  return { source: current.source, comments };
}

function isUnused(
  program: Program,
  binding: Binding,
  { candidates, isImported }: { readonly candidates: readonly Candidate[]; readonly isImported: IsImported },
): boolean {
  if (binding.references.length > 0 || binding.isChanged || binding.kind === "parameter") return false;
  const text = program.text(binding.declaration);
  if (!candidates.some((one) => one.name === binding.name && one.text === text)) return false;
  return !isExported(program, binding) || !isImported(binding.name);
}

/** The comment that stood right before it, where the statement goes as a whole. */
function removeBinding(program: Program, { declaration }: Binding, edit: MagicString): string | null {
  const statement = declaration.type === "FunctionDeclaration" ? declaration : program.parentOf(declaration);
  if (statement === undefined) return null;
  const members =
    statement.type === "VariableDeclaration"
      ? statement.declarations
      : statement.type === "ImportDeclaration"
        ? statement.specifiers
        : [declaration];
  if (members.length > 1) {
    removeMember(members, declaration, edit);
    return null;
  }
  const outer = program.parentOf(statement);
  const whole = outer?.type === "ExportNamedDeclaration" ? outer : statement;
  const comment = statement.type === "ImportDeclaration" ? null : commentBefore(program, whole);
  removeStatement(program, { node: whole, from: comment?.from ?? whole.start ?? 0 }, edit);
  return comment?.text ?? null;
}

function removeMember(members: readonly Node[], member: Node, edit: MagicString): void {
  const index = members.indexOf(member);
  const next = members[index + 1];
  const previous = members[index - 1];
  if (next !== undefined) edit.remove(member.start ?? 0, next.start ?? 0);
  else if (previous !== undefined) edit.remove(previous.end ?? 0, member.end ?? 0);
}

/** A comment that belongs to the statement: nothing but its line end stands between them. */
function commentBefore(
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
      begin === 0 || /\n[ \t]*\n$/.test(source.slice(0, begin)) || /^\s*\n$/.test(source.slice(0, begin));
    const blank = /^[ \t]*\n/.exec(source.slice(end));
    if (isBlankBefore && blank !== null) end += blank[0].length;
  }
  edit.remove(begin, end);
}

/** Whether a file asks another for a name: by import, by passing it on, or by taking all of it. */
export function importsName(
  programs: ProgramSet,
  { file, name }: { readonly file: string; readonly name: string },
): boolean {
  // Whoever takes all of it names the file, and whoever takes one thing its name.
  const stem = (file.split("/").at(-1) ?? "").replace(/\.[cm]?[jt]sx?$/, "");
  const hints = [name, stem === "index" ? "import" : stem].map((hint) =>
    hint.replace(/[^\p{L}\p{N}_]/gu, "\\$&"),
  );
  return programs
    .saying(new RegExp(hints.join("|")))
    .some(
      (program) => program.file !== file && (loadsByName(programs, program, file) || importsHere(program)),
    );

  function importsHere(program: Program): boolean {
    return program.root.program.body.some((statement) => {
      const { source } = statement as { readonly source?: { readonly value: string } | null };
      if (!source) return false;
      const imported = programs.imported(program, source.value)?.file;
      // An alias that nobody has told of may lead here too.
      if (imported !== file && (imported !== undefined || !endsIn(source.value, file))) return false;
      if (statement.type === "ExportAllDeclaration") return true;
      if (statement.type === "ExportNamedDeclaration") {
        return statement.specifiers.some(
          (one) => one.type !== "ExportSpecifier" || nameOf(one.local) === name,
        );
      }
      if (statement.type !== "ImportDeclaration") return false;
      return statement.specifiers.some(
        (one) => one.type !== "ImportSpecifier" || nameOf(one.imported) === name,
      );
    });
  }
}

function endsIn(specifier: string, file: string): boolean {
  const stem = (path: string): string => (path.split("/").at(-1) ?? "").replace(/\.[cm]?[jt]sx?$/, "");
  return specifier.includes("/") && stem(specifier) === stem(file);
}

/** `import("./prompts.ts")` and `require("./prompts")`, after which any name may be read. */
function loadsByName(programs: ProgramSet, program: Program, file: string): boolean {
  if (!/\b(import|require)\s*\(/.test(program.source)) return false;
  return [...nodesOf(program.root)].some((node) => {
    const specifier =
      node.type === "ImportExpression"
        ? node.source
        : node.type === "CallExpression"
          ? node.arguments[0]
          : undefined;
    return specifier?.type === "StringLiteral" && programs.imported(program, specifier.value)?.file === file;
  });
}
