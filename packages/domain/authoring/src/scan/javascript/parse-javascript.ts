/** The syntax tree of a JavaScript or TypeScript source, as much of it as can be had. */
import { type ParseError, type ParserOptions, type ParserPlugin, parse } from "@babel/parser";
import type { File } from "@babel/types";
import type { SourceFile } from "../source/source-module.ts";

export interface JavaScriptProblem {
  readonly at: number;
  readonly message: string;
  readonly isTooDeep: boolean;
}

export interface JavaScriptTree {
  /** Null where nothing could be parsed. */
  readonly tree: File | null;
  readonly problems: readonly JavaScriptProblem[];
}

const PERMISSIVE: ParserOptions = {
  sourceType: "unambiguous",
  errorRecovery: true,
  attachComment: false,
  locations: false,
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
  allowNewTargetOutsideFunction: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowUndeclaredExports: true,
  allowYieldOutsideFunction: true,
};

/** How often statements that cannot be parsed are left out before the file is given up. */
const MAX_GAPS = 8;

/** Errors against rules of the language that do not keep a program from being understood. */
const HARMLESS =
  /Redeclaration|Duplicate|^Strict|Reserved|Private|Super|Decorator|Octal|Await|Yield|Declare|Modifier/;

/** @param hasMarkup whether the file may hold JSX. */
export function parseJavaScript(file: SourceFile, hasMarkup: boolean): JavaScriptTree {
  const problems: JavaScriptProblem[] = [];
  let rest = scriptOf(file);
  for (let gaps = 0; gaps <= MAX_GAPS; gaps += 1) {
    const outcome = firstTree(rest, pluginsFor(file, hasMarkup));
    if (outcome.tree !== null) return { tree: outcome.tree, problems: [...problems, ...outcome.problems] };
    const problem = outcome.problems[0]!;
    problems.push(problem);
    if (problem.isTooDeep) break;
    rest = withoutStatement(rest, problem.at);
  }
  return { tree: null, problems };
}

/** The tree by the first dialect that understands the source; else what the one that came furthest says. */
function firstTree(source: string, dialects: readonly (readonly ParserPlugin[])[]): JavaScriptTree {
  let problem: JavaScriptProblem | null = null;
  for (const plugins of dialects) {
    try {
      const tree = parse(source, { ...PERMISSIVE, plugins: [...plugins] });
      return { tree, problems: (tree.errors ?? []).filter(isHarm).map(problemOf) };
    } catch (error) {
      const failed = problemOf(error);
      if (problem === null || failed.at > problem.at) problem = failed;
      if (failed.isTooDeep) break;
    }
  }
  return { tree: null, problems: problem === null ? [] : [problem] };
}

function pluginsFor(
  { file, language }: SourceFile,
  hasMarkup: boolean,
): readonly (readonly ParserPlugin[])[] {
  const typescript: ParserPlugin = ["typescript", { dts: /\.d\.[cm]?ts$/.test(file) }];
  if (language === "typescript") {
    return [
      [typescript, "decorators-legacy", "decoratorAutoAccessors", ...(hasMarkup ? (["jsx"] as const) : [])],
    ];
  }
  return [
    ["jsx", "decorators-legacy"],
    ["jsx", "flow", "decorators-legacy"],
    [typescript, "jsx", "decorators-legacy"],
  ];
}

/** The source with the outermost statement around a place left blank, so that what stands around it can be parsed. */
function withoutStatement(source: string, at: number): string {
  const starts = /^(?=[^\s})\]/*])/gm;
  let from = 0;
  let to = source.length;
  for (const { index } of source.matchAll(starts)) {
    if (index > at) {
      to = index;
      break;
    }
    from = index;
  }
  return source.slice(0, from) + blank(source.slice(from, to)) + source.slice(to);
}

function isHarm(error: ParseError): boolean {
  return !HARMLESS.test(error.reasonCode);
}

function problemOf(error: unknown): JavaScriptProblem {
  if (error instanceof RangeError) {
    return { at: 0, message: "nested too deep to be parsed: the file is left out", isTooDeep: true };
  }
  const at = error instanceof SyntaxError && "pos" in error && typeof error.pos === "number" ? error.pos : 0;
  const message = error instanceof Error ? error.message : String(error);
  return { at, message: message.replace(/ \(\d+:\d+\)$/, ""), isTooDeep: false };
}

/** The script of a file that holds more than one, such as a component's, with everything else blank. */
function scriptOf({ file, source }: SourceFile): string {
  if (!/\.(?:vue|svelte|astro)$/.test(file)) return source;
  let script = "";
  let end = 0;
  for (const block of source.matchAll(/(<script\b[^>]*>|^---\r?\n)([\s\S]*?)(?=<\/script\s*>|^---)/gim)) {
    const from = block.index + block[1]!.length;
    script += blank(source.slice(end, from)) + block[2]!;
    end = from + block[2]!.length;
  }
  return script + blank(source.slice(end));
}

/** As long as it was, with its lines and nothing in them. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}
