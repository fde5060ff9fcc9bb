/** Bundles the SDK's entries, code and types, with everything internal inlined. */
import { join } from "node:path";
import { build } from "tsdown";

/** Entry files of the published package, by the name that they get there. */
const SDK_ENTRIES = {
  node: "packages/faces/sdk/src/node.ts",
  edge: "packages/faces/sdk/src/edge.ts",
  embedded: "packages/faces/sdk/src/embedded.ts",
  testing: "packages/faces/sdk/src/testing.ts",
  openai: "packages/faces/sdk/src/openai.ts",
  anthropic: "packages/faces/sdk/src/anthropic.ts",
  ai: "packages/faces/sdk/src/ai.ts",
  recorder: "packages/faces/sdk/src/recorder.ts",
  fallback: "packages/faces/sdk/src/fallback.ts",
  serverless: "packages/faces/sdk/src/serverless.ts",
  telemetry: "packages/faces/sdk/src/telemetry.ts",
} as const;

/** Node 20 must still load the main entry, to be told in a sentence that it is too old. */
const TARGET = "es2022";
const TSCONFIG = "tsconfig.package.json";

/**
 * Writes the entries and the chunks they share. One pass for all of them: they must meet in one copy
 * of the list of declared prompts.
 */
export async function bundleSdk(root: string, outDir: string): Promise<void> {
  await build({
    config: false,
    cwd: root,
    entry: SDK_ENTRIES,
    outDir,
    clean: false,
    format: "esm",
    platform: "neutral",
    target: TARGET,
    tsconfig: TSCONFIG,
    dts: { tsconfig: join(root, TSCONFIG) },
    // No package of npm may get in, and none may be left to import.
    deps: { alwaysBundle: [/^@colophon\//], neverBundle: [/^node:/], onlyBundle: [] },
    fixedExtension: false,
    hash: false,
    // In a folder of their own: a chunk named after an entry would take its file name.
    outputOptions: { chunkFileNames: ({ name }) => `shared/[name].${name.endsWith(".d") ? "ts" : "js"}` },
    sourcemap: false,
    report: false,
    failOnWarn: true,
    logLevel: "warn",
    suppressWarnings: [/TypeScript 7\.0 does not yet have a stable API/],
  });
}
