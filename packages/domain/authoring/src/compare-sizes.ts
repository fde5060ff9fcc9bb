/** Estimates how long a text is in every call, and how much of it a provider's prompt cache can keep. */
import {
  type Body,
  canonicalJson,
  parseTemplate,
  type TemplateNode,
  type VersionText,
} from "@colophon/kernel";

/** Words that are sent whatever the variables are: of the default body, of its partials, and of the tools. */
export interface TextSize {
  /** About, by four characters a token; what stands in a block counts once. */
  readonly staticTokens: number;
  /** Of them those before the first variable or block: what calls have in common from their beginning on. */
  readonly prefixTokens: number;
  /** Partials whose words are not known, and not counted. */
  readonly unknownPartials: readonly string[];
}

export interface SizeDiff {
  /** Null for a side that is not there. */
  readonly before: TextSize | null;
  readonly after: TextSize | null;
  /**
   * Of the common beginning: `broken` where a variable has moved before words that stood before every variable, so
   * that each call pays for them; `changed` where it is warmed anew once; null where it cannot be known.
   */
  readonly cachePrefix: "same" | "changed" | "broken" | null;
}

export interface SizedText {
  readonly text: VersionText;
  /** By reference, as it is written. */
  readonly partials: ReadonlyMap<string, VersionText>;
}

const CHARACTERS_PER_TOKEN = 4;

/**
 * Nobody's tokenizer is asked: four characters to a token, as estimates of runs have it.
 *
 * @throws HarnessError `template-syntax`.
 */
export function compareSizes(before: SizedText | null, after: SizedText | null): SizeDiff {
  const one = before === null ? null : measure(before);
  const other = after === null ? null : measure(after);
  return {
    before: one === null ? null : sizeOf(one),
    after: other === null ? null : sizeOf(other),
    cachePrefix: one === null || other === null ? null : comparePrefixes(one, other),
  };
}

interface Measured {
  readonly prefix: string;
  readonly characters: number;
  readonly unknownPartials: readonly string[];
}

function comparePrefixes(before: Measured, after: Measured): SizeDiff["cachePrefix"] {
  if (before.unknownPartials.length > 0 || after.unknownPartials.length > 0) return null;
  if (before.prefix === after.prefix) return "same";
  const behind = ({ characters, prefix }: Measured): number => characters - prefix.length;
  const isShorter = after.prefix.length < before.prefix.length;
  return isShorter && behind(after) > behind(before) ? "broken" : "changed";
}

function sizeOf({ characters, prefix, unknownPartials }: Measured): TextSize {
  const tokens = (length: number): number => Math.ceil(length / CHARACTERS_PER_TOKEN);
  return { staticTokens: tokens(characters), prefixTokens: tokens(prefix.length), unknownPartials };
}

/** Tools stand before all messages, so they begin what is common. */
function measure({ text, partials }: SizedText): Measured {
  const tally = new Tally(partials);
  if ((text.tools ?? []).length > 0) tally.say(canonicalJson(text.tools));
  for (const source of sourcesOf(text.body)) {
    if (source === null) tally.cut();
    else tally.read(parseTemplate(source).nodes, []);
  }
  return tally;
}

/** Null for the history, which differs from call to call. */
function sourcesOf(body: Body): readonly (string | null)[] {
  if (typeof body === "string") return [body];
  return body.map((part) => (part === "history" ? null : `${part.content}\n`));
}

class Tally implements Measured {
  prefix = "";
  characters = 0;
  readonly unknownPartials: string[] = [];
  readonly #partials: ReadonlyMap<string, VersionText>;
  #isCommon = true;

  constructor(partials: ReadonlyMap<string, VersionText>) {
    this.#partials = partials;
  }

  say(words: string): void {
    this.characters += words.length;
    if (this.#isCommon) this.prefix += words;
  }

  cut(): void {
    this.#isCommon = false;
  }

  /** @param opened partials around it, so that a circle ends. */
  read(nodes: readonly TemplateNode[], opened: readonly string[]): void {
    for (const node of nodes) {
      if (typeof node === "string") this.say(node);
      else if (node.kind === "partial") this.#readPartial(node.partial.ref, opened);
      else if (node.kind !== "role") {
        this.cut();
        if ("body" in node) {
          this.read(node.body, opened);
          this.read(node.otherwise, opened);
        }
      }
    }
  }

  #readPartial(ref: string, opened: readonly string[]): void {
    const body = this.#partials.get(ref)?.body;
    if (typeof body === "string" && !opened.includes(ref)) {
      this.read(parseTemplate(body).nodes, [...opened, ref]);
      return;
    }
    this.cut();
    if (!this.unknownPartials.includes(ref)) this.unknownPartials.push(ref);
  }
}
