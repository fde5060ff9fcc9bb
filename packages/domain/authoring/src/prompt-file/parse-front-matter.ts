/** Parses the YAML of a front matter strictly, within bounds, and knows the line of each field. */
import {
  Composer,
  type CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type YAMLMap,
} from "yaml";
import type { Fields, Steps } from "../field-reader.ts";
import { DEEPEST, MOST_TOKENS, PlainValues } from "./plain-values.ts";
import type { Place } from "./prompt-file-error.ts";
import { type ReadingYaml, startOf, yamlPlace, yamlProblem } from "./yaml-place.ts";

export interface FrontMatter {
  readonly value: Fields;
  /** Of the field at the end of these steps, or of what is there of the way to it. */
  readonly placeOf: (steps: Steps) => Place | undefined;
}

/**
 * @param front after as many line ends as lines stand before it in the file.
 * @throws HarnessError `prompt-invalid`, with file, line and column.
 */
export function parseFrontMatter(front: string, name: string): FrontMatter {
  const lines = new LineCounter();
  const reading: ReadingYaml = { name, lines };
  const [document, second] = compose(parseTokens(front, reading), front.length);
  const [problem] = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  if (problem !== undefined) throw yamlProblem(reading, problem.pos[0], yamlSentence(problem.message));
  if (document === undefined || second !== undefined) {
    const at = second?.range?.[0] ?? 0;
    throw yamlProblem(reading, at, "the front matter holds several YAML documents: keep one.");
  }
  const value = document.contents === null ? {} : new PlainValues(reading).of(document.contents);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw yamlProblem(
      reading,
      document.contents?.range?.[0] ?? 0,
      "the front matter has no fields: write model: NAME.",
    );
  }
  return { value: value as Fields, placeOf: createFinder(document, lines) };
}

/** The words of the YAML library, ended by what to do. */
function yamlSentence(message: string): string {
  return message.startsWith("With stringKeys")
    ? "the name of a field is a list or an object here: write a text."
    : `${message.replace(/[:.]$/, "")}; correct the YAML there.`;
}

/** The syntax tree of the front matter, before anything recursive is done with it. */
function parseTokens(front: string, reading: ReadingYaml): readonly CST.Token[] {
  const { addNewLine } = reading.lines;
  const parser = new Parser(addNewLine);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  addNewLine(0);
  for (const lexeme of new Lexer().lex(front)) {
    lexemes += 1;
    if (lexemes > MOST_TOKENS) {
      throw yamlProblem(
        reading,
        parser.offset,
        `the front matter has more than ${MOST_TOKENS} tokens: shorten it.`,
      );
    }
    for (const token of parser.next(lexeme)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  // A line end to some readers of YAML, and not to others.
  const lone = front.indexOf("\r");
  if (lone !== -1)
    throw yamlProblem(reading, lone, "here is a carriage return without a line feed: remove it.");
  checkDepth(tokens, reading);
  return tokens;
}

/** Not by recursion, which is what the depth would exhaust. */
function checkDepth(tokens: readonly CST.Token[], reading: ReadingYaml): void {
  const waiting = tokens.map((token): Nested => ({ token, depth: 0, offset: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (token === null || token === undefined) continue;
    const offset = "offset" in token ? token.offset : next.offset;
    if (depth > DEEPEST) {
      throw yamlProblem(
        reading,
        offset,
        `the front matter nests more than ${DEEPEST} deep: write it flatter.`,
      );
    }
    if ("value" in token && typeof token.value === "object") {
      waiting.push({ token: token.value, depth, offset });
    }
    if ("key" in token) waiting.push({ token: token.key, depth, offset });
    if ("items" in token)
      for (const item of token.items) waiting.push({ token: item, depth: depth + 1, offset });
  }
}

/** A part of the syntax tree, with the offset of what it stands in where it has none itself. */
interface Nested {
  readonly token: CST.Token | CST.CollectionItem | null | undefined;
  readonly depth: number;
  readonly offset: number;
}

function compose(tokens: readonly CST.Token[], end: number): readonly Document.Parsed[] {
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    strict: true,
    stringKeys: true,
    // Binary, dates and sets are no JSON.
    resolveKnownTags: false,
    // The check is quadratic: what makes plain values of it looks at this.
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
  });
  return [...composer.compose(tokens, true, end)] as readonly Document.Parsed[];
}

type PairsByName = ReadonlyMap<unknown, { readonly key: unknown; readonly value: unknown }>;

/** Finds the name of a field, or an item of a list, as near as the steps lead. */
function createFinder(document: Document.Parsed, lines: LineCounter): FrontMatter["placeOf"] {
  const known = new Map<unknown, PairsByName>();
  const pairsOf = (map: YAMLMap): PairsByName => {
    const pairs =
      known.get(map) ??
      new Map(map.items.map((pair) => [isScalar(pair.key) ? pair.key.value : undefined, pair]));
    known.set(map, pairs);
    return pairs;
  };
  return (steps) => {
    let node: unknown = document.contents;
    let found: number | undefined;
    for (const step of steps) {
      const pair = isMap(node) ? pairsOf(node).get(step) : undefined;
      const item = isSeq(node) && typeof step === "number" ? node.items[step] : undefined;
      const start = startOf(pair?.key ?? item);
      if (start === undefined) break;
      found = start;
      node = pair === undefined ? item : pair.value;
    }
    return found === undefined ? undefined : yamlPlace(lines, found);
  };
}
