/** Bundles one import of the assembled package as an application's bundler does: tree-shaken and minified. */
import { join } from "node:path";
import { Rolldown } from "tsdown";

export interface BundledImport {
  readonly code: string;
  /** Modules that the bundle still imports. */
  readonly imports: readonly string[];
}

export interface ImportOptions {
  /** Source of the module to bundle, with imports as an application writes them. */
  readonly source: string;
  /** The folder to resolve from. */
  readonly from: string;
  /** Conditions of the platform, such as `edge-light`. */
  readonly conditions?: readonly string[];
  /** Assigns the module's exports to a global of this name, for places without modules. */
  readonly asGlobal?: string;
  readonly minify?: boolean;
}

const APPLICATION = "application.js";

/** The bundle, in memory. */
export async function bundleImport(options: ImportOptions): Promise<BundledImport> {
  const { source, from, conditions = [], asGlobal, minify = true } = options;
  const input = join(from, APPLICATION);
  const bundle = await Rolldown.rolldown({
    cwd: from,
    input,
    platform: "neutral",
    external: [/^node:/],
    resolve: { conditionNames: [...conditions, "import", "default"] },
    plugins: [
      {
        name: "application",
        resolveId: (id) => (id === input ? input : null),
        load: (id) => (id === input ? source : null),
      },
    ],
    onLog: (level, log) => {
      if (level === "warn") throw new Error(log.message);
    },
  });
  const format =
    asGlobal === undefined ? { format: "esm" as const } : { format: "iife" as const, name: asGlobal };
  const { output } = await bundle.generate({ ...format, codeSplitting: false, minify, comments: false });
  await bundle.close();
  return { code: output[0].code, imports: output[0].imports };
}
