/** Tests that the subpath for the SDK stays free of libraries. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

function importsOf(
  file: URL,
  seen = new Map<string, readonly string[]>(),
): ReadonlyMap<string, readonly string[]> {
  if (seen.has(file.href)) return seen;
  const found = [...readFileSync(file, "utf8").matchAll(/from "([^"]+)";/g)].map((match) => match[1] ?? "");
  seen.set(file.href, found);
  for (const name of found) if (name.startsWith(".")) importsOf(new URL(name, file), seen);
  return seen;
}

describe("the registration subpath", () => {
  it("imports the kernel and its own files, nothing else", () => {
    const graph = importsOf(new URL("./registration.ts", import.meta.url));
    const outside = [...graph.values()].flat().filter((name) => !name.startsWith("."));
    expect(graph.size).toBeGreaterThan(5);
    expect(new Set(outside)).toEqual(new Set(["@colophon/kernel"]));
  });
});
