/** Parses one source file into what the rules of the house ask about: imports, comments, syntax tree, code lines. */
import { parseSync } from "oxc-parser";

export interface SourceImport {
  readonly specifier: string;
  readonly line: number;
  /** A type import is gone at run time; the other two are edges of the run-time graph. */
  readonly kind: "type" | "static" | "dynamic";
}

export interface SourceComment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Any node of the ESTree; rules narrow by `type` and read the fields they know. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Tests and what only tests use: free to import any package. */
  readonly isTest: boolean;
  readonly imports: readonly SourceImport[];
  readonly comments: readonly SourceComment[];
  readonly body: readonly SyntaxNode[];
  readonly syntaxError: string | undefined;
}

const TEST = /\.(test|type-test|fixture)\.[cm]?tsx?$/;

export function parseSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  const body = program.body as unknown as readonly SyntaxNode[];
  return {
    path,
    text,
    isTest: TEST.test(path),
    imports: body.flatMap((statement) => [...findImports(statement, text)]),
    comments: comments.map(({ start, end, value }) => ({ start, end, text: value })),
    body,
    syntaxError: errors[0]?.message,
  };
}

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** Every node below and including `node`, parents first. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of childNodes(node)) yield* walk(child);
}

export function childNodes(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/** The text of a string literal or of a template without placeholders. */
export function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type === "TSLiteralType") return literalText(node.literal);
  return undefined;
}

function* findImports(statement: SyntaxNode, text: string): Generator<SourceImport> {
  for (const node of walk(statement)) {
    const specifier = literalText(node.source) ?? literalText(node.argument);
    if (specifier === undefined) continue;
    const kind = importKind(node);
    if (kind) yield { specifier, line: lineAt(text, node.start), kind };
  }
}

function importKind(node: SyntaxNode): SourceImport["kind"] | undefined {
  switch (node.type) {
    case "ImportDeclaration":
      return node.importKind === "type" ? "type" : "static";
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      return node.exportKind === "type" ? "type" : "static";
    case "ImportExpression":
      return "dynamic";
    case "TSImportType":
      return "type";
    default:
      return undefined;
  }
}
