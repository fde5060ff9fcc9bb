/** Checks that no files import each other in a ring at run time; type imports are gone by then. */
import type { Finding } from "./finding.ts";
import { resolveImport, type SourceTree } from "./source-tree.ts";

export function checkCycles(tree: SourceTree): readonly Finding[] {
  const edges = new Map<string, readonly string[]>();
  for (const { path, imports } of tree.sources.values()) {
    const targets = imports
      .filter(({ kind }) => kind !== "type")
      .flatMap(({ specifier }) => resolveImport(tree, path, specifier)?.files ?? []);
    edges.set(path, targets);
  }
  return findRings(edges).map((ring) => {
    const message = `${ring.length} file(s) import each other at run time (${ring.join(" → ")} → ${ring[0]}); move what they share into a file of its own.`;
    return { rule: "cycle", path: ring[0] ?? "", message };
  });
}

/** The shortest ring through each file, each file told once. */
function findRings(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const rings: (readonly string[])[] = [];
  const told = new Set<string>();
  for (const start of [...edges.keys()].sort()) {
    if (told.has(start)) continue;
    const ring = shortestRing(edges, start);
    if (!ring) continue;
    for (const file of ring) told.add(file);
    rings.push(ring);
  }
  return rings;
}

function shortestRing(
  edges: ReadonlyMap<string, readonly string[]>,
  start: string,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  for (const [at] of cameFrom) {
    for (const next of edges.get(at) ?? []) {
      if (next === start) return wayTo(cameFrom, at);
      if (!cameFrom.has(next)) cameFrom.set(next, at);
    }
  }
  return undefined;
}

function wayTo(cameFrom: ReadonlyMap<string, string | undefined>, end: string): readonly string[] {
  const way: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}
