/** Loads the functions of the user's own that an eval set scores with. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type CustomScorer, type ScorerSpec, scorerFiles } from "@colophon/evaluation";
import { HarnessError } from "@colophon/kernel";

export interface CustomScorers {
  /** By the path as the specs name it. */
  readonly byFile: ReadonlyMap<string, CustomScorer>;
  /** Of the files' contents: other words are another scorer. What they import is not looked at. */
  readonly hashes: readonly string[];
}

/**
 * The function `score` (or the default export) of each file, TypeScript or JavaScript. It runs with all rights of
 * this process, so it has to lie in the folder: a set that comes from elsewhere names no other file.
 *
 * @param folder null where no code of users is run.
 * @throws HarnessError `input-malformed` for a file that lies elsewhere, cannot be loaded or exports no function;
 * `not-allowed` for any file where no code of users is run.
 */
export async function loadCustomScorers(
  specs: readonly ScorerSpec[],
  folder: string | null,
): Promise<CustomScorers> {
  const byFile = new Map<string, CustomScorer>();
  const hashes: string[] = [];
  for (const file of scorerFiles(specs)) {
    if (folder === null) {
      throw new HarnessError(
        "not-allowed",
        `The eval set is scored by the file ${file}, and a server runs nobody's code; run this with --store on a store at hand, or take a scorer that comes with Colophon.`,
      );
    }
    const path = resolve(folder, file);
    const within = relative(folder, path);
    if (within.startsWith("..") || isAbsolute(within)) {
      throw new HarnessError(
        "input-malformed",
        `The scorer file ${file} lies outside of ${folder}; keep it within, so that a set cannot run any file.`,
      );
    }
    const loaded = await load(path, file);
    byFile.set(file, loaded.score);
    hashes.push(loaded.hash);
  }
  return { byFile, hashes };
}

interface LoadedScorer {
  readonly score: CustomScorer;
  readonly hash: string;
}

async function load(path: string, file: string): Promise<LoadedScorer> {
  let hash: string;
  let score: unknown;
  try {
    hash = createHash("sha256").update(readFileSync(path)).digest("hex");
    // Another content is another module, though the file has the same name.
    const url = `${pathToFileURL(path).href}?${hash}`;
    const module = (await import(url)) as Readonly<Record<string, unknown>>;
    score = module.score ?? module.default;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new HarnessError("input-malformed", `The scorer file ${file} cannot be loaded: ${why}`, { cause });
  }
  if (typeof score === "function") return { score: score as CustomScorer, hash };
  throw new HarnessError(
    "input-malformed",
    `The scorer file ${file} exports no function; export one that is called score.`,
  );
}
