/** What every file looks like once calls have become prompts: declarations, rewritten calls, imports, and nothing left over. */
import type { Node } from "@babel/types";
import MagicString from "magic-string";
import type { AcceptedCall } from "./accepted-call.ts";
import { specifierTo, styleOf } from "./code-style.ts";
import type { FileChange } from "./extraction.ts";
import { FileImports } from "./javascript/file-imports.ts";
import { importedName } from "./javascript/imported-name.ts";
import { importsName } from "./javascript/imports-name.ts";
import { keptComments } from "./javascript/kept-comments.ts";
import type { Program } from "./javascript/program.ts";
import type { ProgramSet } from "./javascript/program-set.ts";
import type { DraftCall } from "./javascript/read-call.ts";
import { commentBefore, removeStatement } from "./javascript/remove-declared.ts";
import { type Candidate, declaredText, removeUnused } from "./javascript/remove-unused.ts";
import { rewrittenCall } from "./javascript/rewrite-call.ts";
import { type Layout, type LayoutSettings, layOutFiles } from "./lay-out-files.ts";
import { type PrintedPrompt, printDeclarations, printImport } from "./print-declarations.ts";

/** In the order of their names. */
export function rewriteFiles(
  programs: ProgramSet,
  accepted: readonly AcceptedCall[],
  settings: LayoutSettings,
): readonly FileChange[] {
  const layout = layOutFiles(programs, accepted, settings);
  const touched = [...new Set(accepted.map(({ draft }) => draft.call.program))];
  const candidates = candidatesOf(programs, accepted, touched);
  for (const program of touched) {
    programs.replace(program, rewriteFile(program, accepted, layout));
  }
  for (const file of [layout.prompts, layout.instance.file]) {
    programs.announce({ file, language: file.endsWith("ts") ? "typescript" : "javascript" });
  }
  const comments = sweep(programs, candidates);
  const after = new Map<string, string>();
  for (const program of programs.read) after.set(program.file, program.source);
  const printed = printedPrompts(accepted, comments);
  // Its own file may have lost constants by now.
  const existing = layout.hasPrompts ? withZod(after.get(layout.prompts) ?? "", layout) : null;
  after.set(layout.prompts, printDeclarations(printed, layout, existing));
  if (layout.isNewInstance) after.set(layout.instance.file, printInstance(layout));
  return [...after]
    .flatMap(([file, text]): readonly FileChange[] => {
      const before = programs.original(file);
      if (before?.replaceAll("\r\n", "\n") === text) return [];
      if (isSpent(programs, { file, before, text })) return [{ file, before, after: null }];
      return [{ file, before, after: endsInReturns(before) ? text.replaceAll("\n", "\r\n") : text }];
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

function rewriteFile(program: Program, accepted: readonly AcceptedCall[], layout: Layout): string {
  const edit = new MagicString(program.source);
  const calls = accepted.filter(({ draft }) => draft.call.program === program);
  const style = styleOf(program.source, layout.style.width);
  const ending = style.ending ?? layout.ending(program);
  const names = new Set(program.bindings.map(({ name }) => name));
  const imports = new FileImports(program, { style, names });
  const colophon = imports.name(
    layout.instance.name,
    specifierTo(program.file, layout.instance.file, ending),
    {
      isOwn: layout.instance.file === program.file,
    },
  );
  for (const { draft, variables, name } of calls) {
    const prompt = imports.name(name, specifierTo(program.file, layout.prompts, ending), {
      isOwn: layout.prompts === program.file,
    });
    const { node } = draft.call;
    edit.overwrite(
      node.start ?? 0,
      node.end ?? 0,
      rewrittenCall(draft, variables, { names: { colophon, prompt }, style }),
    );
    for (const node of draft.statements) {
      const { from = node.start ?? 0 } = commentBefore(program, node) ?? {};
      removeStatement(program, { node, from }, edit);
    }
  }
  imports.add(edit);
  return edit.toString();
}

/** What may go with the prompts, by file: the constants and members that went into them, and the imports of all that change. */
function candidatesOf(
  programs: ProgramSet,
  accepted: readonly AcceptedCall[],
  touched: readonly Program[],
): ReadonlyMap<string, readonly Candidate[]> {
  const byFile = new Map<string, Candidate[]>();
  const inlined = new Set(accepted.flatMap(({ draft }) => [...draft.inlined]));
  for (const program of programs.read) {
    const own = program.bindings.filter((binding) => inlined.has(binding));
    const members = [...inlined].filter((binding) => programs.isMemberOf(program, binding));
    if (own.length + members.length === 0 && !touched.includes(program)) continue;
    const imports = program.bindings.filter(
      (binding) => binding.references.length > 0 && importedName(program, binding) !== undefined,
    );
    byFile.set(program.file, [
      ...[...own, ...imports].map((binding) => ({
        name: binding.name,
        text: declaredText(program, binding),
        isMember: false,
      })),
      ...members.map(({ name, declaration }) => ({ name, text: program.text(declaration), isMember: true })),
    ]);
  }
  return byFile;
}

/** Until nothing more falls away; gives the comments of what did, by its name. */
function sweep(
  programs: ProgramSet,
  candidates: ReadonlyMap<string, readonly Candidate[]>,
): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const [file, own] of candidates) {
      const program = programs.of(file);
      if (program === undefined) continue;
      const removed = removeUnused(programs, program, own);
      for (const [name, comment] of removed.comments) comments.set(name, comment);
      if (removed.source !== program.source) isDone = false;
    }
  }
  return comments;
}

