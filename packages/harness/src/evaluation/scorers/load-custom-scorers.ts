/** Loads scorers of the user's own out of their files. */
import { isAbsolute, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { CustomScorer } from "@colophon/evaluation";
import { HarnessError } from "@colophon/kernel";

/**
 * The function `score` (or the default export) of each file, TypeScript or JavaScript, by the path as it
 * was named. Its code runs with the rights of this process, so it has to lie in the folder: a set that was
 * imported from elsewhere cannot run any file it likes.
 *
 * @throws HarnessError `input-malformed` for a file outside of the folder, one that cannot be loaded, or one that
 * exports no function.
 * @example
 * const custom = await loadCustomScorers(["scorers/tone.ts"], process.cwd());
 */
export async function loadCustomScorers(
  files: readonly string[],
  folder: string,
): Promise<ReadonlyMap<string, CustomScorer>> {
  const loaded = new Map<string, CustomScorer>();
  for (const file of files) loaded.set(file, await load(file, folder));
  return loaded;
}

async function load(file: string, folder: string): Promise<CustomScorer> {
  const path = resolve(folder, file);
  const inside = relative(folder, path);
  if (isAbsolute(inside) || inside === ".." || /^\.\.[\\/]/.test(inside)) {
    throw new HarnessError(
      "input-malformed",
      `The scorer file ${file} lies outside of the folder that this runs in; keep it within.`,
    );
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new HarnessError("input-malformed", `The scorer file ${file} cannot be loaded: ${why}`, { cause });
  }
  const score = module.score ?? module.default;
  if (typeof score === "function") return score as CustomScorer;
  throw new HarnessError(
    "input-malformed",
    `The scorer file ${file} exports no function; export one that is called score.`,
  );
}
