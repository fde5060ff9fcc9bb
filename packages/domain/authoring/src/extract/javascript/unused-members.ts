/** Finds properties, fields and exports that nothing needs any more, now that their words stand in a declaration. */
import type { Node } from "@babel/types";
import type MagicString from "magic-string";
import { type ClassNode, type ClassPlace, isClass, memberName, parentOf } from "./class-members.ts";
import { commonExports } from "./common-exports.ts";
import { importedName, keyOf } from "./imported-name.ts";
import { importsName } from "./imports-name.ts";
import { namePattern } from "./name-pattern.ts";
import { bare, nodesOf, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";
import { removeDeclared } from "./remove-declared.ts";
import type { Candidate } from "./remove-unused.ts";

interface RemovedMember {
  readonly name: string;
  readonly text: string | null;
}

/** Removes one, and gives its comment; null where there is none to be removed. */
export function removeUnusedMember(
  programs: ProgramSet,
  program: Program,
  { candidates, edit }: { readonly candidates: readonly Candidate[]; readonly edit: MagicString },
): RemovedMember | null {
  const members = candidates.filter(({ isMember }) => isMember);
  if (members.length === 0) return null;
  for (const node of nodesOf(program.root)) {
    const known = members.find(({ text }) => MEMBERS.has(node.type) && program.text(node) === text);
    if (known === undefined || !isUnusedMember(programs, program, { node, name: known.name })) continue;
    return { name: known.name, text: removeDeclared(program, node, edit) };
  }
  return null;
}

const MEMBERS = new Set([
  "ObjectProperty",
  "ObjectMethod",
  "ClassProperty",
  "ClassPrivateProperty",
  "ClassMethod",
  "ClassPrivateMethod",
  "AssignmentExpression",
]);

function isUnusedMember(
  programs: ProgramSet,
  program: Program,
  { node, name }: { readonly node: Node; readonly name: string },
): boolean {
  const exported = [...commonExports(program).names].find(([, one]) => one === node)?.[0];
  if (exported !== undefined) {
    return (
      !importsName(programs, { file: program.file, name: exported }) &&
      !saysName(program, { node, name: exported })
    );
  }
  if (node.type.startsWith("Class")) {
    const { accessibility, decorators } = node as {
      readonly accessibility?: string;
      readonly decorators?: readonly Node[] | null;
    };
    const isOwn = name.startsWith("#") || accessibility === "private";
    if ((decorators?.length ?? 0) > 0 || isCountedIn(program, node)) return false;
    return isOwn ? !saysName(program, { node, name }) : isForgotten(programs, program, { node, name });
  }
  if (node.type === "AssignmentExpression")
    return !isCountedIn(program, node) && isForgotten(programs, program, { node, name });
  return isUnusedProperty(programs, program, { node, name });
}

/** Whether it is a field of a class that hands all of itself on, as in `{ ...this }` and `JSON.stringify(this)`. */
function isCountedIn(program: Program, node: Node): boolean {
  const owner = program.outward(node, isClass);
  if (!isClass(owner) || !/^(ClassProperty|AssignmentExpression)$/.test(node.type)) return false;
  for (const one of nodesOf(owner.body)) {
    const parent = one.type === "ThisExpression" ? program.parentOf(one) : undefined;
    if (parent?.type === "SpreadElement") return true;
    if (parent?.type !== "CallExpression") continue;
    if (!/\.(bind|call|apply)$/.test(program.text(parent.callee))) return true;
  }
  return false;
}

/** A member that anybody may name: nobody does, and no interface or class above may ask for it. */
function isForgotten(
  programs: ProgramSet,
  program: Program,
  { node, name }: { readonly node: Node; readonly name: string },
): boolean {
  const owner = program.outward(node, isClass);
  // A template may name what a decorated class has.
  const isDecorated = isClass(owner) && (owner.decorators?.length ?? 0) > 0;
  if (
    !isClass(owner) ||
    isDecorated ||
    (owner.implements?.length ?? 0) > 0 ||
    !hasKnownParents(programs, program, owner)
  )
    return false;
  const pattern = namePattern(name);
  const saying = programs.saying(pattern);
  return (
    !programs.isSaidUnread(pattern) &&
    saying.every((other) => !saysName(other, { node, name }) && !declaresName(other, { node, name }))
  );
}

function hasKnownParents(programs: ProgramSet, program: Program, owner: ClassNode): boolean {
  let at: ClassPlace | undefined = { program, node: owner, isStatic: false };
  while (at?.node.superClass) at = parentOf(programs, at);
  return at !== undefined;
}

function declaresName(
  program: Program,
  { node, name }: { readonly node: Node; readonly name: string },
): boolean {
  for (const one of nodesOf(program.root)) {
    if (
      one === node ||
      !/^(TSPropertySignature|TSMethodSignature|Class(Private)?(Property|Method)|ClassAccessorProperty|TSParameterProperty)$/.test(
        one.type,
      )
    )
      continue;
    const { key, computed = false } = one as { readonly key?: Node; readonly computed?: boolean };
    if (key === undefined || memberName(key, computed) === name) return true;
  }
  return false;
}

/** A property of a constant object of which everybody names the members that they want. */
function isUnusedProperty(
  programs: ProgramSet,
  program: Program,
  { node, name }: { readonly node: Node; readonly name: string },
): boolean {
  const object = program.parentOf(node);
  const declarator = object && program.outward(object, ({ type }) => !/^TSAsExpression$/.test(type));
  if (
    declarator?.type !== "VariableDeclarator" ||
    declarator.id.type !== "Identifier" ||
    declarator.id.typeAnnotation
  )
    return false;
  if (!declarator.init || bare(declarator.init) !== object) return false;
  const binding = program.top.get(declarator.id.name);
  if (binding?.declaration !== declarator) return false;
  const pattern = namePattern(binding.name);
  const readers = programs.saying(pattern);
  if (programs.isSaidUnread(pattern)) return false;
  return readers.every((other) =>
    [...other.top.values()].every((one) => {
      const isIts =
        one === binding ||
        (importedName(other, one) !== undefined &&
          programs.follow({ program: other, binding: one }).binding === binding);
      // All of a module may be asked for any name of it.
      const isWhole =
        importedName(other, one)?.name === "*" &&
        other !== program &&
        programs.imported(other, importedName(other, one)?.specifier ?? "") === program;
      return !isWhole && (!isIts || one.references.every((reference) => readsOther(other, reference, name)));
    }),
  );
}

function readsOther(program: Program, reference: Node, name: string): boolean {
  const parent = program.parentOf(reference);
  if (parent?.type === "ExportSpecifier") return true;
  return (
    parent?.type === "MemberExpression" &&
    parent.object === reference &&
    !parent.computed &&
    keyOf(parent.property) !== name
  );
}

/** Whether anything else in a file reads a member of this name, whoever has it. */
function saysName(program: Program, { node, name }: { readonly node: Node; readonly name: string }): boolean {
  for (const one of nodesOf(program.root)) {
    const parent = program.parentOf(one);
    if (parent === node) continue;
    if (one.type === "MemberExpression" || one.type === "OptionalMemberExpression") {
      if (memberName(one.property, one.computed) === name) return true;
    }
    if (one.type === "ObjectProperty" && parent?.type === "ObjectPattern" && keyOf(one.key) === name)
      return true;
    // `pick(desk, "system")`
    const isHanded = parent?.type === "CallExpression" || parent?.type === "ArrayExpression";
    if (one.type === "StringLiteral" && one.value === name && isHanded) return true;
  }
  return false;
}
