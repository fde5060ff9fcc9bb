/** Finds what an application is called: the name in the nearest package.json upward. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Variables } from "../open-options.ts";

/** Where a process was started. */
export interface StartPlace {
  /** The script that was started, where there is one. */
  readonly script: string | undefined;
  readonly folder: string;
}

/**
 * Upward from the script that was started, so that applications which are started from the root of
 * their repository differ; from the working folder where the script is a tool, such as `next` or
 * `vitest`. Null where no package.json has a name.
 */
export function findApplication({ script, folder }: StartPlace): string | null {
  const isTool = script === undefined || /[\\/]node_modules[\\/]/.test(script);
  for (let at = isTool ? folder : dirname(script); ; at = dirname(at)) {
    const name = nameIn(at);
    if (name !== undefined) return name;
    if (dirname(at) === at) return null;
  }
}

function nameIn(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    // None there, or none that can be read: the next one upward may have a name.
    return undefined;
  }
}

/** Whose code it is by option, variable or package.json; null for one without a name. */
export function applicationOf(
  options: { readonly application?: string },
  variables: Variables,
): string | null {
  const said = options.application || variables.COLOPHON_APPLICATION;
  return said || findApplication({ script: process.argv[1], folder: process.cwd() });
}
