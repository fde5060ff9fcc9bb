/** Removes what nothing uses any more, now that its words stand in a declaration. */
import type { Node } from "@babel/types";
import MagicString from "magic-string";
import { commonExports, valueOfExported } from "./common-exports.ts";
import { propertyOfPattern } from "./imported-name.ts";
import { importsName } from "./imports-name.ts";
import type { Binding, Program } from "./program.ts";
import { isExported, type ProgramSet } from "./program-set.ts";
import { removeDeclared, removeListed } from "./remove-declared.ts";
import { removeUnusedMember } from "./unused-members.ts";

/** A constant, function or member whose words went into a prompt, or an import that only they needed. */
export interface Candidate {
  readonly name: string;
  /** Its declaration as it was written. */
  readonly text: string;
  /** Whether it is no name of a scope, but a property, a field or an export. */
  readonly isMember: boolean;
}

export interface RemovedUnused {
  readonly source: string;
  /** Comments that stood before what was removed, by the name. */
  readonly comments: ReadonlyMap<string, string>;
}

const ROUNDS = 100;

/** One by one, since what stands in one list or pattern shares its commas. */
export function removeUnused(
  programs: ProgramSet,
  program: Program,
  candidates: readonly Candidate[],
): RemovedUnused {
  const comments = new Map<string, string>();
  let current = program;
  for (let round = 0; round < ROUNDS; round += 1) {
    const edit = new MagicString(current.source);
    const binding = current.bindings.find((one) => isUnused(programs, current, { binding: one, candidates }));
    const comment =
      binding === undefined
        ? removeUnusedMember(programs, current, { candidates, edit })
        : { name: binding.name, text: removeBinding(current, binding, edit) };
    if (comment === null) break;
    if (comment.text !== null) comments.set(comment.name, comment.text);
    programs.replace(current, edit.toString());
    current = programs.of(program.file) as Program;
  }
  return { source: current.source, comments };
}

/** The declaration of a name alone: of a pattern the one property. */
export function declaredText(program: Program, { declaration, name }: Binding): string {
  const pattern = declaration.type === "VariableDeclarator" ? declaration.id : undefined;
  return program.text((pattern && propertyOfPattern(pattern, name)) ?? declaration);
}

function isUnused(
  programs: ProgramSet,
  program: Program,
  { binding, candidates }: { readonly binding: Binding; readonly candidates: readonly Candidate[] },
): boolean {
  const { name, references, isChanged, kind, scope } = binding;
  if (isChanged || kind === "parameter" || scope.type === "TSModuleBlock" || doesSomething(binding))
    return false;
  const text = declaredText(program, binding);
  if (!candidates.some((one) => !one.isMember && one.name === name && one.text === text)) return false;
  const entries = exportEntries(program, binding);
  if (references.length > entries.length) return false;
  const exported = [...entries.map((entry) => entry.name), ...(isExported(program, binding) ? [name] : [])];
  return exported.every((one) => !importsName(programs, { file: program.file, name: one }));
}

/** A class that is decorated, or has a static block, is there for more than its name. */
function doesSomething({ declaration }: Binding): boolean {
  if (declaration.type !== "ClassDeclaration") return false;
  return (
    (declaration.decorators?.length ?? 0) > 0 ||
    declaration.body.body.some(({ type }) => type === "StaticBlock")
  );
}

/** Where CommonJS exports a name that nothing else in its file needs. */
function exportEntries(
  program: Program,
  { references }: Binding,
): readonly { readonly name: string; readonly node: Node }[] {
  return [...commonExports(program).names].flatMap(([name, node]) => {
    const value = valueOfExported(node);
    const isIts = references.some(
      (reference) => reference.start === value?.start && reference.end === value?.end,
    );
    return isIts ? [{ name, node }] : [];
  });
}

/** The comment that stood right before it, where the statement goes as a whole. */
function removeBinding(program: Program, binding: Binding, edit: MagicString): string | null {
  const { declaration, name } = binding;
  for (const { node } of exportEntries(program, binding)) removeDeclared(program, node, edit);
  const pattern = declaration.type === "VariableDeclarator" ? declaration.id : undefined;
  const property = pattern && propertyOfPattern(pattern, name);
  if (property !== undefined && pattern?.type === "ObjectPattern" && pattern.properties.length > 1) {
    return removeListed(program, { list: pattern.properties, one: property }, edit);
  }
  return removeDeclared(program, declaration, edit);
}
