/** What every file looks like once calls have become prompts: declarations, rewritten calls, imports, and nothing left over. */
import type { Node } from "@babel/types";
import MagicString from "magic-string";
import type { AcceptedCall } from "./accepted-call.ts";
import { type CodeStyle, quoted, specifierTo, styleOf, widthOf } from "./code-style.ts";
import type { FileChange } from "./extraction.ts";
import { type Instance, instanceOf } from "./javascript/find-instance.ts";
import { keptComments } from "./javascript/kept-comments.ts";
import type { Program } from "./javascript/program.ts";
import type { ProgramSet } from "./javascript/program-set.ts";
import { type Candidate, importsName, removeStatement, removeUnused } from "./javascript/remove-unused.ts";
import { rewrittenCall } from "./javascript/rewrite-call.ts";
import { type PrintedPrompt, printDeclarations } from "./print-declarations.ts";

interface Layout {
  /** The module of the declarations. */
  readonly prompts: string;
  /** What it holds already; null for a new one. */
  readonly existing: string | null;
  readonly instance: Instance;
  readonly isNewInstance: boolean;
  /** What imports end in where a file has none of its own to go by. */
  readonly ending: string;
  readonly style: CodeStyle;
}

/** In the order of their names. */
export function rewriteFiles(programs: ProgramSet, accepted: readonly AcceptedCall[]): readonly FileChange[] {
  const layout = layOut(programs, accepted);
  const touched = [...new Set(accepted.map(({ draft }) => draft.call.program))];
  const candidates = candidatesOf(programs, accepted, touched);
  for (const program of touched) {
    programs.replace(program, rewriteFile(program, accepted, layout));
  }
  const comments = sweep(programs, candidates);
  const after = new Map<string, string>();
  for (const program of programs.read) after.set(program.file, program.source);
  const printed = printedPrompts(accepted, comments);
  // Its own file may have lost constants by now.
  const existing = layout.existing === null ? null : withZod(after.get(layout.prompts) ?? "", layout.style);
  after.set(layout.prompts, printDeclarations(printed, layout.style, existing));
  if (layout.isNewInstance) after.set(layout.instance.file, printInstance(layout.style));
  return [...after]
    .flatMap(([file, text]): readonly FileChange[] => {
      const before = programs.original(file);
      if (before?.replaceAll("\r\n", "\n") === text) return [];
      if (isSpent(programs, { file, before, text })) return [{ file, before, after: null }];
      return [{ file, before, after: before?.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text }];
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

function layOut(programs: ProgramSet, accepted: readonly AcceptedCall[]): Layout {
  const files = accepted.map(({ draft }) => draft.call.program);
  const folder = sharedFolder(files.map(({ file }) => file));
  const isTyped = files.some(({ language }) => language === "typescript");
  const ending = isTyped ? ".ts" : files.every(({ file }) => file.endsWith(".mjs")) ? ".mjs" : ".js";
  const path = (name: string): string => (folder === "" ? `${name}${ending}` : `${folder}/${name}${ending}`);
  const prompts =
    ["prompts", "colophon-prompts"]
      .map(path)
      .find((file) => programs.of(file) === undefined || declaresPrompts(programs, file)) ??
    path("extracted-prompts");
  const found = instanceOf(programs);
  const instanceFile = ["colophon", "open-colophon"]
    .map(path)
    .find((file) => programs.of(file) === undefined);
  const [first] = files as [Program];
  const width = widthOf(programs.files.map(({ source }) => source));
  const endings = programs.files.flatMap(({ source }) => styleOf(source).ending ?? []);
  return {
    prompts,
    existing: programs.of(prompts)?.source ?? null,
    instance: found ?? { file: instanceFile ?? path("colophon-instance"), name: "colophon" },
    isNewInstance: found === null,
    ending: mostOf(endings) ?? (isTyped ? ".js" : ending),
    style: styleOf(first.source, width),
  };
}

function mostOf(list: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function sharedFolder(files: readonly string[]): string {
  const folders = files.map((file) => file.split("/").slice(0, -1));
  const [first = []] = folders;
  let shared = first.length;
  for (const folder of folders) {
    let same = 0;
    while (same < shared && folder[same] === first[same]) same += 1;
    shared = same;
  }
  return first.slice(0, shared).join("/");
}

function rewriteFile(program: Program, accepted: readonly AcceptedCall[], layout: Layout): string {
  const edit = new MagicString(program.source);
  const calls = accepted.filter(({ draft }) => draft.call.program === program);
  const style = styleOf(program.source, layout.style.width);
  const ending = style.ending ?? layout.ending;
  const names = new Set(program.bindings.map(({ name }) => name));
  const imports = new Imports(program, { style, names });
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
    for (const statement of draft.statements) removeStatement(program, { node: statement }, edit);
  }
  imports.add(edit);
  return edit.toString();
}

/** The imports that a file needs besides its own. */
class Imports {
  readonly #program: Program;
  readonly #style: CodeStyle;
  readonly #names: Set<string>;
  /** Local names by what is imported, by module. */
  readonly #wanted = new Map<string, Map<string, string>>();

  constructor(
    program: Program,
    { style, names }: { readonly style: CodeStyle; readonly names: Set<string> },
  ) {
    this.#program = program;
    this.#style = style;
    this.#names = names;
  }

  /** What the file calls an export of another module; it is imported where it is not yet. */
  name(exported: string, specifier: string, { isOwn }: { readonly isOwn: boolean }): string {
    if (isOwn) return exported;
    const present = this.#present(exported, specifier);
    if (present !== undefined) return present;
    const wanted = this.#wanted.get(specifier) ?? new Map<string, string>();
    this.#wanted.set(specifier, wanted);
    const known = wanted.get(exported);
    if (known !== undefined) return known;
    let local = exported;
    for (let number = 2; this.#names.has(local); number += 1) local = `${exported}${number}`;
    this.#names.add(local);
    wanted.set(exported, local);
    return local;
  }

  #present(exported: string, specifier: string): string | undefined {
    for (const statement of this.#program.root.program.body) {
      if (statement.type !== "ImportDeclaration" || statement.source.value !== specifier) continue;
      for (const one of statement.specifiers) {
        if (one.type !== "ImportSpecifier" || this.#program.text(one.imported) !== exported) continue;
        const { name } = one.local;
        // A function of the file may mean something else by it.
        if (this.#program.bindings.filter((binding) => binding.name === name).length === 1) return name;
      }
    }
    return undefined;
  }

  /** Among the other imports of own files, in their order. */
  add(edit: MagicString): void {
    const { body, directives } = this.#program.root.program;
    const present = body.flatMap((statement) => (statement.type === "ImportDeclaration" ? [statement] : []));
    let opening = "";
    const within = new Map<Node, string>();
    for (const [specifier, names] of [...this.#wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const listed = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
      const inner = listed.map(([name, local]) => (name === local ? name : `${name} as ${local}`)).join(", ");
      const oneLine = `import { ${inner} } from ${quoted(specifier, this.#style)}${this.#style.semicolon}\n`;
      const line =
        oneLine.length <= this.#style.width + 1
          ? oneLine
          : `import {\n${listed.map(([name, local]) => `${this.#style.indent}${name === local ? name : `${name} as ${local}`},\n`).join("")}} from ${quoted(specifier, this.#style)}${this.#style.semicolon}\n`;
      const behind = present.findLast(({ source }) => !isBehind(source.value, specifier));
      const next = present.find(({ source }) => isBehind(source.value, specifier));
      if (behind !== undefined && this.#endsLine(behind))
        edit.appendRight(this.#lineAfter(behind.end ?? 0), line);
      else if (behind !== undefined) within.set(behind, (within.get(behind) ?? "\n") + line);
      else if (next !== undefined) edit.appendRight(next.start ?? 0, line);
      else opening += line;
    }
    for (const [statement, lines] of within) edit.appendRight(statement.end ?? 0, lines);
    if (opening !== "") edit.appendRight(this.#start(directives.at(-1)?.end ?? null), `${opening}\n`);
  }

  /** Whether no code goes on in its last line. */
  #endsLine(statement: Node): boolean {
    return /^[ \t]*(\/\/.*|\/\*.*\*\/[ \t]*)?\n/.test(this.#program.source.slice(statement.end ?? 0));
  }

  #lineAfter(offset: number): number {
    return this.#program.source.indexOf("\n", offset) + 1;
  }

  /** Behind a `#!` line, directives and the comment that opens the file. */
  #start(afterDirectives: number | null): number {
    const { source } = this.#program;
    if (afterDirectives !== null) {
      const rest = /^[ \t]*\n?/.exec(source.slice(afterDirectives))?.[0].length ?? 0;
      return afterDirectives + rest;
    }
    const hashbang = /^#!.*\n/.exec(source)?.[0].length ?? 0;
    const comment = /^\s*\/\*[\s\S]*?\*\/[ \t]*\n/.exec(source.slice(hashbang))?.[0].length ?? 0;
    return hashbang + comment;
  }
}

/** Whether an import of `other` belongs behind one of `specifier`: packages first, then what is far, then by name. */
function isBehind(other: string, specifier: string): boolean {
  if (!other.startsWith(".")) return false;
  const far = (one: string): number => (one.startsWith("../") ? one.split("../").length : 0);
  return far(other) === far(specifier) ? other > specifier : far(other) < far(specifier);
}

/** What may go with the prompts, by file: the constants that went into them, and the imports of all that change. */
function candidatesOf(
  programs: ProgramSet,
  accepted: readonly AcceptedCall[],
  touched: readonly Program[],
): ReadonlyMap<string, readonly Candidate[]> {
  const byFile = new Map<string, Candidate[]>();
  const inlined = new Set(accepted.flatMap(({ draft }) => [...draft.inlined]));
  for (const program of programs.read) {
    const own = program.bindings.filter((binding) => inlined.has(binding));
    if (own.length === 0 && !touched.includes(program)) continue;
    const imports = program.bindings.filter(
      ({ kind, references }) => kind === "import" && references.length > 0,
    );
    byFile.set(
      program.file,
      [...own, ...imports].map(({ name, declaration }) => ({ name, text: program.text(declaration) })),
    );
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
      const removed = removeUnused(program, own, (name) => importsName(programs, { file, name }));
      for (const [name, comment] of removed.comments) comments.set(name, comment);
      if (removed.source === program.source) continue;
      programs.replace(program, removed.source);
      isDone = false;
    }
  }
  return comments;
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
    .map(({ draft, key, name, body, variables }) => {
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
        body,
        variables,
        comments: [...new Set(own)],
      };
    });
}

/** Whether nothing but comments is left of a file that had more. */
function isSpent(
  programs: ProgramSet,
  { file, before, text }: { readonly file: string; readonly before: string | null; readonly text: string },
): boolean {
  if (before === null) return false;
  const program = programs.of(file);
  return program?.source === text && program.root.program.body.length === 0;
}

function printInstance(style: CodeStyle): string {
  const end = style.semicolon;
  const says = "/** Colophon for this process: where its calls find their prompts, and leave a row each. */";
  return `${says}\nimport { open } from ${quoted("colophon", style)}${end}\n\nexport const colophon = open()${end}\n`;
}

/** Whether declarations can be added to a module: its names for what they are written with are the usual ones. */
function declaresPrompts(programs: ProgramSet, file: string): boolean {
  const program = programs.of(file);
  const from = (name: string): string | undefined => {
    const binding = program?.top.get(name);
    if (program === undefined || binding === undefined) return undefined;
    const statement = program.parentOf(binding.declaration);
    const isValue = statement?.type === "ImportDeclaration" && statement.importKind !== "type";
    return isValue ? statement.source.value : "";
  };
  return /^colophon(\/|$)/.test(from("definePrompt") ?? "") && /^zod(\/|$)/.test(from("z") ?? "zod");
}

function withZod(source: string, style: CodeStyle): string {
  if (/\bz\b[^;\n]*\bfrom\s*["']zod(\/[^"']*)?["']/.test(source)) return source;
  return `import { z } from ${quoted("zod", style)}${style.semicolon}\n${source}`;
}
