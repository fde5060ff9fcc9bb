/** Checks that every relative link of the documents leads to a file of the repository and to a heading in it. */
import { posix } from "node:path";
import type { Finding } from "./finding.ts";
import { lineAt } from "./source-file.ts";
import type { SourceTree } from "./source-tree.ts";

const INLINE = /\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)/g;
const REFERENCE = /^\s{0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/gm;

export function checkDocLinks(tree: SourceTree): readonly Finding[] {
  return [...tree.paths].filter((path) => path.endsWith(".md")).flatMap((path) => checkDocument(tree, path));
}

function checkDocument(tree: SourceTree, path: string): Finding[] {
  const text = blankCode(tree.read(path));
  const findings: Finding[] = [];
  for (const match of [...text.matchAll(INLINE), ...text.matchAll(REFERENCE)]) {
    const problem = linkProblem(tree, path, match[1] ?? "");
    if (problem) findings.push({ rule: "doc-link", path, line: lineAt(text, match.index), message: problem });
  }
  return findings;
}

function linkProblem(tree: SourceTree, from: string, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return undefined;
  const [file = "", anchor] = decodeURI(link).split("#");
  const target =
    file === "" ? from : posix.normalize(posix.join(posix.dirname(from), file)).replace(/\/$/, "");
  const isFolder = [...tree.paths].some((path) => path.startsWith(`${target}/`));
  if (!tree.paths.has(target) && !isFolder) return `"${link}" leads nowhere; there is no ${target}.`;
  if (!anchor || !target.endsWith(".md") || isFolder) return undefined;
  return headings(tree.read(target)).has(anchor) ? undefined : `"${link}" leads to no heading of ${target}.`;
}

/** Heading anchors as the common Markdown hosts form them; a repeated heading gets a number. */
function headings(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const match of blankFences(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*\s*$/gm)) {
    const words = (match[1] ?? "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    let unique = anchor;
    for (let repeat = 1; anchors.has(unique); repeat++) unique = `${anchor}-${repeat}`;
    anchors.add(unique);
  }
  return anchors;
}

function blankCode(markdown: string): string {
  return blankFences(markdown).replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, blank);
}

function blankFences(markdown: string): string {
  return markdown.replace(/^ {0,3}(```+|~~~+)[\s\S]*?(?:^ {0,3}\1[^\n]*$|(?![\s\S]))/gm, blank);
}

/** Keeps the line breaks, so that line numbers stay true. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
