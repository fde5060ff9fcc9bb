/** Says in sentences what a scan did not read or did not understand. */
import type { ScanProblem } from "@colophon/authoring/scan";
import type { LeftOut, LeftOutReason } from "./left-out.ts";
import type { OddEncoding } from "./read-source.ts";

interface Told {
  readonly leftOut: readonly LeftOut[];
  readonly ignored: number;
  readonly declared: number;
  readonly problems: readonly ScanProblem[];
  readonly encodings: readonly { readonly file: string; readonly encoding: OddEncoding }[];
}

const WHY: Readonly<Record<LeftOutReason, string>> = {
  unreadable: "Not readable",
  binary: "Not text",
  large: "Larger than 1 MiB, read when named",
  minified: "Minified, read when named",
  generated: "Made by a machine, read when named",
  test: "Tests and fixtures, read with --tests",
  ignored: "Left out by .gitignore or .git/info/exclude",
  hidden: "Hidden, read with --hidden",
  dependencies: "Dependencies and what builds make",
  link: "Links, which are not followed",
};

export function scanRemarks({ leftOut, ignored, declared, problems, encodings }: Told): readonly string[] {
  const left = leftOut.map(({ reason, files, folders, examples }) => {
    const counts = [counted(files, "file"), counted(folders, "folder")].filter((one) => one !== null);
    const more = files + folders > examples.length ? ", …" : "";
    return `${WHY[reason]}: ${counts.join(" and ")} (${examples.join(", ")}${more}).`;
  });
  const silenced =
    ignored === 0 ? [] : [`Comments with \`colophon: ignore\` leave ${ignored} prompt(s) out.`];
  const held = declared === 0 ? [] : [`\`definePrompt\` holds ${declared} prompt(s) already.`];
  const odd = encodings.map(({ file, encoding }) => `${file} is no UTF-8; it was read as ${encoding}.`);
  const lost = problems.map(({ file, line, message }) => `${file}:${line} was not understood: ${message}.`);
  return [...left, ...silenced, ...held, ...odd, ...lost];
}

function counted(count: number, word: string): string | null {
  if (count === 0) return null;
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}
