/** A plugin of the bundler that leaves the words of errors out: an edge bundle says the facts alone. */
import type { Rolldown } from "tsdown";

/** The kernel's module of the tag `say`, and what takes its place. */
const WHOLE = /\/say\.ts$/;
const FACTS = "/say-facts.ts";

/** A part of a syntax tree. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** say`words ${fact} words` */
interface Said extends Node {
  readonly type: "TaggedTemplateExpression";
  readonly quasi: { readonly expressions: readonly Node[] };
}

/** words(() => …) */
interface Chosen extends Node {
  readonly type: "CallExpression";
}

/**
 * Writes say`words ${fact} words` as `say(fact)`, with the `say` that joins facts, and `words(…)`, which
 * chooses between words, as none.
 */
export function factsAlone(): Rolldown.Plugin {
  return {
    name: "facts-alone",
    resolveId: {
      filter: { id: WHOLE },
      handler(source, importer) {
        return this.resolve(source.replace(WHOLE, FACTS), importer);
      },
    },
    transform: {
      filter: { id: /\.ts$/, code: /\b(?:say`|words\()/ },
      handler(code) {
        return withoutWords(this.parse(code, { lang: "ts" }), code);
      },
    },
  };
}

const NOTHING = '""';

function withoutWords(node: Node, code: string): string {
  if (isChosen(node)) return NOTHING;
  if (isSaid(node)) {
    const facts = node.quasi.expressions.map((fact) => withoutWords(fact, code));
    const known = facts.filter((fact) => fact !== NOTHING);
    return known.length === 0 ? NOTHING : `say(${known.join(", ")})`;
  }
  let text = "";
  let from = node.start;
  for (const inner of Object.values(node).flatMap(wordyIn)) {
    text += code.slice(from, inner.start) + withoutWords(inner, code);
    from = inner.end;
  }
  return text + code.slice(from, node.end);
}

/** The outermost ones, in order; one that is a fact of another is inside of it. */
function wordyIn(tree: unknown): readonly (Said | Chosen)[] {
  if (typeof tree !== "object" || tree === null) return [];
  return isSaid(tree) || isChosen(tree) ? [tree] : Object.values(tree).flatMap(wordyIn);
}

function isSaid(tree: object): tree is Said {
  const { type, tag } = tree as { readonly type?: string; readonly tag?: { readonly name?: string } };
  return type === "TaggedTemplateExpression" && tag?.name === "say";
}

function isChosen(tree: object): tree is Chosen {
  const { type, callee } = tree as { readonly type?: string; readonly callee?: { readonly name?: string } };
  return type === "CallExpression" && callee?.name === "words";
}
