/** The labelled corpus, and how it is laid out as the source files that it stands for. */
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type Label, readLabels } from "./label.ts";

export const HALVES = ["dev", "held-out"] as const;
export type Half = (typeof HALVES)[number];

/** Every file has `.txt` behind its name, so that nothing takes it for a part of this repository. */
const STORED = /\.txt$/;
const FOLDER = fileURLToPath(new URL("./corpus/", import.meta.url));

export interface CorpusFile {
  /** As the project has it, with `/` between its steps. */
  readonly file: string;
  /** Where it is stored. */
  readonly path: string;
}

export interface CorpusProject {
  readonly half: Half;
  readonly name: string;
  readonly labels: readonly Label[];
  readonly files: readonly CorpusFile[];
}

export function readCorpus(): readonly CorpusProject[] {
  return HALVES.flatMap((half) =>
    readdirSync(join(FOLDER, half))
      .sort()
      .map((name) => {
        const folder = join(FOLDER, half, name);
        return { half, name, labels: readLabels(folder), files: filesOf(folder) };
      }),
  );
}

function filesOf(folder: string): readonly CorpusFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => STORED.test(path))
    .sort()
    .map((path) => ({ file: path.replace(STORED, "").split(sep).join("/"), path: join(folder, path) }));
}

/** Writes the files of a project into a folder under the names that they stand for. */
export function layOut({ files }: CorpusProject, folder: string): void {
  for (const { file, path } of files) {
    const target = join(folder, file);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
}
