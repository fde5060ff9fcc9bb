/** A code base of any size, made of copies of the corpus that share no names. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CorpusProject } from "./corpus.ts";
import { linesIn, SOURCE } from "./source-lines.ts";

const DECLARED =
  /\b(?:const|let|var|def|function|class|interface|type)\s+([A-Za-z_$][\w$]*)|^([A-Za-z_]\w*)\s*=(?!=)/gm;

/** Number of lines of source that it wrote: at least as many as asked for. The same call writes the same bytes. */
export function growTree(
  projects: readonly CorpusProject[],
  target: { readonly folder: string; readonly lines: number },
): number {
  const texts = projects.map((project) => readProject(project));
  let written = 0;
  for (let copy = 1; written < target.lines; copy += 1) {
    for (const { name, files, renamed } of texts) {
      for (const { file, text } of files) {
        const path = join(target.folder, `copy-${copy}`, name, file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, rename(text, renamed, copy));
        if (SOURCE.test(file)) written += linesIn(text);
      }
    }
  }
  return written;
}

interface ProjectText {
  readonly name: string;
  readonly files: readonly { readonly file: string; readonly text: string }[];
  readonly renamed: ReadonlySet<string>;
}

function readProject({ name, files }: CorpusProject): ProjectText {
  const texts = files.map(({ file, path }) => ({ file, text: readFileSync(path, "utf8") }));
  const declared = texts.flatMap(({ text }) =>
    [...text.matchAll(DECLARED)].map((match) => match[1] ?? match[2] ?? ""),
  );
  // A name that could be a word of a prompt stays as it is: the words are what is scanned.
  return { name, files: texts, renamed: new Set(declared.filter((each) => /_|[a-z][A-Z]/.test(each))) };
}

function rename(text: string, names: ReadonlySet<string>, copy: number): string {
  return text.replace(/[A-Za-z_$][\w$]*/g, (word) => (names.has(word) ? `${word}${copy}` : word));
}
