/** The files of Swagger UI that the server's reference page loads, beside the bundle and found from there. */
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Rolldown } from "tsdown";

/** The folder's name, beside the chunks. */
export const REFERENCE_FOLDER = "reference";

/** What the page asks for, and the licences of what is inside of it. */
const FILES = [
  "swagger-ui.css",
  "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt",
  "favicon-32x32.png",
];

/** A plugin of the bundler that leads what asks for the library's folder to the copy. */
export function referenceFolder(): Rolldown.Plugin {
  return {
    name: "reference-folder",
    load: {
      filter: { id: /[\\/]swagger-ui-dist[\\/]absolute-path\.js$/ },
      handler: () => ({
        code: `import { fileURLToPath } from "node:url";
export default () => fileURLToPath(new URL("./${REFERENCE_FOLDER}", import.meta.url));\n`,
        moduleType: "js",
      }),
    },
  };
}

/** Copies them from the package as the server finds it. */
export function copyReferenceFiles(server: string, outDir: string): void {
  const folder = dirname(createRequire(join(server, "package.json")).resolve("swagger-ui-dist/package.json"));
  const target = join(outDir, REFERENCE_FOLDER);
  mkdirSync(target, { recursive: true });
  for (const file of FILES) copyFileSync(join(folder, file), join(target, file));
}
