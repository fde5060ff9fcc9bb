/** Makes prompts of Dotprompt's files: what the strict reader refuses and has a counterpart is converted, and said. */
import { errorCodeOf, type HarnessError, type VersionText } from "@colophon/kernel";
import { decodePromptFile } from "../../prompt-file/decode-prompt-file.ts";
import { keyOfPath } from "../../prompt-file/prompt-file-path.ts";
import { CannotConvert } from "../cannot-convert.ts";
import { type Imported, type ImportedVersion, Remarks } from "../imported.ts";
import { rewriteTags } from "../template/rewrite-tags.ts";
import { convertDotpromptFile, type DotpromptFile } from "./convert-dotprompt-file.ts";

export interface DotpromptOptions {
  /** For files that name none; null refuses those. */
  readonly model: string | null;
}

/** As deep as partials nest when they are rendered. */
const DEEPEST = 100;

/** @param files in any order, with their paths from the folder of the prompts on. */
export function convertDotprompt(files: readonly DotpromptFile[], { model }: DotpromptOptions): Imported {
  const remarks = new Remarks();
  const versions: ImportedVersion[] = [];
  /** By key, for those that include them. */
  const texts = new Map<string, VersionText>();
  const byKey = new Map(files.map((file) => [keyOfPath(file.path), file]));
  const seen = new Set<DotpromptFile>();
  /** Those that wait for what they include. */
  const open = new Set<DotpromptFile>();
  const visit = (file: DotpromptFile): void => {
    if (seen.has(file)) return;
    seen.add(file);
    open.add(file);
    try {
      // What is included goes before it, and is known by then.
      for (const name of includedIn(file)) {
        const partial = byKey.get(name.replaceAll("/", "."));
        if (partial === undefined) continue;
        if (open.has(partial))
          throw new CannotConvert(`it includes ${name}, which includes it; break the circle.`);
        if (open.size > DEEPEST)
          throw new CannotConvert(`its partials nest more than ${DEEPEST} deep; write ${name} in.`);
        visit(partial);
      }
      const spec = convertDotpromptFile(file, { model, remarks, texts });
      const other = versions.find((one) => one.spec.key === spec.key);
      if (other !== undefined) {
        throw new CannotConvert(`${other.from} is ${spec.key} already; give one of them another name.`);
      }
      texts.set(spec.key, spec.text);
      const bare = { number: null, author: null, message: null, at: null, labels: [] };
      versions.push({ from: file.name, spec, ...bare });
    } catch (error) {
      remarks.leave(file.name, ...reasonOf(error, file.name));
    } finally {
      open.delete(file);
    }
  };
  for (const file of files) visit(file);
  return { versions, sets: [], changes: remarks.changes, left: remarks.left };
}

function includedIn({ source, name }: DotpromptFile): readonly string[] {
  const names: string[] = [];
  rewriteTags(decodePromptFile(source, name), ({ inner }) => {
    const [, partial] = /^>\s*([^\s}]+)/.exec(inner) ?? [];
    if (partial !== undefined) names.push(partial);
    return undefined;
  });
  return names;
}

/** Errors of the strict reader say file, line and column themselves. */
function reasonOf(error: unknown, name: string): readonly [sentence: string, line: number | null] {
  if (error instanceof CannotConvert) return [error.message, error.line];
  if (errorCodeOf(error) === undefined) throw error;
  const { message, details } = error as HarnessError;
  const line = typeof details?.line === "number" ? details.line : null;
  const prefix = `${name}:${line}:${details?.column}: `;
  return [message.startsWith(prefix) ? message.slice(prefix.length) : message, line];
}
