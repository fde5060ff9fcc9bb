/** Says where in its file a piece of a front matter's YAML is. */
import type { HarnessError } from "@colophon/kernel";
import type { LineCounter } from "yaml";
import { type Place, problemAt } from "./prompt-file-error.ts";

/** A front matter that is being read. */
export interface ReadingYaml {
  /** Name of the file. */
  readonly name: string;
  readonly lines: LineCounter;
}

/** Where a node begins; undefined for what is not written out. */
export function startOf(node: unknown): number | undefined {
  return (node as { readonly range?: readonly number[] | null } | null | undefined)?.range?.[0];
}

export function yamlPlace(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The error about what begins at an offset. */
export function yamlProblem({ name, lines }: ReadingYaml, offset: number, sentence: string): HarnessError {
  return problemAt(name, yamlPlace(lines, offset), sentence);
}
