/** Bundles the command line with all that it uses, the clients of providers excepted. */
import { join } from "node:path";
import { build } from "tsdown";
import { oneCopy } from "./one-copy.ts";
import { copyReferenceFiles, referenceFolder } from "./reference-files.ts";

/** It looks at Node's version first and loads the rest only then. */
const MAIN = "packages/faces/cli/src/main.ts";
const SERVER = "packages/faces/server";

/** What the command line reaches for only when it is there: the application's own copy, of these versions. */
export const PEERS = { openai: ">=4", "@anthropic-ai/sdk": ">=0.30" } as const;

/** Writes `colophon.js`, its chunks and the server's reference page; returns the npm packages that are inside, with their versions. */
export async function bundleCli(
  root: string,
  outDir: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const bundles = await build({
    config: false,
    cwd: root,
    entry: { colophon: MAIN },
    outDir,
    clean: false,
    format: "esm",
    platform: "node",
    target: "node22.13",
    tsconfig: "tsconfig.package.json",
    dts: false,
    deps: { neverBundle: Object.keys(PEERS).map((name) => new RegExp(`^${name}(/|$)`)), onlyBundle: false },
    plugins: [oneCopy("@opentelemetry/api"), referenceFolder()],
    fixedExtension: false,
    hash: false,
    sourcemap: false,
    report: false,
    failOnWarn: true,
    logLevel: "warn",
  });
  copyReferenceFiles(join(root, SERVER), outDir);
  const inlined = bundles.flatMap((bundle) => [...bundle.inlinedDeps]);
  return new Map(inlined.map(([name, versions]) => [name, [...versions]]));
}
