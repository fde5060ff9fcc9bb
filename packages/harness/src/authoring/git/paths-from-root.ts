/** Tells files by their way from the root of their repository, as code hosts do. */
import { posix, relative, resolve, sep } from "node:path";
import { openRepository } from "./repository.ts";

/**
 * A function that turns a file, absolute or as seen from the folder, into its path from the root of the folder's
 * repository, with `/` between folders; from the folder itself where there is no repository.
 *
 * @example
 * const fromRoot = await pathsFromRoot(process.cwd());
 * console.log(fromRoot("triage.prompt")); // prompts/triage.prompt
 */
export async function pathsFromRoot(folder: string): Promise<(file: string) => string> {
  const prefix = (await openRepository(folder))?.prefix ?? "";
  return (file) => {
    const path = relative(folder, resolve(folder, file)).split(sep).join("/");
    return posix.join(prefix, path);
  };
}
