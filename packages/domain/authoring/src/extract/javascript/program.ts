/** A JavaScript or TypeScript file as its rewriting needs it: the tree, who declares a name, and where it is used. */
import { type ParserPlugin, parse } from "@babel/parser";
import {
  type CallExpression,
  type Comment,
  type File,
  type Identifier,
  isReferenced,
  type JSXIdentifier,
  type Node,
  VISITOR_KEYS,
} from "@babel/types";
import type { SourceFile } from "../../scan/source/source-module.ts";

/** What a name stands for. */
export interface Binding {
  readonly name: string;
  readonly kind: "constant" | "variable" | "parameter" | "function" | "import" | "other";
  /** The declarator, function, import specifier or parameter that declares it. */
  readonly declaration: Node;
  /** The node whose scope has the name. */
  readonly scope: Node;
  readonly references: Identifier[];
  /** Whether it, or a property of it, is assigned to after its declaration. */
  isChanged: boolean;
}

const SCOPES = new Set([
  "Program",
  "BlockStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "CatchClause",
  "SwitchStatement",
  "StaticBlock",
  "TSModuleBlock",
]);

/** What changes the object that it is handed first. */
const CHANGING = /^Object\.(assign|defineProperty|defineProperties)$/;
const FUNCTIONS = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ObjectMethod",
  "ClassMethod",
  "ClassPrivateMethod",
]);

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type);
}

/** The children of a node in the order of the source. */
export function childrenOf(node: Node): readonly Node[] {
  const keys = VISITOR_KEYS[node.type] ?? [];
  return keys.flatMap((key) => {
    const value = (node as unknown as Record<string, Node | (Node | null)[] | null | undefined>)[key];
    if (Array.isArray(value)) return value.filter((one): one is Node => one !== null);
    return value === null || value === undefined ? [] : [value];
  });
}

/** All nodes of a tree, outer ones first, in the order of the source; without recursion, as trees may be deep. */
export function* nodesOf(root: Node): Generator<Node, void, void> {
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    const children = childrenOf(node);
    for (let index = children.length - 1; index >= 0; index -= 1) open.push(children[index] as Node);
  }
}

/** The names that a pattern declares. */
function namesOf(pattern: Node): readonly Identifier[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element === null ? [] : namesOf(element)));
    case "AssignmentPattern":
      return namesOf(pattern.left);
    case "RestElement":
      return namesOf(pattern.argument);
    case "TSParameterProperty":
      return namesOf(pattern.parameter);
    default:
      return [];
  }
}

export class Program {
  readonly file: string;
  readonly language: SourceFile["language"];
  readonly source: string;
  readonly root: File;
  readonly calls: readonly CallExpression[];
  /** Interfaces and type aliases by name; of several the first. */
  readonly types: ReadonlyMap<string, Node>;
  readonly #parents = new Map<Node, Node>();
  readonly #scopes = new Map<Node, Map<string, Binding>>();
  readonly #resolved = new Map<Node, Binding>();
  readonly #lineStarts: readonly number[];

  constructor({ file, source, language }: SourceFile) {
    this.file = file;
    this.language = language;
    this.source = source;
    this.root = parse(source, {
      sourceType: "unambiguous",
      plugins: pluginsOf(file, language === "typescript"),
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
    });
    this.#lineStarts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
    const calls: CallExpression[] = [];
    const types = new Map<string, Node>();
    const identifiers: Identifier[] = [];
    const elements: JSXIdentifier[] = [];
    for (const node of nodesOf(this.root)) {
      for (const child of childrenOf(node)) this.#parents.set(child, node);
      this.#declare(node);
      if (node.type === "CallExpression") calls.push(node);
      if (node.type === "Identifier") identifiers.push(node);
      if (node.type === "JSXIdentifier") elements.push(node);
      if (node.type === "TSInterfaceDeclaration" || node.type === "TSTypeAliasDeclaration") {
        if (!types.has(node.id.name)) types.set(node.id.name, node);
      }
    }
    this.calls = calls;
    this.types = types;
    for (const identifier of identifiers) this.#refer(identifier);
    for (const { name } of elements)
      this.top.get(name)?.references.push({ type: "Identifier", name } as Identifier);
    for (const node of nodesOf(this.root)) this.#markChange(node);
  }

