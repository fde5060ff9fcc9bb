/** The programs of an application together: what a name means where another file declares it. */
import type { ExportSpecifier, Expression, Node } from "@babel/types";
import type { SourceFile } from "../../scan/source/source-module.ts";
import type { PathAlias } from "../../scan/trace/find-module.ts";
import { type Binding, bare, Program } from "./program.ts";

/** A declaration, and the program that it stands in. */
export interface Definition {
  readonly program: Program;
  readonly binding: Binding;
}

const ENDINGS = ["", ".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", "/index.ts", "/index.tsx", "/index.js"];
const MAX_HOPS = 20;

/** The path that `specifier` names from the folder of `file`; undefined where it names a package. */
function joinPath(file: string, specifier: string): string | undefined {
  if (!/^\.\.?(\/|$)/.test(specifier)) return undefined;
  const steps = file.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") {
      if (steps.length === 0) return undefined;
      steps.pop();
    } else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}

export class ProgramSet {
  readonly problems: { readonly file: string; readonly reason: string }[] = [];
  readonly #files = new Map<string, SourceFile>();
  /** Null for what cannot be parsed. */
  readonly #programs = new Map<string, Program | null>();
  readonly #aliases: readonly PathAlias[];
  readonly #originals = new Map<string, string>();

  constructor(files: readonly SourceFile[], aliases: readonly PathAlias[] = []) {
    this.#aliases = aliases;
    for (const file of files) {
      this.#originals.set(file.file, file.source);
      this.#files.set(file.file, { ...file, source: file.source.replaceAll("\r\n", "\n") });
    }
  }

  /** All sources as they stand by now. */
  get files(): readonly SourceFile[] {
    return [...this.#files.values()];
  }

  /** Those that were looked into so far: a large application has few files with prompts in them. */
  get read(): readonly Program[] {
    return [...this.#programs.values()].filter((program) => program !== null);
  }

  /** Programs whose source says something that has to stand there for a thing to be found. */
  saying(pattern: RegExp): readonly Program[] {
    return this.files.flatMap(({ file, source }) => (pattern.test(source) ? (this.of(file) ?? []) : []));
  }

  of(file: string): Program | undefined {
    const known = this.#programs.get(file);
    const source = this.#files.get(file);
    if (known !== undefined || source === undefined) return known ?? undefined;
    const program = this.#parse(source);
    this.#programs.set(file, program);
    return program ?? undefined;
  }

  #parse(source: SourceFile): Program | null {
    try {
      return new Program(source);
    } catch (error) {
      this.problems.push({ file: source.file, reason: (error as Error).message });
      return null;
    }
  }

  /** A file as it was at first; null for one that was not there. */
  original(file: string): string | null {
    return this.#originals.get(file) ?? null;
  }

  /** Goes on with another source of the same file. */
  replace({ file, language }: Program, source: string): void {
    this.#files.set(file, { file, language, source });
    this.#programs.set(file, new Program({ file, language, source }));
  }

  /** The program that an import names; undefined for packages and what is not at hand. */
  imported(program: Program, specifier: string): Program | undefined {
    for (const path of this.#pathsOf(program, specifier)) {
      const stem = path.replace(/\.([mc]?)jsx?$/, "");
      for (const base of [path, stem]) {
        for (const ending of ENDINGS) {
          const found = this.of(base + ending);
          if (found !== undefined) return found;
        }
      }
    }
    return undefined;
  }

  #pathsOf(program: Program, specifier: string): readonly string[] {
    const path = joinPath(program.file, specifier);
    if (path !== undefined) return [path];
    return this.#aliases.flatMap(({ pattern, targets }) => {
      const [head = "", tail = ""] = pattern.split("*");
      const isSame = pattern === specifier;
      const isBelow = pattern.includes("*") && specifier.startsWith(head) && specifier.endsWith(tail);
      if (!isSame && !isBelow) return [];
      const rest = specifier.slice(head.length, specifier.length - tail.length);
      return targets.map((target) => target.replace("*", isSame ? "" : rest).replace(/^\.\//, ""));
    });
  }

