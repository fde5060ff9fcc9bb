/** Finds what an entry file exports, with the comment above each declaration. */
import { lineAt, type SourceFile, type SyntaxNode } from "../house/source-file.ts";
import { resolveImport, type SourceTree } from "../house/source-tree.ts";

export interface PublicMember {
  readonly name: string;
  readonly line: number;
  readonly doc: string | undefined;
}

export interface PublicExport {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly kind: "function" | "class" | "interface" | "type" | "value";
  /** The JSDoc above it, without its stars. */
  readonly doc: string | undefined;
  /** What people call on it: methods of an interface, public methods of a class. */
  readonly methods: readonly PublicMember[];
}

/** Everything that a file exports, wherever in the repository it is declared; npm packages are passed over. */
export function publicExports(tree: SourceTree, path: string): readonly PublicExport[] {
  const source = tree.sources.get(path);
  if (source === undefined) throw new Error(`There is no source ${path}.`);
  return source.body.flatMap((statement): readonly PublicExport[] => {
    if (statement.type === "ExportAllDeclaration") return behind(tree, source, statement);
    if (statement.type !== "ExportNamedDeclaration") return [];
    if (isNode(statement.declaration)) return describe(source, statement.declaration, statement.start);
    if (!isNode(statement.source)) return named(statement).flatMap((name) => local(source, name));
    const names = new Set(named(statement));
    return behind(tree, source, statement).filter(({ name }) => names.has(name));
  });
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value;
}

function named(statement: SyntaxNode): readonly string[] {
  return (statement.specifiers as readonly SyntaxNode[]).map((specifier) =>
    String((specifier.local as SyntaxNode).name),
  );
}

function behind(tree: SourceTree, source: SourceFile, statement: SyntaxNode): readonly PublicExport[] {
  const specifier = String((statement.source as SyntaxNode).value);
  const files = resolveImport(tree, source.path, specifier)?.files ?? [];
  return files.flatMap((file) => (tree.sources.has(file) ? publicExports(tree, file) : []));
}

/** A name that the file declares first and exports later. */
function local(source: SourceFile, name: string): readonly PublicExport[] {
  return source.body.flatMap((node) =>
    describe(source, node, node.start).filter((declared) => declared.name === name),
  );
}

function describe(source: SourceFile, node: SyntaxNode, start: number): readonly PublicExport[] {
  const at = { path: source.path, line: lineAt(source.text, start), doc: docAbove(source, start) };
  const name = isNode(node.id) ? String(node.id.name) : "";
  switch (node.type) {
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return [{ ...at, name, kind: "function", methods: [] }];
    case "ClassDeclaration":
      return [{ ...at, name, kind: "class", methods: methodsOf(source, node) }];
    case "TSInterfaceDeclaration":
      return [{ ...at, name, kind: "interface", methods: methodsOf(source, node) }];
    case "TSTypeAliasDeclaration":
      return [{ ...at, name, kind: "type", methods: [] }];
    case "VariableDeclaration":
      return (node.declarations as readonly SyntaxNode[]).map((one) => ({
        ...at,
        name: String((one.id as SyntaxNode).name),
        kind: isFunction(one.init) ? "function" : "value",
        methods: [],
      }));
    default:
      return [];
  }
}

/** Written as a value all the same: an arrow, or a use case that is offered on any house. */
function isFunction(init: unknown): boolean {
  if (!isNode(init)) return false;
  if (init.type === "ArrowFunctionExpression") return true;
  return init.type === "CallExpression" && /^offer/.test(String((init.callee as SyntaxNode).name));
}

function methodsOf(source: SourceFile, declaration: SyntaxNode): readonly PublicMember[] {
  const members = (declaration.body as SyntaxNode).body as readonly SyntaxNode[];
  return members
    .filter((member) => member.type === "TSMethodSignature" || member.type === "MethodDefinition")
    .filter((member) => (member.key as SyntaxNode).type === "Identifier" && member.kind !== "constructor")
    .filter((member) => !isBehindOverloads(member, members))
    .map((member) => ({
      name: String((member.key as SyntaxNode).name),
      line: lineAt(source.text, member.start),
      doc: docAbove(source, member.start),
    }));
}

/** The signature that stands over the code of an overloaded method: callers see only the others. */
function isBehindOverloads(member: SyntaxNode, members: readonly SyntaxNode[]): boolean {
  const nameOf = ({ key }: SyntaxNode): unknown => (key as SyntaxNode | undefined)?.name;
  const isOverload = ({ value }: SyntaxNode): boolean =>
    isNode(value) && value.type === "TSEmptyBodyFunctionExpression";
  return (
    !isOverload(member) && members.some((other) => isOverload(other) && nameOf(other) === nameOf(member))
  );
}

/** The JSDoc that ends right before a node. */
function docAbove({ text, comments }: SourceFile, start: number): string | undefined {
  const above = comments.findLast(
    (comment) => comment.end <= start && text.slice(comment.end, start).trim() === "",
  );
  if (above === undefined || !above.text.startsWith("*")) return undefined;
  return above.text
    .replace(/^\*/, "")
    .replace(/^[ \t]*\* ?/gm, "")
    .trim();
}

/** The code of each `@example` in a JSDoc. */
export function examplesOf(doc: string): readonly string[] {
  return doc
    .split(/^@/m)
    .filter((tag) => tag.startsWith("example"))
    .map((tag) => tag.replace(/^example\b[^\n]*\n?/, "").trimEnd());
}
