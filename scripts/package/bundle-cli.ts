/** Bundles the command line with all that it uses, the OpenAI client excepted. */
import { build } from "tsdown";

/** It looks at Node's version first and loads the rest only then. */
const MAIN = "packages/faces/cli/src/main.ts";

/** What the command line reaches for only when it is there: the application's own copy. */
export const PEERS = ["openai"] as const;

/** Writes `colophon.js` and its chunks; returns the npm packages that are inside, with their versions. */
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
    deps: { neverBundle: PEERS.map((name) => new RegExp(`^${name}(/|$)`)), onlyBundle: false },
    fixedExtension: false,
    hash: false,
    sourcemap: false,
    report: false,
    failOnWarn: true,
    logLevel: "warn",
  });
  const inlined = bundles.flatMap((bundle) => [...bundle.inlinedDeps]);
  return new Map(inlined.map(([name, versions]) => [name, [...versions]]));
}