  /** Follows a name through imports to the declaration; a name of a package stays its import. */
  follow(definition: Definition, hops = 0): Definition {
    const { program, binding } = definition;
    const { declaration } = binding;
    if (binding.kind !== "import" || declaration.type !== "ImportSpecifier" || hops > MAX_HOPS)
      return definition;
    const source = (program.parentOf(declaration) as { readonly source?: { readonly value: string } }).source;
    const other = source && this.imported(program, source.value);
    const found = other && this.exported(other, nameOf(declaration.imported), hops + 1);
    return found ?? definition;
  }

  /** What a name stands for where it is used. */
  defined(program: Program, identifier: Node): Definition | undefined {
    const binding = program.bindingOf(identifier);
    return binding && this.follow({ program, binding });
  }

  exported(program: Program, name: string, hops = 0): Definition | undefined {
    if (hops > MAX_HOPS) return undefined;
    for (const statement of program.root.program.body) {
      if (statement.type === "ExportAllDeclaration") {
        const other = this.imported(program, statement.source.value);
        const found = other && this.exported(other, name, hops + 1);
        if (found !== undefined) return found;
      }
      if (statement.type !== "ExportNamedDeclaration") continue;
      for (const specifier of statement.specifiers) {
        if (specifier.type !== "ExportSpecifier" || nameOf(specifier.exported) !== name) continue;
        return this.#passedOn(program, { specifier, from: statement.source?.value, hops });
      }
    }
    const binding = program.top.get(name);
    return binding !== undefined && isExported(program, binding) ? { program, binding } : undefined;
  }

  #passedOn(
    program: Program,
    exported: {
      readonly specifier: ExportSpecifier;
      readonly from: string | undefined;
      readonly hops: number;
    },
  ): Definition | undefined {
    const { specifier, from, hops } = exported;
    const local = nameOf(specifier.local);
    if (from === undefined) {
      const binding = program.top.get(local);
      return binding && this.follow({ program, binding }, hops + 1);
    }
    const other = this.imported(program, from);
    return other && this.exported(other, local, hops + 1);
  }

  /** The value that a constant was given; undefined for what may change, and for destructured names. */
  valueOf({ binding }: Definition): Expression | undefined {
    const { declaration } = binding;
    if (binding.isChanged || declaration.type !== "VariableDeclarator") return undefined;
    return declaration.id.type === "Identifier" ? (declaration.init ?? undefined) : undefined;
  }

  /** The module that a name is imported from, such as `openai`; undefined for one of the application's own. */
  packageOf(program: Program, identifier: Node): string | undefined {
    const definition = this.defined(program, identifier);
    if (definition?.binding.kind !== "import") return undefined;
    const { source } = definition.program.parentOf(definition.binding.declaration) as {
      readonly source?: { readonly value: string };
    };
    return source?.value;
  }

  /** The property of an object that a constant was given. */
  propertyOf(definition: Definition, name: string): Expression | undefined {
    const value = this.valueOf(definition);
    const object = value && unfrozen(bare(value));
    if (object?.type !== "ObjectExpression") return undefined;
    const found = object.properties.filter(
      (property) => property.type === "ObjectProperty" && !property.computed && keyOf(property.key) === name,
    );
    const [only] = found;
    if (found.length !== 1 || only?.type !== "ObjectProperty") return undefined;
    return object.properties.some(({ type }) => type === "SpreadElement")
      ? undefined
      : (only.value as Expression);
  }
}

/** What is handed to `Object.freeze`. */
function unfrozen(node: Node): Node {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return node;
  const { object, property } = node.callee;
  const isFreeze =
    object.type === "Identifier" &&
    object.name === "Object" &&
    property.type === "Identifier" &&
    property.name === "freeze";
  const [first] = node.arguments;
  return isFreeze && first !== undefined ? bare(first) : node;
}

export function nameOf(node: Node): string {
  return node.type === "StringLiteral" ? node.value : (node as { readonly name: string }).name;
}

/** The name of a property that is written out. */
export function keyOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type === "StringLiteral") return node.value;
  return node.type === "NumericLiteral" ? String(node.value) : undefined;
}

/** Whether its own declaration says `export`. */
export function isExported(program: Program, { declaration }: Binding): boolean {
  const statement = declaration.type === "VariableDeclarator" ? program.parentOf(declaration) : declaration;
  return statement !== undefined && program.parentOf(statement)?.type === "ExportNamedDeclaration";
}
