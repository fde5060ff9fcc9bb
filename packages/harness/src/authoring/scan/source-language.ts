/** Says by a file's name which language it is written in. */
import { extname } from "node:path";
import type { SourceLanguage } from "@colophon/authoring/scan";

const LANGUAGES: Readonly<Record<string, SourceLanguage>> = {
  ".ts": "typescript",
  ".tsx": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".js": "javascript",
  ".jsx": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".py": "python",
};

export const SOURCE_ENDINGS: readonly string[] = Object.keys(LANGUAGES);

/** Null for what a scan does not read; declarations of types have no texts of a program. */
export function languageOf(name: string): SourceLanguage | null {
  return /\.d\.[cm]?ts$/i.test(name) ? null : (LANGUAGES[extname(name).toLowerCase()] ?? null);
}
