/** The package.json of the published package. */
import { PEERS } from "./bundle-cli.ts";

/** What the package takes over from the SDK's own package.json. */
export interface SdkManifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

const EDGE = { types: "./edge.d.ts", default: "./edge.js" };
/** A type check knows no platform unless it is told one; most programs that it checks run under Node. */
const UNKNOWN_PLATFORM = { types: "./node.d.ts", default: "./edge.js" };

/** The manifest as it is published. */
export function packageManifest({ name, version, license }: SdkManifest): Readonly<Record<string, unknown>> {
  return {
    name,
    version,
    description: "Versioned, typed, releasable prompts with a ledger of every call, inside your application.",
    keywords: ["prompt", "prompts", "llm", "versioning", "rollback", "ledger", "openai"],
    license,
    type: "module",
    engines: { node: ">=22.13" },
    // Loading colophon/embedded refuses an old Node; nothing else does anything before it is called.
    sideEffects: ["./embedded.js", "./cli/*.js"],
    exports: {
      ".": {
        "edge-light": EDGE,
        workerd: EDGE,
        worker: EDGE,
        browser: EDGE,
        node: { types: "./node.d.ts", default: "./node.js" },
        default: UNKNOWN_PLATFORM,
      },
      "./embedded": { types: "./embedded.d.ts", default: "./embedded.js" },
      "./testing": { types: "./testing.d.ts", default: "./testing.js" },
      "./openai": { types: "./openai.d.ts", default: "./openai.js" },
      "./anthropic": { types: "./anthropic.d.ts", default: "./anthropic.js" },
      "./ai": { types: "./ai.d.ts", default: "./ai.js" },
      "./recorder": { types: "./recorder.d.ts", default: "./recorder.js" },
      "./fallback": { types: "./fallback.d.ts", default: "./fallback.js" },
      "./serverless": { types: "./serverless.d.ts", default: "./serverless.js" },
      "./telemetry": { types: "./telemetry.d.ts", default: "./telemetry.js" },
      "./package.json": "./package.json",
    },
    bin: { colophon: "cli/colophon.js" },
    files: ["*.js", "*.d.ts", "shared", "cli"],
    peerDependencies: PEERS,
    peerDependenciesMeta: Object.fromEntries(Object.keys(PEERS).map((peer) => [peer, { optional: true }])),
  };
}
