/** Says on which line of its file a finding stands. */
import type { FindingSpot } from "./review-rule.ts";

/** What fields are called in files of other forms. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  parameters: ["config"],
  purpose: ["description"],
  body: ["messages"],
};

/**
 * From 1; null for what stands in another file, such as a partial, or is not found. Files write bodies as they
 * are, but for indentation and, in JSON, line ends: a line is known by its words.
 */
export function fileLine(source: string, spot: FindingSpot): number | null {
  const lines = source.split(/\r?\n/);
  return "part" in spot ? bodyLine(lines, spot) : fieldLine(lines, spot.field);
}

function bodyLine(
  lines: readonly string[],
  { part, offset }: Extract<FindingSpot, { readonly offset: number }>,
): number | null {
  if (part.partial !== null) return null;
  const from = part.source.lastIndexOf("\n", offset - 1) + 1;
  const end = part.source.indexOf("\n", offset);
  const line = part.source.slice(from, end < 0 ? undefined : end).trim();
  if (line === "") return null;
  const earlier = part.source
    .slice(0, from)
    .split("\n")
    .filter((one) => one.trim() === line).length;
  const same = lines.flatMap((one, at) => (one.includes(line) ? [at + 1] : []));
  return same[earlier] ?? same[0] ?? null;
}

function fieldLine(lines: readonly string[], field: string): number | null {
  const names = [field, ...(OTHER_NAMES[field] ?? [])];
  const at = lines.findIndex((line) => {
    const [, name = ""] = /^\s*["']?([\w.]+)["']?\s*:/.exec(line) ?? [];
    return names.includes(name.replace(/^colophon\./, ""));
  });
  return at < 0 ? null : at + 1;
}
