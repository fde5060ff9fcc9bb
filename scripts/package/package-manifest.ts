/** The package.json of the published package. */
import { PEERS } from "./bundle-cli.ts";

/** What the package takes over from the SDK's own package.json. */
export interface SdkManifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

interface Target {
  readonly types: string;
  readonly default: string;
}

/** Where an import leads: to what is whole under Node, and to the edge bundle elsewhere. */
function byPlatform(edge: Target, node: Target, unknown: Target): Readonly<Record<string, Target>> {
  return { "edge-light": edge, workerd: edge, worker: edge, browser: edge, node, default: unknown };
}

const EDGE: Target = { types: "./edge.d.ts", default: "./edge/edge.js" };
const NODE: Target = { types: "./node.d.ts", default: "./node.js" };

/** An import with the same types wherever it runs. */
function anywhere(name: string): Readonly<Record<string, Target>> {
  const types = `./${name}.d.ts`;
  const edge = { types, default: `./edge/${name}.js` };
  return byPlatform(edge, { types, default: `./${name}.js` }, edge);
}

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
      // A type check knows no platform unless it is told one; most programs that it checks run under Node.
      ".": byPlatform(EDGE, NODE, { types: NODE.types, default: EDGE.default }),
      "./embedded": { types: "./embedded.d.ts", default: "./embedded.js" },
      "./testing": { types: "./testing.d.ts", default: "./testing.js" },
      "./openai": anywhere("openai"),
      "./anthropic": anywhere("anthropic"),
      "./ai": anywhere("ai"),
      "./recorder": anywhere("recorder"),
      "./fallback": anywhere("fallback"),
      "./shadow": anywhere("shadow"),
      "./serverless": anywhere("serverless"),
      "./telemetry": anywhere("telemetry"),
      "./package.json": "./package.json",
    },
    bin: { colophon: "cli/colophon.js" },
    files: ["*.js", "*.d.ts", "shared", "edge", "cli"],
    peerDependencies: PEERS,
    peerDependenciesMeta: Object.fromEntries(Object.keys(PEERS).map((peer) => [peer, { optional: true }])),
  };
}
