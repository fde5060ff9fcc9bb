/** Reads the fenced code blocks of a document. */
import { lineAt } from "../house/source-file.ts";

export interface Fence {
  readonly document: string;
  /** Line of the fence's first line of content. */
  readonly line: number;
  /** The first word after the backticks. */
  readonly language: string;
  /** The words after it: "output" in "text output". */
  readonly words: readonly string[];
  /** Without the line end before the closing fence. */
  readonly text: string;
}

const FENCE = /^```([^\n`]*)\n([\s\S]*?)^```$/gm;

export function readFences(document: string, markdown: string): readonly Fence[] {
  return [...markdown.matchAll(FENCE)].map((match) => {
    const [language = "", ...words] = (match[1] ?? "").trim().split(/\s+/);
    const text = (match[2] ?? "").replace(/\n$/, "");
    return { document, line: lineAt(markdown, match.index) + 1, language, words, text };
  });
}
