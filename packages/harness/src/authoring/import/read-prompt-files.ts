/** Reads the files of Dotprompt or Prompty: a folder of them, or one. */
import { convertDotprompt, convertPrompty, type Imported } from "@colophon/authoring/convert";
import { readSourceBytes, sourceFiles } from "./source-files.ts";

export interface ReadFiles {
  /** Absolute. */
  readonly path: string;
  readonly cwd: string;
  /** For prompts that name none; null refuses those. */
  readonly model: string | null;
}

const ENDINGS = { dotprompt: ".prompt", prompty: ".prompty" } as const;

/** @throws HarnessError `usage`, `input-malformed` or `too-large`. */
export function readPromptFiles(source: keyof typeof ENDINGS, { path, cwd, model }: ReadFiles): Imported {
  const files = sourceFiles({ path, cwd, endings: [ENDINGS[source]] }).map((file) => ({
    path: file.path,
    name: file.name,
    source: readSourceBytes(file),
  }));
  return source === "dotprompt" ? convertDotprompt(files, { model }) : convertPrompty(files, { model });
}
