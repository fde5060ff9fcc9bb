/** Adds imports to a file among those that it has, as `import` or as `require`. */
import type { Node } from "@babel/types";
import type MagicString from "magic-string";
import { type CodeStyle, quoted } from "../code-style.ts";
import { isCommonJs } from "./common-exports.ts";
import { importedName, requiredModule } from "./imported-name.ts";
import { bare, type Program } from "./program.ts";

interface PresentImport {
  readonly statement: Node;
  readonly specifier: string;
}

/** The imports that a file needs besides its own. */
export class FileImports {
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
    for (const binding of this.#program.top.values()) {
      const imported = importedName(this.#program, binding);
      if (imported?.specifier !== specifier || imported.name !== exported) continue;
      const { name } = binding;
      // A function of the file may mean something else by it.
      if (this.#program.bindings.filter((one) => one.name === name).length === 1) return name;
    }
    return undefined;
  }

  /** Among the other imports of own files, in their order. */
  add(edit: MagicString): void {
    const { directives } = this.#program.root.program;
    const present = presentImports(this.#program);
    let opening = "";
    const within = new Map<Node, string>();
    for (const [specifier, names] of [...this.#wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const line = this.#line(specifier, names);
      const behind = present.findLast((one) => !isBehind(one.specifier, specifier))?.statement;
      const next = present.find((one) => isBehind(one.specifier, specifier))?.statement;
      if (behind !== undefined && this.#endsLine(behind))
        edit.appendRight(this.#lineAfter(behind.end ?? 0), line);
      else if (behind !== undefined) within.set(behind, (within.get(behind) ?? "\n") + line);
      else if (next !== undefined) edit.appendRight(next.start ?? 0, line);
      else opening += line;
    }
    for (const [statement, lines] of within) edit.appendRight(statement.end ?? 0, lines);
    if (opening !== "") edit.appendRight(this.#start(directives.at(-1)?.end ?? null), `${opening}\n`);
  }

  #line(specifier: string, names: ReadonlyMap<string, string>): string {
    const isCommon = isCommonJs(this.#program);
    const { indent, semicolon, width } = this.#style;
    const as = isCommon ? ": " : " as ";
    const listed = [...names]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, local]) => (name === local ? name : `${name}${as}${local}`));
    const from = quoted(specifier, this.#style);
    const [head, tail] = isCommon
      ? ["const {", `} = require(${from})${semicolon}\n`]
      : ["import {", `} from ${from}${semicolon}\n`];
    const oneLine = `${head} ${listed.join(", ")} ${tail}`;
    if (oneLine.length <= width + 1) return oneLine;
    return `${head}\n${listed.map((one) => `${indent}${one},\n`).join("")}${tail}`;
  }

  /** Whether no code goes on in its last line. */
  #endsLine(statement: Node): boolean {
    return /^[ \t]*(\/\/.*|\/\*.*\*\/[ \t]*)?\n/.test(this.#program.source.slice(statement.end ?? 0));
  }

  #lineAfter(offset: number): number {
    return this.#program.source.indexOf("\n", offset) + 1;
  }

  /** Behind a `#!` line, directives, and comments that are about the file rather than its first statement. */
  #start(afterDirectives: number | null): number {
    const { source, comments, root } = this.#program;
    if (afterDirectives !== null) {
      const rest = /^[ \t]*\n?/.exec(source.slice(afterDirectives))?.[0].length ?? 0;
      return afterDirectives + rest;
    }
    const first = root.program.body[0]?.start ?? source.length;
    const behind = comments.findLast(
      ({ value, end }) =>
        (end ?? 0) <= first && (OF_FILE.test(value) || /^[ \t]*\n[ \t]*\n/.test(source.slice(end ?? 0))),
    );
    if (behind !== undefined) return this.#lineAfter(behind.end ?? 0);
    return /^#!.*\n/.exec(source)?.[0].length ?? 0;
  }
}

/** Comments that tools look for where a file begins. */
const OF_FILE = /^\s*@ts-(no)?check\b|^\**\s*@(jsx|license|fileoverview|file)\b|^\s*eslint(-\w+)? /;

/** Import statements; of CommonJS the statements that only require, before any other code. */
function presentImports(program: Program): readonly PresentImport[] {
  const present: PresentImport[] = [];
  for (const statement of program.root.program.body) {
    if (statement.type === "ImportDeclaration")
      present.push({ statement, specifier: statement.source.value });
    if (!isCommonJs(program)) continue;
    if (statement.type === "ExpressionStatement") continue;
    // What is required later may be used before.
    if (statement.type !== "VariableDeclaration") break;
    const specifiers = statement.declarations.map(({ init }) => init && requiredIn(init));
    const [first] = specifiers;
    if (typeof first === "string" && specifiers.every((one) => typeof one === "string")) {
      present.push({ statement, specifier: first });
    }
  }
  return present;
}

/** `require("…")`, and a member of it. */
function requiredIn(init: Node): string | undefined {
  const value = bare(init);
  return requiredModule(value.type === "MemberExpression" ? value.object : value);
}

/** Whether an import of `other` belongs behind one of `specifier`: packages first, then what is far, then by name. */
function isBehind(other: string, specifier: string): boolean {
  if (!other.startsWith(".")) return false;
  const far = (one: string): number => (one.startsWith("../") ? one.split("../").length : 0);
  return far(other) === far(specifier) ? other > specifier : far(other) < far(specifier);
}
