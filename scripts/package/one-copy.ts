/** A plugin of the bundler that takes a package as ES modules even where it is required, so that it is there once. */
import type { Rolldown } from "tsdown";

/**
 * For packages that come both as ES modules and as CommonJS made by a bundler: of the latter, ours renames
 * locals such as `require_context` to names that are taken already.
 */
export function oneCopy(name: string): Rolldown.Plugin {
  return {
    name: "one-copy",
    resolveId: {
      filter: { id: new RegExp(`^${name}$`) },
      handler(source, importer) {
        return this.resolve(source, importer, { kind: "import-statement", skipSelf: true });
      },
    },
  };
}
