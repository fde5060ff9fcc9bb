/** The package packed, and installed in an empty folder outside the project, without any network. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { assemblePackage, ROOT } from "./assemble-package.ts";
import { runWell } from "./run-program.fixture.ts";

export interface InstalledPackage {
  readonly tarball: string;
  /** The empty project that installed it. */
  readonly project: string;
  /** The package as it is installed. */
  readonly folder: string;
  /** Writes a file of the project. */
  write(name: string, text: string): string;
  remove(): void;
}

/** Packages of an application, linked to the copies that are here. */
const BESIDE = ["zod", "openai"];

export async function installPackage(): Promise<InstalledPackage> {
  const place = mkdtempSync(join(tmpdir(), "colophon packed "));
  const built = join(place, "built");
  const project = join(place, "project");
  await assemblePackage(built);
  mkdirSync(project);
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "application", private: true, type: "module" }),
  );
  await runWell("npm", ["pack", "--pack-destination", place, "--ignore-scripts"], { cwd: built });
  const packed = readdirSync(place).find((name) => name.endsWith(".tgz")) ?? "";
  const tarball = join(place, packed);
  const quiet = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await runWell("npm", ["install", ...quiet, tarball], { cwd: project });
  for (const name of BESIDE)
    symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name));
  return {
    tarball,
    project,
    folder: join(project, "node_modules/colophon"),
    write(name, text) {
      const file = join(project, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}
