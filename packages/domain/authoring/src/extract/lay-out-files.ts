/** Decides where declarations and the open instance stand, and how the files that are written look. */
import type { AcceptedCall } from "./accepted-call.ts";
import { type CodeStyle, styleOf, widthOf } from "./code-style.ts";
import { isCommonJs } from "./javascript/common-exports.ts";
import { type Instance, instanceOf } from "./javascript/find-instance.ts";
import { importedName } from "./javascript/imported-name.ts";
import type { Program } from "./javascript/program.ts";
import type { ProgramSet } from "./javascript/program-set.ts";

/** What imports of own files end in by the settings around a file: `.ts`, `.js`, or nothing; null where nothing says so. */
export type EndingOf = (file: string) => string | null;

export interface LayoutSettings {
  readonly endingOf: EndingOf;
  /** Whether modules are evaluated again after an edit. */
  readonly isReevaluated: boolean;
}

export interface Layout {
  /** The module of the declarations. */
  readonly prompts: string;
  /** Whether it is there already. */
  readonly hasPrompts: boolean;
  readonly instance: Instance;
  readonly isNewInstance: boolean;
  /** Whether a new instance is the one that is open already. */
  readonly isReused: boolean;
  /** Whether new files are CommonJS. */
  readonly isCommon: boolean;
  /** What imports end in where a file has none of its own to go by. */
  readonly ending: (program: Program) => string;
  readonly style: CodeStyle;
}

export function layOutFiles(
  programs: ProgramSet,
  accepted: readonly AcceptedCall[],
  { endingOf, isReevaluated }: LayoutSettings,
): Layout {
  const files = accepted.map(({ draft }) => draft.call.program);
  const [first] = files as [Program];
  const folder = sharedFolder(files.map(({ file }) => file));
  const ending = newEnding(files);
  const path = (name: string): string => (folder === "" ? `${name}${ending}` : `${folder}/${name}${ending}`);
  const prompts =
    ["prompts", "colophon-prompts"]
      .map(path)
      .find((file) => programs.of(file) === undefined || declaresPrompts(programs, file)) ??
    path("extracted-prompts");
  const found = instanceOf(programs);
  const instanceFile = ["colophon", "open-colophon"]
    .map(path)
    .find((file) => programs.of(file) === undefined);
  const present = programs.of(prompts);
  return {
    prompts,
    hasPrompts: present !== undefined,
    instance: found ?? { file: instanceFile ?? path("colophon-instance"), name: "colophon" },
    isNewInstance: found === null,
    isReused: isReevaluated,
    isCommon: present === undefined ? !/ts$/.test(ending) && files.some(isCommonJs) : isCommonJs(present),
    ending: createEndings(programs, endingOf),
    style: styleOf(first.source, widthOf(programs.files.map(({ source }) => source))),
  };
}

/** Of what is written anew. */
function newEnding(files: readonly Program[]): string {
  if (files.some(({ language }) => language === "typescript")) return ".ts";
  if (files.some(({ file }) => file.endsWith(".cjs"))) return ".cjs";
  return files.every(({ file }) => file.endsWith(".mjs")) ? ".mjs" : ".js";
}

/** As most of the application's imports end, else as its settings ask for. */
function createEndings(programs: ProgramSet, endingOf: EndingOf): Layout["ending"] {
  const styles = programs.files.map(({ source }) => styleOf(source));
  const usual = (isCommon: boolean): string | undefined =>
    mostOf(styles.flatMap((style) => (style.isCommon === isCommon ? (style.ending ?? []) : [])));
  const [ofModules, ofCommon] = [usual(false), usual(true)];
  return (program) => {
    if (isCommonJs(program)) return ofCommon ?? "";
    const isTyped = program.language === "typescript";
    return (
      ofModules ?? endingOf(program.file) ?? (isTyped || !program.file.endsWith(".mjs") ? ".js" : ".mjs")
    );
  };
}

function mostOf(list: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function sharedFolder(files: readonly string[]): string {
  const folders = files.map((file) => file.split("/").slice(0, -1));
  const [first = []] = folders;
  let shared = first.length;
  for (const folder of folders) {
    let same = 0;
    while (same < shared && folder[same] === first[same]) same += 1;
    shared = same;
  }
  return first.slice(0, shared).join("/");
}

/** Whether declarations can be added to a module: its names for what they are written with are the usual ones. */
function declaresPrompts(programs: ProgramSet, file: string): boolean {
  const program = programs.of(file);
  const from = (name: string): string | undefined => {
    const binding = program?.top.get(name);
    if (program === undefined || binding === undefined) return undefined;
    const statement = program.parentOf(binding.declaration);
    const isType = statement?.type === "ImportDeclaration" && statement.importKind === "type";
    return isType ? "" : (importedName(program, binding)?.specifier ?? "");
  };
  return /^colophon(\/|$)/.test(from("definePrompt") ?? "") && /^zod(\/|$)/.test(from("z") ?? "zod");
}