/** Whether most lines do: a file with lines of both kinds gets one kind. */
function endsInReturns(source: string | null): boolean {
  const ends = source?.match(/\r?\n/g) ?? [];
  return ends.filter((end) => end.length > 1).length * 2 > ends.length;
}

/** What tells a tool to look away says so of the lines where it stood. */
const FOR_TOOLS =
  /@ts-(expect-error|ignore)\b|\b(eslint-(disable|enable)|biome-ignore|prettier-ignore|(istanbul|c8|v8) ignore)\b/;

/** A comment of something that several prompts share goes with the first of them. */
function printedPrompts(
  accepted: readonly AcceptedCall[],
  comments: ReadonlyMap<string, string>,
): readonly PrintedPrompt[] {
  const said = new Set<string>();
  return accepted
    .filter(({ isFirst }) => isFirst)
    .map(({ draft, key, name, body, variables, cache }) => {
      const moved = [...draft.inlined].flatMap((binding) => comments.get(binding.name) ?? []);
      const own = [...moved, ...keptComments(draft)].filter(
        (comment) => !said.has(comment) && !FOR_TOOLS.test(comment),
      );
      for (const comment of own) said.add(comment);
      return {
        key,
        name,
        model: draft.model,
        parameters: draft.parameters,
        routes: routesOf(draft),
        cache,
        body,
        variables,
        comments: [...new Set(own)],
      };
    });
}

/** A route's model comes whole, with parameters of its own. */
function routesOf({ route, parameters }: DraftCall): Readonly<Record<string, unknown>> {
  if (route === null) return {};
  const { name, model } = route;
  const parts = typeof model === "string" ? { id: model } : model;
  const isBare = Object.keys(parameters).length === 0;
  return { [name]: isBare ? model : { ...parts, parameters } };
}

/** `module.exports = {};` */
function exportsNothing(statement: Node): boolean {
  if (statement.type !== "ExpressionStatement" || statement.expression.type !== "AssignmentExpression")
    return false;
  const { right } = statement.expression;
  return right.type === "ObjectExpression" && right.properties.length === 0;
}

/** Whether nothing but comments is left of a file that had more. */
function isSpent(
  programs: ProgramSet,
  { file, before, text }: { readonly file: string; readonly before: string | null; readonly text: string },
): boolean {
  if (before === null) return false;
  const program = programs.of(file);
  if (program?.source !== text || !program.root.program.body.every(exportsNothing)) return false;
  return program.root.program.body.length === 0 || !importsName(programs, { file, name: null });
}

function printInstance({ style, isCommon, isReused }: Layout): string {
  const end = style.semicolon;
  const head = "/** Colophon for this process: where its calls find their prompts, and leave a row each. */";
  const why = isReused ? "// The framework evaluates this module again after an edit.\n" : "";
  const made = isReused ? "open({ reuse: true })" : "open()";
  const opened = `${why}${isCommon ? "module.exports.colophon" : "export const colophon"} = ${made}${end}`;
  return `${head}\n${printImport("open", "colophon", { style, isCommon })}\n\n${opened}\n`;
}

function withZod(source: string, { style, isCommon }: Layout): string {
  if (/\bz\b[^;\n]*(\bfrom\s*|\brequire\()["']zod(\/[^"']*)?["']/.test(source)) return source;
  return `${printImport("z", "zod", { style, isCommon })}\n${source}`;
}
