/** Converts the texts of Langfuse's prompts: variables that may be missing, and references to other prompts. */
import { CannotConvert, excerpt } from "../cannot-convert.ts";
import type { ImportKeys } from "../import-key.ts";
import type { Remarks } from "../imported.ts";
import { isPathStep, optionalValue, type Piece, plainPath } from "../template/piece.ts";
import { mergePieces, printPieces } from "../template/print-pieces.ts";
import { blanksBefore, partialStands } from "../template/standing-tags.ts";
import type { LangfuseCatalog } from "./langfuse-catalog.ts";
import { type LangfusePrompt, langfuseName } from "./langfuse-prompt.ts";
import { type LangfusePart, type LangfuseReference, parseLangfuseText } from "./parse-langfuse-text.ts";

export interface LangfuseTextsOptions {
  readonly catalog: LangfuseCatalog;
  readonly keys: ImportKeys;
  readonly remarks: Remarks;
  /** Whether references name versions, by the source's numbers. */
  readonly isPinned: boolean;
  /** Sees to it that a version that is referred to comes too. @throws CannotConvert where it does not. */
  readonly need: (prompt: LangfusePrompt, line: number) => void;
}

/** Of texts that are written into one: a registry takes fewer characters in a whole prompt. */
const MOST_INCLUDED = 1_000_000;
/** Of texts that are written into one another. */
const DEEPEST = 100;

export class LangfuseTexts {
  readonly #options: LangfuseTextsOptions;
  #included = 0;
  /** Those that are being written in. */
  readonly #within = new Set<LangfusePrompt>();

  constructor(options: LangfuseTextsOptions) {
    this.#options = options;
  }

  /** @throws CannotConvert for a tag or reference without a counterpart. */
  print(prompt: LangfusePrompt, source: string): string {
    const { remarks } = this.#options;
    const from = langfuseName(prompt);
    this.#included = 0;
    const { text, blanks } = printPieces(this.#piecesOf(prompt, source));
    for (const line of blanks) {
      remarks.changed(
        from,
        "a blank was put between a brace or backslash of the text and the tag beside it, since together they would mean something else.",
        line,
      );
    }
    return text;
  }

  /** The variables of a prompt's texts, and of all that they refer to. */
  variablesOf(prompt: LangfusePrompt): readonly (readonly string[])[] {
    const { catalog } = this.#options;
    const reached = new Set([prompt]);
    const variables: (readonly string[])[] = [];
    for (const one of reached) {
      for (const part of textsOf(one).flatMap((text) => parseLangfuseText(text).parts)) {
        if (part.kind === "variable") variables.push(part.steps);
        if (part.kind === "reference") reached.add(catalog.find(part.reference, part.line));
      }
    }
    return variables;
  }

  #piecesOf(prompt: LangfusePrompt, source: string): readonly Piece[] {
    const { remarks } = this.#options;
    const from = langfuseName(prompt);
    const { parts, literals } = parseLangfuseText(source);
    for (const { line, tag } of literals) {
      remarks.changed(from, `${excerpt(tag)} names no variable, so it is text here.`, line);
    }
    const plain = mergePieces(parts.map((part) => this.#pieceOf(part)));
    const reads = references(parts);
    let seen = 0;
    return mergePieces(
      plain.flatMap((piece, index): readonly Piece[] => {
        if (piece.kind !== "partial") return [piece];
        const { reference, line } = reads[seen++] as ReadReference;
        const isIndented =
          blanksBefore(plain, index) !== "" && partialStands({ pieces: plain, index, root: true });
        return this.#include(prompt, { reference, line, isIndented });
      }),
    );
  }

  #pieceOf(part: LangfusePart): Piece {
    if (part.kind === "text") return part;
    if (part.kind === "variable") return optionalValue(plainPath(part.steps));
    return { kind: "partial", ref: part.reference.name };
  }

  #include(prompt: LangfusePrompt, included: Included): readonly Piece[] {
    const { catalog, keys, remarks, need, isPinned } = this.#options;
    const { reference, line, isIndented } = included;
    const target = catalog.find(reference, line);
    const from = langfuseName(prompt);
    const key = keys.of(target.name);
    const isNamed = key.split(/[./]/).every(isPathStep);
    const isNewest = catalog.newestOf(target.name) === target;
    if (!isNamed || isIndented || (!isPinned && !isNewest)) {
      const why = !isNamed
        ? `${key} can be no name of a partial`
        : isIndented
          ? "a partial that stands alone on its line would be indented as a whole"
          : `a file holds the newest text of ${target.name} alone`;
      remarks.changed(from, `the text of ${langfuseName(target)} was written in: ${why}.`, line);
      return this.#writeIn(target, line);
    }
    need(target, line);
    if (!isPinned) {
      remarks.changed(
        from,
        `its reference to ${langfuseName(target)} is {{> ${key}}}: pin it as {{> ${key}@vN}} once that prompt is pushed.`,
        line,
      );
      return [{ kind: "partial", ref: key }];
    }
    if (reference.label !== null) {
      remarks.changed(
        from,
        `its reference to ${target.name} by the label ${reference.label} is pinned to the version that has it now, v${target.version}.`,
        line,
      );
    }
    return [{ kind: "partial", ref: `${key}@v${target.version}` }];
  }

  #writeIn(target: LangfusePrompt, line: number): readonly Piece[] {
    const source = target.prompt as string;
    if (this.#within.has(target) || this.#within.size >= DEEPEST) {
      throw new CannotConvert(
        `it refers to ${langfuseName(target)}, which refers back to it or nests more than ${DEEPEST} deep; break the circle there.`,
        line,
      );
    }
    this.#included += source.length;
    if (this.#included > MOST_INCLUDED) {
      throw new CannotConvert(
        `its references come to more than ${MOST_INCLUDED} characters; shorten what it refers to.`,
        line,
      );
    }
    this.#within.add(target);
    try {
      return this.#piecesOf(target, source);
    } finally {
      this.#within.delete(target);
    }
  }
}

interface Included {
  readonly reference: LangfuseReference;
  readonly line: number;
  readonly isIndented: boolean;
}

type ReadReference = Extract<LangfusePart, { readonly kind: "reference" }>;

function references(parts: readonly LangfusePart[]): readonly ReadReference[] {
  return parts.filter((part): part is ReadReference => part.kind === "reference");
}

function textsOf({ prompt }: LangfusePrompt): readonly string[] {
  if (typeof prompt === "string") return [prompt];
  return prompt.flatMap((message) => (message.kind === "message" ? [message.content] : []));
}
