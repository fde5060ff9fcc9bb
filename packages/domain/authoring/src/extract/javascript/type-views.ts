/** What the annotations of a program say of an expression's type, as far as that can be read without a compiler. */
import type { Identifier, Node } from "@babel/types";
import { classOfThis, declaredMember, memberName } from "./class-members.ts";
import { keyOf } from "./imported-name.ts";
import { followPath } from "./member-paths.ts";
import { bare, isFunction, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";

/** A type as it is written somewhere. */
export interface TypeView {
  readonly program: Program;
  /** A TypeScript type, or an interface. */
  readonly node: Node;
  /** Whether it may be left out where it is a property or a parameter. */
  readonly isOptional: boolean;
}

const MAX_DEPTH = 30;

/** Reads types out of annotations; undefined is: not known. */
export class TypeViews {
  readonly #programs: ProgramSet;

  constructor(programs: ProgramSet) {
    this.#programs = programs;
  }

  of(program: Program, expression: Node, depth = 0): TypeView | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const node = expression.type === "TSAsExpression" ? expression : bareBut(expression);
    switch (node.type) {
      case "TSAsExpression":
        // `as const` says nothing of its own.
        return isConstAssertion(node.typeAnnotation)
          ? this.of(program, node.expression, depth + 1)
          : viewOf(program, node.typeAnnotation);
      case "Identifier":
        return this.#ofName(program, node, depth);
      case "MemberExpression": {
        const own = node.object.type === "ThisExpression" ? this.#ofMember(program, node) : undefined;
        if (own !== undefined) return own;
        const name = node.computed ? undefined : keyOf(node.property);
        const object = name === undefined ? undefined : this.of(program, node.object, depth + 1);
        return object && name !== undefined ? this.property(object, name, depth + 1) : undefined;
      }
      case "AwaitExpression": {
        const promised = this.of(program, node.argument, depth + 1);
        return promised && argumentOf(promised, ["Promise", "PromiseLike"]);
      }
      case "CallExpression":
        return this.#ofCall(program, node, depth);
      default:
        return undefined;
    }
  }

  /** Whether an annotation says that it is a list. */
  isList(program: Program, expression: Node): boolean {
    const view = this.of(program, expression);
    const said = view && this.resolved(view);
    if (said === undefined) return false;
    const { node } = said;
    const bareType = node.type === "TSTypeOperator" ? node.typeAnnotation : node;
    if (bareType.type === "TSArrayType" || bareType.type === "TSTupleType") return true;
    return itemOf({ ...said, node: bareType }) !== undefined && !isNamed(bareType, "Set");
  }

  /** What a class says of a member that it has itself. */
  #ofMember(program: Program, node: Node & { readonly type: "MemberExpression" }): TypeView | undefined {
    const name = memberName(node.property, node.computed);
    const place = classOfThis(program, node);
    const declared = name === undefined ? undefined : place && declaredMember(place.node, name);
    return declared && this.#annotated(program, declared);
  }

  #annotated(program: Program, declared: Node): TypeView | undefined {
    const { typeAnnotation: annotation, optional } = declared as {
      readonly typeAnnotation?: Node | null;
      readonly optional?: boolean | null;
    };
    if (annotation?.type !== "TSTypeAnnotation") return undefined;
    return { program, node: annotation.typeAnnotation, isOptional: optional === true };
  }

  #ofCall(
    program: Program,
    node: Node & { readonly type: "CallExpression" },
    depth: number,
  ): TypeView | undefined {
    const callee = bare(node.callee);
    const [given] = typeArguments(node);
    if (
      callee.type === "MemberExpression" &&
      !callee.computed &&
      keyOf(callee.property) === "json" &&
      given
    ) {
      // `request.json<Ticket>()` of Hono and others.
      return viewOf(program, { ...PROMISE, typeParameters: { params: [given] } } as unknown as Node);
    }
    const definition = followPath(this.#programs, program, callee)?.definition;
    if (definition === undefined) return undefined;
    const value = this.#programs.valueOf(definition);
    const made = value === undefined ? definition.binding.declaration : bare(value);
    const { returnType } = made as { readonly returnType?: { readonly typeAnnotation: Node } };
    if (!isFunction(made) || !returnType || depth > MAX_DEPTH) return undefined;
    return viewOf(definition.program, returnType.typeAnnotation);
  }

  #ofName(program: Program, identifier: Identifier, depth: number): TypeView | undefined {
    const definition = this.#programs.defined(program, identifier);
    if (definition === undefined) return undefined;
    const { binding, program: home } = definition;
    const { declaration, name } = binding;
    if (declaration.type !== "VariableDeclarator") return this.#ofPattern(home, declaration, name);
    const annotated = this.#ofPattern(home, declaration.id, name);
    if (annotated !== undefined || binding.kind !== "constant") return annotated;
    if (!declaration.init) return this.#ofLoop(home, declaration, depth);
    const whole = this.of(home, declaration.init, depth + 1);
    return whole && this.#within(whole, pathTo(declaration.id, name));
  }

  /** A name of `for (const item of items)`. */
  #ofLoop(program: Program, declaration: Node & { readonly id: Node }, depth: number): TypeView | undefined {
    const loop = program.parentOf(program.parentOf(declaration) ?? declaration);
    if (loop?.type !== "ForOfStatement" || declaration.id.type !== "Identifier") return undefined;
    const list = this.of(program, loop.right, depth + 1);
    return list && itemOf(this.resolved(list));
  }

  #ofPattern(program: Program, declared: Node, name: string): TypeView | undefined {
    const isOptional = declared.type === "Identifier" && declared.optional === true;
    const pattern = declared.type === "AssignmentPattern" ? declared.left : declared;
    const { typeAnnotation: annotation } = (
      pattern.type === "TSParameterProperty" ? pattern.parameter : pattern
    ) as { readonly typeAnnotation?: Node | null };
    if (annotation?.type !== "TSTypeAnnotation") return undefined;
    const whole = { program, node: annotation.typeAnnotation, isOptional };
    return pattern.type === "Identifier" ? whole : this.#within(whole, pathTo(pattern, name));
  }

  #within(whole: TypeView, path: readonly string[] | undefined): TypeView | undefined {
    let view: TypeView | undefined = whole;
    for (const step of path ?? []) view = view && this.property(view, step);
    return path === undefined ? undefined : view;
  }

  /** The type of a property. */
  property(view: TypeView, name: string, depth = 0): TypeView | undefined {
    const { program, node } = this.resolved(view);
    // What may be missing itself is read through `?.`, which adds undefined.
    if (depth > MAX_DEPTH || view.isOptional) return undefined;
    if (node.type === "TSIntersectionType") {
      const found = node.types.map((one) => this.property(viewOf(program, one), name, depth + 1));
      return found.find((one) => one !== undefined);
    }
    const members: readonly Node[] =
      node.type === "TSTypeLiteral"
        ? node.members
        : node.type === "TSInterfaceDeclaration"
          ? node.body.body
          : [];
    for (const member of members) {
      if (member.type !== "TSPropertySignature" || keyOf(member.key) !== name) continue;
      if (!member.typeAnnotation) return undefined;
      return { program, node: member.typeAnnotation.typeAnnotation, isOptional: member.optional === true };
    }
    if (node.type !== "TSInterfaceDeclaration") return undefined;
    for (const parent of node.extends ?? []) {
      const { expression } = parent as unknown as { readonly expression: Node };
      const inherited = this.#named(program, expression);
      const found = inherited && this.property(inherited, name, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The type that an alias, and what only forbids changes, stands for. */
  resolved(view: TypeView, depth = 0): TypeView {
    const { program, node, isOptional } = view;
    if (depth > MAX_DEPTH) return view;
    if (
      node.type === "TSParenthesizedType" ||
      (node.type === "TSTypeOperator" && node.operator === "readonly")
    ) {
      return this.resolved({ program, node: node.typeAnnotation, isOptional }, depth + 1);
    }
    const inner = argumentOf(view, ["Readonly", "Required"]);
    if (inner !== undefined) return this.resolved({ ...inner, isOptional }, depth + 1);
    if (node.type !== "TSTypeReference" || typeArguments(node).length > 0) return view;
    const named = this.#named(program, node.typeName);
    return named === undefined ? view : this.resolved({ ...named, isOptional }, depth + 1);
  }

  #named(program: Program, name: Node): TypeView | undefined {
    if (name.type !== "Identifier") return undefined;
    const declared = program.types.get(name.name);
    if (declared !== undefined) return declaredView(program, declared);
    const binding = program.top.get(name.name);
    if (binding?.kind !== "import" || binding.declaration.type !== "ImportSpecifier") return undefined;
    const { source } = program.parentOf(binding.declaration) as {
      readonly source?: { readonly value: string };
    };
    const other = source && this.#programs.imported(program, source.value);
    const { imported } = binding.declaration;
    const there = other?.types.get(imported.type === "Identifier" ? imported.name : imported.value);
    return other && there && declaredView(other, there);
  }
}

const PROMISE = { type: "TSTypeReference", typeName: { type: "Identifier", name: "Promise" } };

function viewOf(program: Program, node: Node): TypeView {
  return { program, node, isOptional: false };
}

function declaredView(program: Program, declared: Node): TypeView {
  return viewOf(program, declared.type === "TSTypeAliasDeclaration" ? declared.typeAnnotation : declared);
}

/** Sees through what changes no type; a cast does. */
function bareBut(node: Node): Node {
  let inner = node;
  while (inner.type === "ParenthesizedExpression" || inner.type === "TSSatisfiesExpression")
    inner = inner.expression;
  return inner;
}

function isConstAssertion(node: Node): boolean {
  return (
    node.type === "TSTypeReference" && node.typeName.type === "Identifier" && node.typeName.name === "const"
  );
}

export function typeArguments(node: Node): readonly Node[] {
  const { typeParameters, typeArguments: given } = node as {
    readonly typeParameters?: { readonly params: readonly Node[] } | null;
    readonly typeArguments?: { readonly params: readonly Node[] } | null;
  };
  return (given ?? typeParameters)?.params ?? [];
}

/** The only argument of one of these generic types. */
function argumentOf({ program, node }: TypeView, names: readonly string[]): TypeView | undefined {
  if (node.type !== "TSTypeReference" || node.typeName.type !== "Identifier") return undefined;
  const [only, ...more] = typeArguments(node);
  if (!names.includes(node.typeName.name) || only === undefined || more.length > 0) return undefined;
  return viewOf(program, only);
}

function isNamed(node: Node, name: string): boolean {
  return (
    node.type === "TSTypeReference" && node.typeName.type === "Identifier" && node.typeName.name === name
  );
}

function itemOf(view: TypeView): TypeView | undefined {
  const { program, node } = view;
  if (node.type === "TSArrayType") return viewOf(program, node.elementType);
  return argumentOf(view, ["Array", "ReadonlyArray", "Set"]);
}

/** The properties that lead to a name of a pattern; undefined through defaults and lists. */
function pathTo(pattern: Node, name: string): readonly string[] | undefined {
  if (pattern.type === "Identifier") return pattern.name === name ? [] : undefined;
  if (pattern.type !== "ObjectPattern") return undefined;
  for (const property of pattern.properties) {
    if (property.type !== "ObjectProperty" || property.computed) continue;
    const key = keyOf(property.key);
    const rest = key === undefined ? undefined : pathTo(property.value, name);
    if (key !== undefined && rest !== undefined) return [key, ...rest];
  }
  return undefined;
}
