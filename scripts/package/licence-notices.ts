/** The licences of the packages that are inlined in the command line, which most of them ask to be handed on. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.|$|-)/i;

interface Manifest {
  readonly version: string;
  readonly license?: string;
}

/** One document with a section per package. */
export function licenceNotices(root: string, packages: readonly string[]): string {
  const sections = [...packages].sort().map((name) => noticeOf(join(root, "node_modules", name), name));
  const opening = "The command line in this folder contains code of the following packages.";
  return `# Third-party licences\n\n${[opening, ...sections].join("\n\n")}\n`;
}

function noticeOf(folder: string, name: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .map((file) => `\`\`\`\n${readFileSync(join(folder, file), "utf8").trim()}\n\`\`\``);
  return [`## ${name} ${manifest.version} (${manifest.license ?? "see below"})`, ...texts].join("\n\n");
}
