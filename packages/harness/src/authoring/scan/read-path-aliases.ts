/** Reads from tsconfig files which paths stand behind the names of imports. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { PathAlias } from "@colophon/authoring/scan";
import { told } from "./walk-sources.ts";

export interface TypeScriptConfig {
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  readonly extends?: unknown;
  readonly references?: unknown;
}

/** A config that cannot be read says nothing: the scan goes on without it. */
export function readPathAliases(configs: readonly string[], base: string): readonly PathAlias[] {
  return configs.flatMap((file) => {
    const { baseUrl, paths } = readConfig(file).compilerOptions ?? {};
    const folder = resolve(dirname(file), typeof baseUrl === "string" ? baseUrl : ".");
    if (typeof paths !== "object" || paths === null) return [];
    return Object.entries(paths).flatMap(([pattern, targets]) => {
      if (!Array.isArray(targets)) return [];
      const inside = targets.flatMap((target) =>
        typeof target === "string" ? [told(base, resolve(folder, target))] : [],
      );
      return [{ pattern, targets: inside }];
    });
  });
}

/** JSON as tsconfig files have it: with comments, and commas before closing brackets. */
export function readConfig(file: string): TypeScriptConfig {
  try {
    const text = readFileSync(file, "utf8")
      .replace(/^\uFEFF/, "")
      .replaceAll(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, text?: string) => text ?? "")
      .replaceAll(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, text?: string) => text ?? "");
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null ? read : {};
  } catch {
    return {};
  }
}
