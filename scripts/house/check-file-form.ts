/** Checks the form of each source file: name, size, opening sentence, barrels and notes left behind. */
import { posix } from "node:path";
import type { Finding } from "./finding.ts";
import { lineAt, type SourceFile, walk } from "./source-file.ts";
import { entryFiles, packageOf, resolveImport, type SourceTree } from "./source-tree.ts";

const MAX_CODE_LINES = 400;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const FORBIDDEN = new Set(["utils", "util", "helpers", "helper", "common", "manager", "misc", "types"]);
const MARKER = /\b(TODO|FIXME|XXX|HACK)\b(?!\s*\(?#\d+)/;
/** The dot of an abbreviation ends no sentence. */
const ABBREVIATION = /\b(e\.g|i\.e|etc|vs|cf)\./g;

export function checkFileForm(tree: SourceTree): readonly Finding[] {
  return [...tree.sources.values()].flatMap((source) => [
    ...checkSyntax(source),
    ...checkName(source),
    ...checkSize(source),
    ...checkOpening(source),
    ...checkMarkers(source),
    ...checkBarrel(tree, source),
  ]);
}

function checkSyntax({ path, syntaxError }: SourceFile): Finding[] {
  return syntaxError ? [{ rule: "syntax", path, message: `The file cannot be parsed: ${syntaxError}.` }] : [];
}

function checkName({ path }: SourceFile): Finding[] {
  const parts = path
    .split("/")
    .flatMap((part, at, all) => (at === all.length - 1 ? part.split(".").slice(0, -1) : [part]));
  const findings: Finding[] = [];
  const odd = parts.find((part) => !KEBAB.test(part));
  if (odd !== undefined)
    findings.push({ rule: "kebab-case", path, message: `"${odd}" is not kebab-case; rename it.` });
  const vague = parts.find((part) => FORBIDDEN.has(part));
  if (vague) {
    const message = `"${vague}" says nothing of what is inside; name the file after its main export.`;
    findings.push({ rule: "vague-name", path, message });
  }
  return findings;
}

function checkSize(source: SourceFile): Finding[] {
  const lines = countCodeLines(source);
  if (lines <= MAX_CODE_LINES || source.isTest || isGenerated(source) || isPureData(source)) return [];
  const message = `${lines} code lines, more than ${MAX_CODE_LINES}; split the file by what it does.`;
  return [{ rule: "file-size", path: source.path, message }];
}

/** Lines that hold something besides comments and blanks. */
function countCodeLines({ text, comments }: SourceFile): number {
  let code = text;
  for (const { start, end } of comments) {
    code = code.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
  }
  return code.split("\n").filter((line) => line.trim() !== "").length;
}

function isGenerated({ path }: SourceFile): boolean {
  return /(^|\/)generated\/|\.generated\./.test(path);
}

/** Nothing that runs: a table may be as long as what it lists. */
function isPureData({ body }: SourceFile): boolean {
  const runs = /Function|Class|Call|NewExpression/;
  return body.every((statement) => ![...walk(statement)].some(({ type }) => runs.test(type)));
}

function checkOpening({ path, text, comments }: SourceFile): Finding[] {
  const start = text.startsWith("#!") ? text.indexOf("\n") + 1 : 0;
  const problem = openingProblem(openingText(text, comments, start));
  return problem ? [{ rule: "opening-sentence", path, line: 1, message: problem }] : [];
}

function openingProblem(opening: string | undefined): string | undefined {
  if (!opening) return "The file must open with a comment of one sentence saying what it is for.";
  if (!opening.endsWith(".")) return "The opening sentence must end with a full stop.";
  if (/[.!?] +\S/.test(opening.replace(ABBREVIATION, ""))) {
    return "The file must open with one sentence alone; move the others to the code they explain.";
  }
  return undefined;
}

/** The first comment, or the run of `//` lines that starts the file, as one line. */
function openingText(text: string, comments: SourceFile["comments"], start: number): string | undefined {
  const parts: string[] = [];
  let at = start;
  for (const comment of comments) {
    if (comment.end <= start) continue;
    if (text.slice(at, comment.start).trim() !== "" || /\n\s*\n/.test(text.slice(at, comment.start))) break;
    if (at === start && comment.start !== start) break;
    if (parts.length > 0 && !text.startsWith("//", comment.start)) break;
    parts.push(comment.text);
    at = comment.end;
    if (!text.startsWith("//", comment.start)) break;
  }
  const words = parts
    .join(" ")
    .replace(/^\*/, "")
    .replace(/\n\s*\*/g, " ");
  return words.replace(/\s+/g, " ").trim() || undefined;
}

function checkMarkers({ path, text, comments }: SourceFile): Finding[] {
  return comments
    .filter((comment) => MARKER.test(comment.text))
    .map(({ start, text: words }) => {
      const message = `${MARKER.exec(words)?.[1]} without an issue number; do it now or write ${MARKER.exec(words)?.[1]}(#123).`;
      return { rule: "marker", path, line: lineAt(text, start), message };
    });
}

function checkBarrel(tree: SourceTree, source: SourceFile): Finding[] {
  const owner = packageOf(tree, source.path);
  if (!owner) return [];
  const { path } = source;
  const findings: Finding[] = [];
  if (!entryFiles(owner).includes(path)) {
    const isBarrel =
      source.body.length > 0 &&
      source.body.every((statement) => isReExport(statement.type, statement.source));
    if (isBarrel || posix.basename(path) === "index.ts") {
      const message =
        "Only the entry files that package.json exports may gather others; import each file by its own name.";
      findings.push({ rule: "barrel", path, message });
    }
  }
  // A test may ask through the package's public face.
  for (const { specifier, line } of source.isTest ? [] : source.imports) {
    const files = specifier.startsWith(".") ? (resolveImport(tree, path, specifier)?.files ?? []) : [];
    if (!files.some((file) => posix.basename(file) === "index.ts")) continue;
    const message = `"${specifier}" is the package's own index; import the file that holds what is needed.`;
    findings.push({ rule: "own-index", path, line, message });
  }
  return findings;
}

function isReExport(type: string, source: unknown): boolean {
  return (type === "ExportAllDeclaration" || type === "ExportNamedDeclaration") && Boolean(source);
}
