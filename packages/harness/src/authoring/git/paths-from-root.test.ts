/** Tests of paths as code hosts know them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pathsFromRoot } from "./paths-from-root.ts";

it("Files are told from the repository's root on, wherever the run stands", async () => {
  const root = mkdtempSync(join(tmpdir(), "colophon-paths-"));
  const folder = join(root, "prompts", "support");
  mkdirSync(folder, { recursive: true });
  try {
    expect((await pathsFromRoot(folder))("triage.prompt")).toBe("triage.prompt");
    execFileSync("git", ["init"], { cwd: root, stdio: "ignore" });
    const fromRoot = await pathsFromRoot(folder);
    const files = ["triage.prompt", "../tone.prompt", join(root, "all.prompt")];
    expect(files.map(fromRoot)).toEqual([
      "prompts/support/triage.prompt",
      "prompts/tone.prompt",
      "all.prompt",
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
