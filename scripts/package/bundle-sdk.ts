/** Bundles the SDK's entries, code and types, with everything internal inlined. */
import { join } from "node:path";
import { build, type InlineConfig } from "tsdown";
import { factsAlone } from "./facts-alone.ts";

/** What is there wherever it runs, by the name that it gets in the published package. */
const ANYWHERE = {
  openai: "packages/faces/sdk/src/openai.ts",
  anthropic: "packages/faces/sdk/src/anthropic.ts",
  ai: "packages/faces/sdk/src/ai.ts",
  recorder: "packages/faces/sdk/src/recorder.ts",
  fallback: "packages/faces/sdk/src/fallback.ts",
  shadow: "packages/faces/sdk/src/shadow.ts",
  serverless: "packages/faces/sdk/src/serverless.ts",
  telemetry: "packages/faces/sdk/src/telemetry.ts",
} as const;

const NODE_ENTRIES = {
  ...ANYWHERE,
  node: "packages/faces/sdk/src/node.ts",
  embedded: "packages/faces/sdk/src/embedded.ts",
  testing: "packages/faces/sdk/src/testing.ts",
} as const;

const EDGE_ENTRIES = { ...ANYWHERE, edge: "packages/faces/sdk/src/edge.ts" } as const;

/** Node 20 must still load the main entry, to be told in a sentence that it is too old. */
const TARGET = "es2022";
const TSCONFIG = "tsconfig.package.json";

/**
 * Chunks of their own, which nobody imports by name: imports of Node's modules beside what declares would
 * stay in applications that never open a store.
 */
const NODE_CHUNKS = {
  "shared/define-prompt": "packages/faces/sdk/src/define/define-prompt.ts",
  "shared/open-remote": "packages/faces/sdk/src/remote/open-remote.ts",
} as const;

/**
 * Writes the entries and the chunks they share: for Node into the folder itself, for other platforms,
 * without the words of errors, into `edge` below it. The types are the same for both.
 */
export async function bundleSdk(root: string, outDir: string): Promise<void> {
  const shared = sharedConfig(root);
  await build({ ...shared, entry: { ...NODE_ENTRIES, ...NODE_CHUNKS }, outDir, dts: false });
  await build({
    ...shared,
    entry: EDGE_ENTRIES,
    outDir: join(outDir, "edge"),
    dts: false,
    plugins: [factsAlone()],
  });
  await build({
    ...shared,
    entry: { ...NODE_ENTRIES, ...EDGE_ENTRIES },
    outDir,
    dts: { tsconfig: join(root, TSCONFIG), emitDtsOnly: true },
  });
}

function sharedConfig(root: string): InlineConfig {
  return {
    config: false,
    cwd: root,
    clean: false,
    format: "esm",
    platform: "neutral",
    target: TARGET,
    tsconfig: TSCONFIG,
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
  };
}
