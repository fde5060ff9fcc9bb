/** Makes plain values of YAML's nodes, each alias a copy of its own, and refuses what JSON lacks. */
import type { HarnessError } from "@colophon/kernel";
import { isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from "yaml";
import { MOST_CHARACTERS } from "./decode-prompt-file.ts";
import { type ReadingYaml, startOf, yamlProblem } from "./yaml-place.ts";

/** As deep as the deepest schema that a registry takes. */
export const DEEPEST = 500;
/** Of tokens in a front matter, and of values when its aliases are written out. */
export const MOST_TOKENS = 100_000;

/** What an anchor names; it is open as long as its own node is being read. */
interface Anchored {
  isOpen: boolean;
  value: unknown;
}

/** What is known of the node at hand. */
interface At {
  readonly node: unknown;
  readonly depth: number;
}

export class PlainValues {
  readonly #reading: ReadingYaml;
  readonly #anchors = new Map<string, Anchored>();
  #values = 0;
  #characters = 0;

  constructor(reading: ReadingYaml) {
    this.#reading = reading;
  }

  /** @throws HarnessError `prompt-invalid`, with the place of the node. */
  of(node: unknown, depth = 0): unknown {
    if (isAlias(node)) return this.#ofAlias(node.source, { node, depth });
    this.#count({ node, depth });
    const { anchor } = (node ?? {}) as { readonly anchor?: string };
    if (anchor === undefined) return this.#ofContent({ node, depth });
    const anchored: Anchored = { isOpen: true, value: undefined };
    this.#anchors.set(anchor, anchored);
    anchored.value = this.#ofContent({ node, depth });
    anchored.isOpen = false;
    return anchored.value;
  }

  #ofContent({ node, depth }: At): unknown {
    if (isMap(node)) return this.#ofMap(node, depth);
    if (isSeq(node)) return node.items.map((item) => this.of(item, depth + 1));
    return isScalar(node) ? this.#ofScalar(node) : null;
  }

  #ofAlias(name: string, at: At): unknown {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined)
      throw this.#refuse(at.node, `*${name} names no anchor that stands before it.`);
    if (anchored.isOpen)
      throw this.#refuse(at.node, `*${name} stands inside of what it names: write it out.`);
    return this.#copyOf(anchored.value, at);
  }

  #copyOf(value: unknown, { node, depth }: At): unknown {
    this.#count({ node, depth });
    const inside = { node, depth: depth + 1 };
    if (typeof value === "string") return this.#spend(value, node);
    if (Array.isArray(value)) return value.map((item) => this.#copyOf(item, inside));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [this.#spend(name, node), this.#copyOf(item, inside)]),
    );
  }

  #ofMap({ items }: YAMLMap, depth: number): unknown {
    const fields = new Map<string, unknown>();
    for (const { key, value } of items) {
      const name = this.#nameOf(key);
      if (fields.has(name)) throw this.#refuse(key, `${shown(name)} is there twice: keep one.`);
      fields.set(name, this.of(value, depth + 1));
    }
    return Object.fromEntries(fields);
  }

  #nameOf(key: unknown): string {
    const name = isScalar(key) ? key.value : undefined;
    if (typeof name !== "string") throw this.#refuse(key, "here is a field without a name: write one.");
    if (name === "<<" && isScalar(key) && key.type === "PLAIN") {
      throw this.#refuse(key, "merge keys are not read: write out the fields that << stands for.");
    }
    return this.#spend(name, key);
  }

  #ofScalar(node: Scalar): unknown {
    const { value, source = "" } = node;
    if (typeof value === "string") return this.#spend(value, node);
    if (value === null || typeof value === "boolean") return value;
    if (typeof value !== "number") throw this.#refuse(node, "JSON cannot hold this value: write a text.");
    if (!Number.isFinite(value)) throw this.#refuse(node, `${source} is a number that JSON cannot hold.`);
    if (losesDigits(value, source)) {
      throw this.#refuse(node, `${shown(source)} has more digits than a number keeps: put it in quotes.`);
    }
    return value;
  }

  #count({ node, depth }: At): void {
    this.#values += 1;
    if (this.#values > MOST_TOKENS) throw this.#refuseAliases(node, MOST_TOKENS, "values");
    if (depth > DEEPEST) {
      throw this.#refuse(node, `the front matter nests more than ${DEEPEST} deep here: write it flatter.`);
    }
  }

  #spend(text: string, node: unknown): string {
    this.#characters += text.length;
    if (this.#characters > MOST_CHARACTERS) throw this.#refuseAliases(node, MOST_CHARACTERS, "characters");
    if (text.isWellFormed()) return text;
    throw this.#refuse(node, "the text here holds half a surrogate pair, which is no character: remove it.");
  }

  /** Without aliases, the bounds of the file itself are the narrower ones. */
  #refuseAliases(node: unknown, most: number, unit: string): HarnessError {
    return this.#refuse(node, `with its aliases the front matter has more than ${most} ${unit}: use fewer.`);
  }

  #refuse(node: unknown, sentence: string): HarnessError {
    return yamlProblem(this.#reading, startOf(node) ?? 0, sentence);
  }
}

/** A number is kept as it is written, or as it is printed. */
function losesDigits(value: number, source: string): boolean {
  const digits = /^[-+]?(\d+|0x[\da-f]+|0o[0-7]+)$/i.exec(source)?.[1];
  if (digits === undefined || Number.isSafeInteger(value)) return false;
  return digits !== String(Math.abs(value)) && BigInt(digits) !== BigInt(Math.abs(value));
}

const SHOWN = 60;

function shown(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
