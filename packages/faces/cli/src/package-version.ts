/** Reads which version of the package this command line is. */
import { readFileSync } from "node:fs";

/** Of the manifest in the folder above: that of the sources, or of the published package. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
