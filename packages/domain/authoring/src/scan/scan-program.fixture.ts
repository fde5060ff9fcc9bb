/** Scans small programs in tests. */
import type { Finding } from "./finding.ts";
import { scanSources } from "./scan-sources.ts";
import type { SourceFile } from "./source/source-module.ts";
import type { IndexOptions } from "./trace/module-index.ts";

/** Sources by file name. */
export type Program = Readonly<Record<string, string>>;

export function sourceFiles(program: Program): readonly SourceFile[] {
  return Object.entries(program).map(([file, source]) => ({
    file,
    language: file.endsWith(".py") ? "python" : /\.[cm]?tsx?$/.test(file) ? "typescript" : "javascript",
    source,
  }));
}

/** What was traced to a call or a message; what its words alone tell is left out. */
export function tracedFindings(program: Program, options: IndexOptions = {}): readonly Finding[] {
  return scanSources(sourceFiles(program), options).findings.filter(
    ({ reason }) =>
      / (?:message|prompt|role)\b/.test(reason) &&
      /^(?:goes|is a template|is sent|is the|stands as)/.test(reason),
  );
}

/** `file:line client role "text"`, the shortest that tells findings apart. */
export function shown({ file, line, client, role, text }: Finding): string {
  return `${file}:${line} ${client} ${role} ${JSON.stringify(text)}`;
}
