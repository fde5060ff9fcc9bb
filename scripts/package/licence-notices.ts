/** The licences of the packages that are inlined in the command line, which most of them ask to be handed on. */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.|$|-)/i;

interface Manifest {
  readonly version: string;
  readonly license?: string;
}

/** One document with a section per package; takes the versions of each. */
export function licenceNotices(root: string, packages: ReadonlyMap<string, readonly string[]>): string {
  const opening = "The command line in this folder contains code of the following packages.";
  const sections = [...packages]
    .flatMap(([name, versions]) => versions.map((version) => ({ name, version })))
    .sort((a, b) => a.name.localeCompare(b.name, "en"))
    .map(({ name, version }) => noticeOf(folderOf(root, name, version), `${name} ${version}`));
  return `# Third-party licences\n\n${[opening, ...sections].join("\n\n")}\n`;
}

/** Where npm put that version: at the top, or below a package, also one of ours, that wants another one than the rest. */
function folderOf(root: string, name: string, version: string): string {
  const top = join(root, "node_modules", name, "package.json");
  if (existsSync(top) && manifestOf(top).version === version) return dirname(top);
  const found = globSync(`{node_modules,packages}/**/node_modules/${name}/package.json`, { cwd: root })
    .map((file) => join(root, file))
    .find((file) => manifestOf(file).version === version);
  if (found === undefined) throw new Error(`${name} ${version} is in the bundle, but not in node_modules.`);
  return dirname(found);
}

function manifestOf(file: string): Manifest {
  return JSON.parse(readFileSync(file, "utf8")) as Manifest;
}

function noticeOf(folder: string, title: string): string {
  const { license } = manifestOf(join(folder, "package.json"));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .map((file) => `\`\`\`\n${readFileSync(join(folder, file), "utf8").trim()}\n\`\`\``);
  return [`## ${title} (${license ?? "see below"})`, ...texts].join("\n\n");
}
