/** Writes partials into the text that includes them, so that it says by itself what it says with them. */
import {
  type Body,
  HarnessError,
  type PartialRef,
  parseTemplate,
  type TemplateNode,
  type VersionText,
} from "@colophon/kernel";
import type { Piece } from "./convert/template/piece.ts";
import { printPieces } from "./convert/template/print-pieces.ts";

/** What a partial says; undefined for one that stays a partial. */
export type PartialToInline = (ref: PartialRef) => Pick<VersionText, "body" | "locales"> | undefined;

export interface InlinedText {
  readonly text: VersionText;
  /** Keys of the partials that are written into it, in the order of their first place. */
  readonly inlined: readonly string[];
}

/**
 * What is rendered stays the same. A translation takes the partial's own translation of just its locale, else what
 * the partial says otherwise.
 *
 * @throws HarnessError `partial-cycle`; `template-syntax` for a partial that is a list of messages, that stands
 * indented and prints variables, or whose words would meet the braces of a tag.
 */
export function inlinePartials(text: VersionText, partialOf: PartialToInline): InlinedText {
  const inlined = new Set<string>();
  const inBody = (body: Body, locale: string | null): Body => {
    const write = (source: string): string =>
      inlineSource(source, { partialOf, locale, inlined, indented: new Set(), inside: [] });
    if (typeof body === "string") return write(body);
    return body.map((part) => (part === "history" ? part : { ...part, content: write(part.content) }));
  };
  const body = inBody(text.body, null);
  const { locales, partials: _, ...rest } = text;
  const translated = Object.entries(locales ?? {}).map(([name, one]) => [name, inBody(one, name)] as const);
  const all = locales === undefined ? {} : { locales: Object.fromEntries(translated) };
  return { text: { ...rest, body, ...all }, inlined: [...inlined] };
}

interface Inlining {
  readonly partialOf: PartialToInline;
  readonly locale: string | null;
  /** Collects the keys. */
  readonly inlined: Set<string>;
  /** Collects what stays a partial and is indented: printed anew it would not be. */
  readonly indented: Set<string>;
  /** Keys of the partials around it. */
  readonly inside: readonly string[];
}

/** What includes none of them keeps its very words. */
function inlineSource(source: string, inlining: Inlining): string {
  const own = { ...inlining, inlined: new Set<string>(), indented: new Set<string>() };
  const pieces = piecesOf(parseTemplate(source).nodes, own);
  const [key] = own.inlined;
  if (key === undefined) return source;
  for (const one of own.inlined) inlining.inlined.add(one);
  const { text, blanks } = printPieces(pieces);
  if (blanks.length > 0) throw unsupported(key, "its words would meet the braces of a tag");
  const [beside] = own.indented;
  if (beside === undefined) return text;
  throw unsupported(key, `{{> ${beside}}} stands indented there`);
}

function piecesOf(nodes: readonly TemplateNode[], inlining: Inlining): readonly Piece[] {
  return nodes.flatMap((node) => pieceOf(node, inlining));
}

function pieceOf(node: TemplateNode, inlining: Inlining): readonly Piece[] {
  if (typeof node === "string") return [{ kind: "text", text: node }];
  switch (node.kind) {
    case "value":
    case "json":
      return [{ kind: node.kind, path: node.written }];
    case "if":
    case "unless":
    case "each": {
      const { kind, written } = node;
      const body = piecesOf(node.body, inlining);
      return [{ kind, path: written, body, otherwise: piecesOf(node.otherwise, inlining) }];
    }
    case "role":
      return [{ kind: "tag", tag: `{{role "${node.role}"}}` }];
    case "history":
      return [{ kind: "tag", tag: "{{history}}" }];
    case "partial":
      return partialPieces(node, inlining);
  }
}

function partialPieces(
  { partial, indent }: Extract<TemplateNode, { readonly kind: "partial" }>,
  { inside, ...inlining }: Inlining,
): readonly Piece[] {
  const { name, ref } = partial;
  const found = inlining.partialOf(partial);
  if (found === undefined) {
    if (indent !== "") inlining.indented.add(ref);
    return [{ kind: "partial", ref }];
  }
  if (inside.includes(name)) {
    const way = [...inside.slice(inside.indexOf(name)), name].join(" → ");
    throw new HarnessError("partial-cycle", `Partial ${name} includes itself: ${way}; break the circle.`, {
      details: { partial: name },
    });
  }
  const body = (inlining.locale === null ? undefined : found.locales?.[inlining.locale]) ?? found.body;
  if (typeof body !== "string") throw unsupported(name, "it is a list of messages");
  inlining.inlined.add(name);
  const pieces = piecesOf(parseTemplate(body).nodes, { ...inlining, inside: [...inside, name] });
  if (indent === "") return pieces;
  const words = pieces.map((piece) => {
    if (piece.kind === "text") return piece.text;
    throw unsupported(name, "it stands indented and prints more than fixed words");
  });
  const text = words.join("");
  // Every line but an empty last one, as the renderer indents it.
  return [{ kind: "text", text: text === "" ? "" : indent + text.replaceAll(/\n(?!$)/g, `\n${indent}`) }];
}

function unsupported(key: string, why: string): HarnessError {
  return new HarnessError(
    "template-syntax",
    `The partial ${key} cannot be written into what includes it, since ${why}: push it first.`,
    { details: { partial: key } },
  );
}
