/** A finding with its columns, as reports tell it. */
import type { Finding } from "../finding.ts";

export interface PlacedFinding extends Finding {
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** From 1, of the place after its last character. */
  readonly endColumn: number;
}

/** @param source of the finding's file, as it was scanned. */
export function placeFinding(finding: Finding, source: string): PlacedFinding {
  const { from, to } = finding.span;
  return { ...finding, column: columnAt(source, from), endColumn: columnAt(source, to) };
}

function columnAt(source: string, offset: number): number {
  return offset - Math.max(source.lastIndexOf("\n", offset - 1), source.lastIndexOf("\r", offset - 1));
}
