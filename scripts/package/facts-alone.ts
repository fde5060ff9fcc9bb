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

interface Said extends Node {
  readonly type: "TaggedTemplateExpression";
  readonly tag: Node & { readonly name?: string };
  readonly quasi: { readonly expressions: readonly Node[] };
}

/** Writes say`words ${fact} words` as `say(fact)`, with the `say` that joins facts. */
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
      filter: { id: /\.ts$/, code: "say`" },
      handler(code) {
        return withoutWords(this.parse(code, { lang: "ts" }), code);
      },
    },
  };
}

function withoutWords(node: Node, code: string): string {
  let text = "";
  let from = node.start;
  for (const { start, end, quasi } of saidIn(node)) {
    const facts = quasi.expressions.map((fact) => withoutWords(fact, code));
    text += code.slice(from, start) + (facts.length === 0 ? '""' : `say(${facts.join(", ")})`);
    from = end;
  }
  return text + code.slice(from, node.end);
}

/** The outermost ones, in order; one that is a fact of another is inside of it. */
function saidIn(tree: unknown): readonly Said[] {
  if (typeof tree !== "object" || tree === null) return [];
  return isSaid(tree) ? [tree] : Object.values(tree).flatMap(saidIn);
}

function isSaid(tree: object): tree is Said {
  const node = tree as Partial<Said>;
  return node.type === "TaggedTemplateExpression" && node.tag?.name === "say";
}
