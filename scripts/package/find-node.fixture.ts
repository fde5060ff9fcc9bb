/** Finds a Node of another major version on this machine. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface FoundNode {
  readonly path: string;
  readonly version: string;
}

/** The first one on the PATH; undefined where there is none. */
export function findNode(major: number): FoundNode | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, "node");
    if (folder === "" || !existsSync(path)) continue;
    const { stdout } = spawnSync(path, ["-p", "process.versions.node"], { encoding: "utf8" });
    const version = stdout?.trim() ?? "";
    if (version.split(".")[0] === String(major)) return { path, version };
  }
  return undefined;
}
