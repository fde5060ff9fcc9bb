/** promptfoo as its command line, installed into a folder of its own: it is no dependency of this project. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { runMeasured, type Usage } from "./run-measured.ts";
import { runProcess } from "./run-process.ts";

export const PROMPTFOO_VERSION = "0.123.1";

/** The file that is run. @throws Error where it cannot be installed. */
export async function installPromptfoo(folder: string, say: (message: string) => void): Promise<string> {
  const home = join(folder, "node_modules/promptfoo");
  if (installedVersion(home) !== PROMPTFOO_VERSION) {
    say(`installing promptfoo ${PROMPTFOO_VERSION} (some 2 GB) into ${folder}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}\n');
    const flags = ["--no-audit", "--no-fund", "--loglevel=error"];
    const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`;
    const args = ["install", ...flags, `promptfoo@${PROMPTFOO_VERSION}`];
    try {
      await runProcess({ command: "npm", args, cwd: folder, env: { PATH: path } });
    } catch (cause) {
      const why = (cause as Error).message;
      throw new Error(
        `promptfoo ${PROMPTFOO_VERSION} cannot be installed; --skip-promptfoo measures Colophon alone. ${why}`,
        { cause },
      );
    }
  }
  const { bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  return join(home, bin.promptfoo ?? "");
}

function installedVersion(home: string): string | null {
  const file = join(home, "package.json");
  if (!existsSync(file)) return null;
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}

export interface PromptfooRun {
  readonly file: string;
  readonly config: string;
  readonly folder: string;
  readonly concurrency: number;
}

/** One whole `promptfoo eval`, into a database that is empty, with nothing sent or looked up outside. */
export function runPromptfoo({ file, config, folder, concurrency }: PromptfooRun): Promise<Usage> {
  const home = join(folder, "home");
  rmSync(home, { recursive: true, force: true });
  return runMeasured({
    args: [
      file,
      "eval",
      "-c",
      config,
      "--no-cache",
      "--no-table",
      "--no-progress-bar",
      "-j",
      `${concurrency}`,
    ],
    cwd: folder,
    env: {
      PROMPTFOO_CONFIG_DIR: home,
      PROMPTFOO_CACHE_ENABLED: "false",
      PROMPTFOO_DISABLE_TELEMETRY: "1",
      PROMPTFOO_DISABLE_UPDATE: "1",
      PROMPTFOO_DISABLE_REMOTE_GENERATION: "1",
      PROMPTFOO_DISABLE_DEBUG_LOG: "1",
      PROMPTFOO_DISABLE_ERROR_LOG: "1",
    },
  });
}