  get comments(): readonly Comment[] {
    return this.root.comments ?? [];
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  /** The nearest node outward that holds, the node itself not among them. */
  outward(node: Node, holds: (outer: Node) => boolean): Node | undefined {
    let outer = this.#parents.get(node);
    while (outer !== undefined && !holds(outer)) outer = this.#parents.get(outer);
    return outer;
  }

  /** What a name stands for where it is used; undefined for a global. */
  bindingOf(identifier: Node): Binding | undefined {
    return this.#resolved.get(identifier);
  }

  /** What a name would stand for at another place. */
  lookUp(name: string, at: Node): Binding | undefined {
    for (let node: Node | undefined = at; node !== undefined; node = this.#parents.get(node)) {
      const binding = this.#scopes.get(node)?.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  /** All names that the file declares. */
  get bindings(): readonly Binding[] {
    return [...this.#scopes.values()].flatMap((names) => [...names.values()]);
  }

  /** Names of the module scope. */
  get top(): ReadonlyMap<string, Binding> {
    return this.#scopes.get(this.root.program) ?? new Map();
  }

  text(node: Node): string {
    return this.source.slice(node.start ?? 0, node.end ?? 0);
  }

  /** Line from 1. */
  lineOf(offset: number): number {
    let [low, high] = [0, this.#lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  lineAt(node: Node): number {
    return this.lineOf(node.start ?? 0);
  }

  #scopeOf(node: Node, isVar: boolean): Node {
    const holds = (outer: Node): boolean =>
      isFunction(outer) || outer.type === "Program" || (!isVar && SCOPES.has(outer.type));
    return this.outward(node, holds) ?? this.root.program;
  }

  #add(scope: Node, binding: Omit<Binding, "scope" | "references" | "isChanged">): void {
    const names = this.#scopes.get(scope) ?? new Map<string, Binding>();
    this.#scopes.set(scope, names);
    const known = names.get(binding.name);
    // A name that is declared twice is one whose value nobody can tell from one place.
    if (known !== undefined) known.isChanged = true;
    else names.set(binding.name, { ...binding, scope, references: [], isChanged: false });
  }

  #declare(node: Node): void {
    if (node.type === "VariableDeclaration") {
      const scope = this.#scopeOf(node, node.kind === "var");
      for (const declaration of node.declarations) {
        const kind = node.kind === "const" ? "constant" : "variable";
        for (const { name } of namesOf(declaration.id)) this.#add(scope, { name, kind, declaration });
      }
    } else if (node.type === "ImportDeclaration") {
      for (const specifier of node.specifiers) {
        this.#add(this.root.program, { name: specifier.local.name, kind: "import", declaration: specifier });
      }
    } else if (node.type === "CatchClause" && node.param) {
      for (const { name } of namesOf(node.param)) this.#add(node, { name, kind: "other", declaration: node });
    } else if (
      node.type === "ClassDeclaration" ||
      node.type === "TSEnumDeclaration" ||
      node.type === "TSModuleDeclaration"
    ) {
      if (node.id?.type === "Identifier") {
        this.#add(this.#scopeOf(node, false), { name: node.id.name, kind: "other", declaration: node });
      }
    }
    if (isFunction(node)) this.#declareFunction(node);
  }

  #declareFunction(node: Node): void {
    const { params, id } = node as { readonly params: readonly Node[]; readonly id?: Identifier | null };
    if (id) {
      const scope = node.type === "FunctionDeclaration" ? this.#scopeOf(node, false) : node;
      this.#add(scope, { name: id.name, kind: "function", declaration: node });
    }
    for (const parameter of params) {
      for (const { name } of namesOf(parameter)) {
        this.#add(node, { name, kind: "parameter", declaration: parameter });
      }
    }
  }

  #refer(identifier: Identifier): void {
    const parent = this.#parents.get(identifier);
    if (parent === undefined) return;
    if (!isReferenced(identifier, parent, this.#parents.get(parent))) return;
    const binding = this.lookUp(identifier.name, identifier);
    if (binding === undefined) return;
    this.#resolved.set(identifier, binding);
    binding.references.push(identifier);
  }

  #markChange(node: Node): void {
    const targets =
      node.type === "AssignmentExpression" || node.type === "ForOfStatement" || node.type === "ForInStatement"
        ? [node.left as Node]
        : node.type === "UpdateExpression" || (node.type === "UnaryExpression" && node.operator === "delete")
          ? [node.argument as Node]
          : node.type === "CallExpression" && CHANGING.test(this.text(node.callee))
            ? node.arguments.slice(0, 1)
            : [];
    for (const target of targets) {
      const names = target.type === "VariableDeclaration" ? [] : [rootOf(target), ...namesOf(target)];
      for (const name of names) {
        if (name?.type !== "Identifier") continue;
        const binding = this.lookUp(name.name, node);
        if (binding !== undefined) binding.isChanged = true;
      }
    }
  }
}

/** What a path of properties begins with. */
function rootOf(node: Node): Node {
  let root = node;
  while (
    root.type === "MemberExpression" ||
    root.type === "TSNonNullExpression" ||
    root.type === "TSAsExpression"
  ) {
    root = root.type === "MemberExpression" ? root.object : root.expression;
  }
  return root;
}

function pluginsOf(file: string, isTypeScript: boolean): ParserPlugin[] {
  const plugins: ParserPlugin[] = ["decorators"];
  if (isTypeScript) plugins.push("typescript");
  if (!/\.[mc]?ts$/.test(file)) plugins.push("jsx");
  return plugins;
}

/** What an expression is, without the parentheses, casts and assertions around it. */
export function bare(node: Node): Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
      case "TSInstantiationExpression":
        inner = inner.expression;
        break;
      default:
        return inner;
    }
  }
}

/** Whether a node stands in the source of another, or is it. */
export function isWithin(inner: Node, outer: Node): boolean {
  return (inner.start ?? 0) >= (outer.start ?? 0) && (inner.end ?? 0) <= (outer.end ?? 0);
}
