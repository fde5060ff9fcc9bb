/** Finds the members of classes that are the same for every instance, and for as long as it lives. */
import type { ClassDeclaration, ClassExpression, Node } from "@babel/types";
import { keyOf } from "./imported-name.ts";
import { namePattern } from "./name-pattern.ts";
import { bare, isFunction, nodesOf, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";

export type ClassNode = ClassDeclaration | ClassExpression;

/** A class, and whether its static members are meant. */
export interface ClassPlace {
  readonly program: Program;
  readonly node: ClassNode;
  readonly isStatic: boolean;
}

/** A member, and the class that has it. */
export interface ClassMember {
  readonly program: Program;
  /** A field, a method, a getter, or the one assignment of the constructor. */
  readonly node: Node;
}

const MAX_PARENTS = 10;

export function isClass(node: Node | undefined): node is ClassNode {
  return node?.type === "ClassDeclaration" || node?.type === "ClassExpression";
}

/** The class whose instance, or which itself, `this` is at a place; undefined where that is not certain. */
export function classOfThis(program: Program, node: Node): ClassPlace | undefined {
  const home = homeOfThis(program, node);
  const body = home && program.parentOf(home);
  const owner = body && program.parentOf(body);
  if (home === undefined || !isClass(owner)) return undefined;
  const isStatic = home.type === "StaticBlock" || (home as { readonly static?: boolean }).static === true;
  return { program, node: owner, isStatic };
}

/** The function, or the field of a class, that says what `this` is; undefined on the outside. */
export function homeOfThis(program: Program, node: Node): Node | undefined {
  return program.outward(
    node,
    (outer) =>
      (isFunction(outer) && outer.type !== "ArrowFunctionExpression") ||
      outer.type === "ClassProperty" ||
      outer.type === "ClassPrivateProperty" ||
      outer.type === "StaticBlock",
  );
}

/** The name of a member as `this.name` and `this.#name` say it. */
export function memberName(property: Node, isComputed: boolean): string | undefined {
  if (property.type === "PrivateName") return `#${property.id.name}`;
  return isComputed && property.type !== "StringLiteral" ? undefined : keyOf(property);
}

/** By class, since every file that says the name of a member is looked through for it. */
const known = new WeakMap<ClassNode, Map<string, ClassMember | undefined>>();

/** Undefined where no class has it, where it changes, and where a class below may have another. */
export function memberOfClass(
  programs: ProgramSet,
  place: ClassPlace,
  name: string,
): ClassMember | undefined {
  const members = known.get(place.node) ?? new Map<string, ClassMember | undefined>();
  known.set(place.node, members);
  const key = `${place.isStatic ? "static " : ""}${name}`;
  if (!members.has(key)) members.set(key, findMember(programs, place, name));
  return members.get(key);
}

function findMember(programs: ProgramSet, place: ClassPlace, name: string): ClassMember | undefined {
  let at: ClassPlace | undefined = place;
  for (let step = 0; at !== undefined && step < MAX_PARENTS; step += 1) {
    const own = ownMember(at, name);
    if (own === null) return undefined;
    if (own !== undefined) {
      const member = { program: at.program, node: own };
      return isFixed(programs, { ...at, name, member: own, below: place }) ? member : undefined;
    }
    at = parentOf(programs, at);
  }
  return undefined;
}

/** The class above; undefined where there is none, or it is a package's. */
export function parentOf(
  programs: ProgramSet,
  { program, node, isStatic }: ClassPlace,
): ClassPlace | undefined {
  const parent = node.superClass && bare(node.superClass);
  const definition = parent?.type === "Identifier" ? programs.defined(program, parent) : undefined;
  if (definition === undefined) return undefined;
  const value = programs.valueOf(definition);
  const declared = value === undefined ? definition.binding.declaration : bare(value);
  return isClass(declared) ? { program: definition.program, node: declared, isStatic } : undefined;
}

/** Undefined for a member that the class does not have; null for one whose value is not known. */
function ownMember({ node, isStatic }: ClassPlace, name: string): Node | null | undefined {
  let isDeclared = false;
  for (const member of node.body.body) {
    const { key, computed = false } = member as { readonly key?: Node; readonly computed?: boolean };
    if (key === undefined || memberName(key, computed) !== name) continue;
    if (((member as { readonly static?: boolean }).static === true) !== isStatic) continue;
    const { decorators, abstract } = member as {
      readonly decorators?: readonly Node[] | null;
      readonly abstract?: boolean;
    };
    if ((decorators?.length ?? 0) > 0 || abstract === true) return null;
    if (member.type === "ClassMethod" || member.type === "ClassPrivateMethod") {
      return member.kind === "method" || member.kind === "get" ? member : null;
    }
    if (member.type !== "ClassProperty" && member.type !== "ClassPrivateProperty") return null;
    if (member.value) return member;
    isDeclared = true;
  }
  const assigned = isStatic ? undefined : assignedOnce(node, name);
  return assigned ?? (isDeclared || assigned === null ? null : undefined);
}

/** What says a member's type: its field, its getter, or the parameter of the constructor that it comes from. */
export function declaredMember({ body }: ClassNode, name: string): Node | undefined {
  for (const member of body.body) {
    const { key, computed = false } = member as { readonly key?: Node; readonly computed?: boolean };
    if (member.type === "ClassMethod" && member.kind === "constructor") {
      for (const one of member.params) {
        const parameter = one.type === "TSParameterProperty" ? one.parameter : undefined;
        const named = parameter?.type === "AssignmentPattern" ? parameter.left : parameter;
        if (named?.type === "Identifier" && named.name === name) return named;
      }
    } else if (key !== undefined && memberName(key, computed) === name && member.type !== "ClassMethod")
      return member;
  }
  return undefined;
}

/** `this.name = value` where the constructor does it in any case; null for one that is done elsewhere too. */
function assignedOnce(owner: ClassNode, name: string): Node | null | undefined {
  const maker = owner.body.body.find(
    (member) => member.type === "ClassMethod" && member.kind === "constructor",
  );
  if (maker?.type !== "ClassMethod") return undefined;
  // A parameter of the constructor may be the member itself.
  const isParameter = maker.params.some(
    (one) =>
      one.type === "TSParameterProperty" &&
      keyOf(one.parameter.type === "AssignmentPattern" ? one.parameter.left : one.parameter) === name,
  );
  if (isParameter) return null;
  const found = maker.body.body.flatMap((statement) => {
    const set = statement.type === "ExpressionStatement" ? bare(statement.expression) : undefined;
    if (set?.type !== "AssignmentExpression" || set.operator !== "=" || set.left.type !== "MemberExpression")
      return [];
    const { object, property, computed } = set.left;
    return object.type === "ThisExpression" && memberName(property, computed) === name ? [set] : [];
  });
  return found.length > 1 ? null : found[0];
}

interface FixedMember extends ClassPlace {
  readonly name: string;
  readonly member: Node;
  /** The class that is asked for the member. */
  readonly below: ClassPlace;
}

function isFixed(programs: ProgramSet, fixed: FixedMember): boolean {
  const { program, node, name, member } = fixed;
  const { accessibility, readonly } = member as {
    readonly accessibility?: string;
    readonly readonly?: boolean;
  };
  const isOwn = name.startsWith("#") || accessibility === "private";
  // What only the class can name is looked for there, what others may change in every file that says it.
  const where = isOwn ? [program] : programs.saying(namePattern(name));
  if (!name.startsWith("#") && isChangedByAnyName(node)) return false;
  return where.every((one) => {
    for (const inner of nodesOf(one.root)) {
      if (inner.type === "MemberExpression" && memberName(inner.property, inner.computed) === name) {
        const isSet = isTarget(one, inner) && one.parentOf(inner) !== member;
        if (isSet && mayBeIts(programs, one, { fixed, target: inner, isReadOnly: readonly === true }))
          return false;
      } else if (!name.startsWith("#") && isSetByName(one, inner, name)) {
        return false;
      } else if (!isOwn && isClass(inner) && inner !== node && hasMember(inner, fixed)) {
        if (extendsClass(programs, { program: one, node: inner, isStatic: fixed.isStatic }, node))
          return false;
      }
    }
    return true;
  });
}

function hasMember(owner: ClassNode, { name, below, isStatic }: FixedMember): boolean {
  // Whoever asks has it from above, or it would be its own.
  if (owner === below.node) return false;
  return owner.body.body.some((member) => {
    const {
      key,
      computed = false,
      static: ofClass = false,
    } = member as {
      readonly key?: Node;
      readonly computed?: boolean;
      readonly static?: boolean;
    };
    return key !== undefined && memberName(key, computed) === name && ofClass === isStatic;
  });
}

/** Whether what is assigned to may be the member: another class's `this` is not, and what is read-only is set by its own class alone. */
function mayBeIts(
  programs: ProgramSet,
  program: Program,
  {
    fixed,
    target,
    isReadOnly,
  }: { readonly fixed: FixedMember; readonly target: Node; readonly isReadOnly: boolean },
): boolean {
  const { object } = target as { readonly object?: Node };
  if (object?.type !== "ThisExpression") return !isReadOnly;
  const place = classOfThis(program, object);
  if (place === undefined) return !isReadOnly;
  return place.node === fixed.node || extendsClass(programs, place, fixed.node);
}

/** Whether a class stands below another, as far as names tell; one that nobody can follow may. */
function extendsClass(programs: ProgramSet, place: ClassPlace, above: ClassNode): boolean {
  let at: ClassPlace | undefined = place;
  for (let step = 0; at !== undefined && step < MAX_PARENTS; step += 1) {
    if (at.node === above) return true;
    if (!at.node.superClass) return false;
    const next = parentOf(programs, at);
    if (next === undefined) {
      const parent = bare(at.node.superClass);
      const from = parent.type === "Identifier" ? programs.packageOf(at.program, parent) : undefined;
      return from === undefined || /^[.@~#]\/|^\.\.?\//.test(from);
    }
    at = next;
  }
  return false;
}

/** `Object.assign(this, …)` and `this[key] = …` may change any member. */
function isChangedByAnyName(owner: ClassNode): boolean {
  for (const node of nodesOf(owner.body)) {
    if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression") {
      const { object, property, computed } = node.left;
      if (computed && object.type === "ThisExpression" && property.type !== "StringLiteral") return true;
    }
    if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") continue;
    const { object, property } = node.callee;
    const isAssign =
      object.type === "Identifier" &&
      object.name === "Object" &&
      /^(assign|defineProperty|defineProperties)$/.test(keyOf(property) ?? "");
    if (isAssign && node.arguments[0]?.type === "ThisExpression") return true;
  }
  return false;
}

/** `Object.assign(desk, { system })`, `Object.defineProperty(desk, "system", …)`, and what a test puts in the place of it. */
function isSetByName(program: Program, node: Node, name: string): boolean {
  const isProperty = node.type === "ObjectProperty" || node.type === "ObjectMethod";
  if (isProperty ? memberName(node.key, node.computed) !== name : node.type !== "StringLiteral") return false;
  const given = isProperty ? program.parentOf(node) : node;
  const call = given && program.parentOf(given);
  if (call?.type !== "CallExpression" || call.arguments[0] === given) return false;
  const callee = program.text(call.callee);
  if (isProperty) return /^Object\.(assign|defineProperties)$/.test(callee);
  return (
    node.type === "StringLiteral" &&
    node.value === name &&
    /\b(defineProperty|Reflect\.set|spyOn|replaceProperty|stub|replace)$/.test(callee)
  );
}

/** Whether an expression is assigned to, in any of the ways of doing so. */
export function isTarget(program: Program, node: Node): boolean {
  const parent = program.parentOf(node);
  switch (parent?.type) {
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForOfStatement":
    case "ForInStatement":
      return parent.left === node;
    case "UpdateExpression":
    case "ArrayPattern":
    case "RestElement":
      return true;
    case "UnaryExpression":
      return parent.operator === "delete";
    case "ObjectProperty":
      return parent.value === node && program.parentOf(parent)?.type === "ObjectPattern";
    default:
      return false;
  }
}
