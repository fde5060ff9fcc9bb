/** The programs of an application together: what a name means where another file declares it. */
import type { ExportSpecifier, Expression, Node } from "@babel/types";
import type { SourceFile } from "../../scan/source/source-module.ts";
import type { PathAlias } from "../../scan/trace/find-module.ts";
import type { ExtractionRequest } from "../extraction.ts";
import { isTarget } from "./class-members.ts";
import { commonExports, isCommonJs, valueOfExport, valueOfExported } from "./common-exports.ts";
import { importedName, keyOf, nameOf, requiredModule } from "./imported-name.ts";
import { namePattern } from "./name-pattern.ts";
import { type Binding, bare, isFunction, nodesOf, Program } from "./program.ts";

/** A declaration, and the program that it stands in. */
export interface Definition {
  readonly program: Program;
  readonly binding: Binding;
}

const FILE_ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];
const ENDINGS = ["", ...FILE_ENDINGS, ...FILE_ENDINGS.map((ending) => `/index${ending}`)];
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
  readonly #unread: readonly string[];
  readonly #originals = new Map<string, string>();
  /** Declarations that no scope has a name for. */
  readonly #members = new Map<Node, Binding>();
  readonly #patched = new Map<Program, boolean>();

  constructor(
    files: readonly SourceFile[],
    { aliases = [], unread = [] }: Pick<ExtractionRequest, "aliases" | "unread">,
  ) {
    this.#aliases = aliases;
    this.#unread = unread;
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

  /** Whether a source that is not or cannot be parsed says something, for which nobody can tell what it needs. */
  isSaidUnread(pattern: RegExp): boolean {
    if (this.#unread.some((text) => pattern.test(text))) return true;
    return this.problems.some(({ file }) => pattern.test(this.#files.get(file)?.source ?? ""));
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

  /** Makes a file known that is written later, so that nobody takes its name for another's. */
  announce({ file, language }: Pick<SourceFile, "file" | "language">): void {
    if (!this.#files.has(file)) this.replace({ file, language }, "");
  }

  /** Goes on with another source of the same file. */
  replace({ file, language }: Pick<SourceFile, "file" | "language">, source: string): void {
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

  /** Follows a name through imports to the declaration; a name of a package, and of a whole module, stays its import. */
  follow(definition: Definition, hops = 0): Definition {
    const { program, binding } = definition;
    const imported = importedName(program, binding);
    if (imported === undefined || hops > MAX_HOPS) return definition;
    const other = this.imported(program, imported.specifier);
    const found = other && this.exported(other, imported.name, hops + 1);
    return found ?? definition;
  }

  /** What a name stands for where it is used. */
  defined(program: Program, identifier: Node): Definition | undefined {
    const binding = program.bindingOf(identifier);
    return binding && this.follow({ program, binding });
  }

  /** What a module exports under a name; `*` is all of it, where that is one value. */
  exported(program: Program, name: string, hops = 0): Definition | undefined {
    if (hops > MAX_HOPS) return undefined;
    if (isCommonJs(program)) return this.#commonExport(program, name, hops);
    const { body } = program.root.program;
    for (const statement of body) {
      if (statement.type === "ExportDefaultDeclaration" && name === "default") {
        return this.#defaultExport(program, statement.declaration, hops);
      }
      if (statement.type !== "ExportNamedDeclaration") continue;
      for (const specifier of statement.specifiers) {
        if (specifier.type !== "ExportSpecifier" || nameOf(specifier.exported) !== name) continue;
        return this.#passedOn(program, { specifier, from: statement.source?.value, hops });
      }
    }
    const binding = program.top.get(name);
    if (binding !== undefined && isExported(program, binding)) return { program, binding };
    // What a module says by name goes before all that it passes on.
    for (const statement of name === "default" ? [] : body) {
      if (statement.type !== "ExportAllDeclaration") continue;
      const other = this.imported(program, statement.source.value);
      const found = other && this.exported(other, name, hops + 1);
      if (found !== undefined) return found;
    }
    return undefined;
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

  #defaultExport(program: Program, declared: Node, hops: number): Definition {
    const { id } = declared as { readonly id?: Node | null };
    const named = declared.type === "Identifier" ? declared.name : id ? nameOf(id) : undefined;
    const binding = named === undefined ? undefined : program.top.get(named);
    return binding === undefined
      ? this.member(program, declared, "default")
      : this.follow({ program, binding }, hops + 1);
  }

  #commonExport(program: Program, name: string, hops: number): Definition | undefined {
    const { names, whole } = commonExports(program);
    const isWhole = name === "*" || (name === "default" && !names.has(name));
    const node = isWhole ? whole : names.get(name);
    const value = isWhole ? whole : node && valueOfExported(node);
    const binding = value?.type === "Identifier" ? program.bindingOf(value) : undefined;
    if (binding !== undefined) return this.follow({ program, binding }, hops + 1);
    if (isWhole && whole?.type === "ObjectExpression" && name === "*") return undefined;
    if (node) return this.member(program, node, name);
    const all = whole?.type === "Identifier" ? this.exported(program, "*", hops + 1) : undefined;
    return all && this.memberOf(all, name);
  }

  /** A declaration that is no name of a scope: a property, a field, a method. */
  member(program: Program, declaration: Node, name: string): Definition {
    const known = this.#members.get(declaration);
    const isMethod =
      declaration.type === "ObjectMethod" ||
      declaration.type === "ClassMethod" ||
      declaration.type === "ClassPrivateMethod";
    const binding = known ?? {
      name,
      kind: isMethod && declaration.kind === "method" ? "function" : "constant",
      declaration,
      scope: program.root.program,
      references: [],
      isChanged: false,
    };
    this.#members.set(declaration, binding);
    return { program, binding };
  }

  /** Whether a declaration that no scope has a name for stands in a program. */
  isMemberOf(program: Program, binding: Binding): boolean {
    return this.#members.get(binding.declaration) === binding && binding.scope === program.root.program;
  }

  /** A member of a constant object, an enum or a namespace. */
  memberOf(definition: Definition, name: string): Definition | undefined {
    const { program, binding } = definition;
    const { declaration } = binding;
    const value = this.valueOf(definition);
    const object = value && unfrozen(bare(value));
    if (object?.type === "ObjectExpression") {
      const member = memberOfObject(object, name);
      return member && this.member(program, member, name);
    }
    if (declaration.type === "TSEnumDeclaration") {
      const member = declaration.body.members.find(({ id }) => keyOf(id) === name);
      return member && this.member(program, member, name);
    }
    const block = declaration.type === "TSModuleDeclaration" ? declaration.body : undefined;
    const inner = block && program.lookUp(name, block);
    return inner !== undefined && inner.scope === block && isExported(program, inner)
      ? { program, binding: inner }
      : undefined;
  }

  /** The value that a constant, or a member, was given; undefined for what may change, and for destructured names. */
  valueOf({ binding }: Definition): Expression | undefined {
    const { declaration } = binding;
    if (binding.isChanged) return undefined;
    switch (declaration.type) {
      case "VariableDeclarator":
        return declaration.id.type === "Identifier" ? (declaration.init ?? undefined) : undefined;
      case "ObjectProperty":
        return declaration.value as Expression;
      case "ClassProperty":
      case "ClassPrivateProperty":
        return declaration.value ?? undefined;
      case "TSEnumMember":
        return declaration.initializer ?? undefined;
      case "AssignmentExpression":
        return valueOfExport(declaration);
      case "ClassMethod":
      case "ClassPrivateMethod":
      case "ObjectMethod":
        return declaration.kind === "get" ? (returnedBy(declaration) as Expression | undefined) : undefined;
      default:
        return /Expression$|Literal$/.test(declaration.type) ? (declaration as Expression) : undefined;
    }
  }

  /** Whether some file assigns to what a module exports, as CommonJS lets anybody do. */
  isPatched(program: Program): boolean {
    if (!isCommonJs(program)) return false;
    const known = this.#patched.get(program);
    if (known !== undefined) return known;
    const stem = (program.file.split("/").at(-1) ?? "").replace(/\.\w+$/, "");
    const isPatched = this.saying(namePattern("require", stem)).some(
      (other) =>
        [...other.top.values()].some((binding) => {
          const imported = binding.isChanged ? importedName(other, binding) : undefined;
          return imported !== undefined && this.imported(other, imported.specifier) === program;
        }) || this.#patchesAtOnce(other, program),
    );
    this.#patched.set(program, isPatched);
    return isPatched;
  }

  /** `require("./words").SYSTEM = …`, and the same by `Object.assign`. */
  #patchesAtOnce(program: Program, module: Program): boolean {
    for (const node of nodesOf(program.root)) {
      const specifier = requiredModule(node);
      if (specifier === undefined || this.imported(program, specifier) !== module) continue;
      let whole: Node = node;
      let parent = program.parentOf(whole);
      while (parent?.type === "MemberExpression" && parent.object === whole) {
        whole = parent;
        parent = program.parentOf(whole);
      }
      const isAssigned =
        parent?.type === "CallExpression" &&
        parent.arguments[0] === whole &&
        /^Object\.(assign|defineProperty|defineProperties)$/.test(program.text(parent.callee));
      if (isAssigned || isTarget(program, whole)) return true;
    }
    return false;
  }

  /** The module that a name is imported from, such as `openai`; undefined for one of the application's own. */
  packageOf(program: Program, identifier: Node): string | undefined {
    const definition = this.defined(program, identifier);
    return definition && importedName(definition.program, definition.binding)?.specifier;
  }
}

/** The one property of a name, where nothing that is spread in may be it. */
function memberOfObject(
  object: Node & { readonly type: "ObjectExpression" },
  name: string,
): Node | undefined {
  if (object.properties.some(({ type }) => type === "SpreadElement")) return undefined;
  const found = object.properties.filter(
    (property) => property.type !== "SpreadElement" && !property.computed && keyOf(property.key) === name,
  );
  return found.length === 1 ? found[0] : undefined;
}

/** What a function returns that does nothing else. */
function returnedBy(node: Node): Node | undefined {
  if (!isFunction(node)) return undefined;
  const {
    body,
    async: isAsync,
    generator,
  } = node as {
    readonly body: Node;
    readonly async?: boolean;
    readonly generator?: boolean;
  };
  if (isAsync === true || generator === true) return undefined;
  if (body.type !== "BlockStatement") return body;
  const [only, ...more] = body.body;
  return more.length === 0 && only?.type === "ReturnStatement" ? (only.argument ?? undefined) : undefined;
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

/** Whether its own declaration says `export`. */
export function isExported(program: Program, { declaration }: Binding): boolean {
  const statement = declaration.type === "VariableDeclarator" ? program.parentOf(declaration) : declaration;
  return statement !== undefined && program.parentOf(statement)?.type === "ExportNamedDeclaration";
}
