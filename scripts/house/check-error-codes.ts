/** Checks that each error code of the kernel's table is thrown, tested and documented, and that no other is documented. */
import type { Finding } from "./finding.ts";
import { childNodes, literalText, type SourceFile, type SyntaxNode, walk } from "./source-file.ts";
import type { SourceTree } from "./source-tree.ts";

const TABLE = "packages/kernel/src/errors.ts";
const TABLE_NAME = "ERROR_CODES";
const DOCUMENT = "docs/errors.md";

export function checkErrorCodes(tree: SourceTree): readonly Finding[] {
  const table = tree.sources.get(TABLE);
  if (!table) return [];
  const codes = readCodes(table);
  if (codes.length === 0)
    return [{ rule: "error-codes", path: TABLE, message: `No codes found in ${TABLE_NAME}.` }];
  const inCode = new Set<string>();
  const inTests = new Set<string>();
  for (const source of tree.sources.values()) {
    if (source === table) continue;
    for (const node of source.body) {
      for (const text of source.isTest ? mentionedTexts(node) : thrownTexts(node)) {
        (source.isTest ? inTests : inCode).add(text);
      }
    }
  }
  const documented = tree.paths.has(DOCUMENT) ? readDocumented(tree.read(DOCUMENT)) : new Set<string>();
  const at = { rule: "error-codes", path: TABLE };
  return [
    ...codes.flatMap((code) => [
      ...(inCode.has(code)
        ? []
        : [{ ...at, message: `"${code}" is thrown nowhere; throw it or remove it.` }]),
      ...(inTests.has(code)
        ? []
        : [{ ...at, message: `"${code}" is mentioned in no test; add one that meets it.` }]),
      ...(documented.has(code)
        ? []
        : [{ ...at, message: `"${code}" is not in ${DOCUMENT}; document it there.` }]),
    ]),
    ...[...documented]
      .filter((code) => !codes.includes(code))
      .map((code) => ({
        ...at,
        path: DOCUMENT,
        message: `"${code}" is no code of ${TABLE}; remove it.`,
      })),
  ];
}

/** The strings of the exported array, or the keys of the exported object. */
function readCodes({ body }: SourceFile): readonly string[] {
  for (const statement of body) {
    for (const node of walk(statement)) {
      if (node.type !== "VariableDeclarator" || (node.id as SyntaxNode).name !== TABLE_NAME) continue;
      return [...walk(node.init as SyntaxNode)].flatMap(codeOf);
    }
  }
  return [];
}

function codeOf(node: SyntaxNode): readonly string[] {
  if (node.type === "Property") {
    const key = node.key as SyntaxNode;
    return [literalText(key) ?? String(key.name)];
  }
  if (node.type !== "ArrayExpression") return [];
  return (node.elements as readonly unknown[]).flatMap((element) => literalText(element) ?? []);
}

/** Strings used as values: a comparison, a case or a list names a code without throwing it. */
function* thrownTexts(node: SyntaxNode): Generator<string> {
  const text = node.type === "TSLiteralType" ? undefined : literalText(node);
  if (text !== undefined) yield text;
  if (["BinaryExpression", "ArrayExpression", "TSLiteralType"].includes(node.type)) return;
  for (const child of childNodes(node)) {
    if (node.type !== "SwitchCase" || child !== node.test) yield* thrownTexts(child);
  }
}

function* mentionedTexts(node: SyntaxNode): Generator<string> {
  for (const each of walk(node)) {
    const text = literalText(each);
    if (text !== undefined) yield text;
  }
}

/** A heading, or the first cell of a table's row, that is the code alone. */
function readDocumented(markdown: string): ReadonlySet<string> {
  return new Set(
    [...markdown.matchAll(/^(?:#+|\|) *`([a-z0-9-]+)` *(?:\||$)/gm)].map((match) => match[1] ?? ""),
  );
}
