/** Assembles the published package in a folder: bundles, types, command line, manifest, licences. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCli } from "./bundle-cli.ts";
import { bundleSdk } from "./bundle-sdk.ts";
import { licenceNotices } from "./licence-notices.ts";
import { packageManifest, type SdkManifest } from "./package-manifest.ts";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SDK = join(ROOT, "packages/faces/sdk");

/** Builds everything anew; what was in the folder is gone. */
export async function assemblePackage(outDir: string): Promise<void> {
  const cli = join(outDir, "cli");
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(cli, { recursive: true });
  await bundleSdk(ROOT, outDir);
  const inlined = await bundleCli(ROOT, cli);
  chmodSync(join(cli, "colophon.js"), 0o755);
  writeFileSync(join(cli, "THIRD-PARTY-LICENSES.md"), licenceNotices(ROOT, inlined));
  copyFileSync(join(ROOT, "LICENSE"), join(outDir, "LICENSE"));
  copyFileSync(join(SDK, "README.md"), join(outDir, "README.md"));
  const manifest = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as SdkManifest;
  writeFileSync(join(outDir, "package.json"), `${JSON.stringify(packageManifest(manifest), null, 2)}\n`);
}
