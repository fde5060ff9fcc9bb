/** Recognises the call of a function that only puts a text together, and which argument stands for which name of it. */
import type { Node } from "@babel/types";
import { keyOf } from "./imported-name.ts";
import { followPath } from "./member-paths.ts";
import { type Binding, bare, isFunction, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";
import type { ValueFacts } from "./value-facts.ts";

export interface TextBuilder {
  /** Where the function stands. */
  readonly program: Program;
  readonly made: Node;
  readonly returned: Node;
  /** The arguments by the names that the function gives them. */
  readonly given: ReadonlyMap<Binding, Node>;
  /** All that was named on the way to the function. */
  readonly passed: readonly Binding[];
  /** Whether its `this` is the caller's. */
  readonly isOfThis: boolean;
}

export interface BuilderParts {
  readonly programs: ProgramSet;
  readonly facts: ValueFacts;
}

/** Undefined for a function that does more, or that nobody knows. */
export function textBuilder(
  { programs, facts }: BuilderParts,
  program: Program,
  call: Node & { readonly type: "CallExpression" },
): TextBuilder | undefined {
  const found = followPath(programs, program, call.callee);
  if (found === undefined || found.definition.binding.isChanged) return undefined;
  const { binding, program: home } = found.definition;
  const value = binding.kind === "function" ? undefined : programs.valueOf(found.definition);
  const made = binding.kind === "function" ? binding.declaration : value && bare(value);
  // A function of an object has another `this` than its caller.
  if (made === undefined || !isFunction(made) || (found.isOfThis && value !== undefined && !isArrow(made)))
    return undefined;
  const returned = returnedAtLast(made, (init) => facts.isSettled(home, init));
  const given = returned && givenNames(home, made, call.arguments);
  if (returned === undefined || given === undefined) return undefined;
  return { program: home, made, returned, given, passed: found.passed, isOfThis: found.isOfThis };
}

function isArrow(node: Node): boolean {
  return node.type === "ArrowFunctionExpression";
}

/** What a function returns that only names values before it. */
function returnedAtLast(made: Node, isSettled: (init: Node) => boolean): Node | undefined {
  const { body, async, generator } = made as {
    readonly body: Node;
    readonly async?: boolean;
    readonly generator?: boolean;
  };
  if (async === true || generator === true) return undefined;
  if (body.type !== "BlockStatement") return body;
  const last = body.body.at(-1);
  const isNamed = body.body
    .slice(0, -1)
    .every(
      (statement) =>
        statement.type === "VariableDeclaration" &&
        statement.kind === "const" &&
        statement.declarations.every(({ init }) => init && isSettled(init)),
    );
  return isNamed && last?.type === "ReturnStatement" ? (last.argument ?? undefined) : undefined;
}

/** Undefined where a name stands for something that is not written at the call. */
function givenNames(
  home: Program,
  made: Node,
  written: readonly Node[],
): ReadonlyMap<Binding, Node> | undefined {
  const { params } = made as { readonly params: readonly Node[] };
  if (params.length !== written.length) return undefined;
  const given = new Map<Binding, Node>();
  for (const [index, parameter] of params.entries()) {
    const argument = written[index];
    if (argument === undefined || !isPlainArgument(argument)) return undefined;
    const isGiven = giveNames(parameter, argument, (name, node) => {
      const binding = home.lookUp(name, made);
      if (binding !== undefined) given.set(binding, node);
    });
    if (!isGiven) return undefined;
  }
  return given;
}

function giveNames(parameter: Node, argument: Node, give: (name: string, node: Node) => void): boolean {
  if (parameter.type === "Identifier") {
    give(parameter.name, argument);
    return true;
  }
  // `({ subject, body })` of `{ subject: …, body: … }`
  const written = bare(argument);
  if (parameter.type !== "ObjectPattern" || written.type !== "ObjectExpression") return false;
  return parameter.properties.every((property) => {
    if (property.type !== "ObjectProperty" || property.computed || property.value.type !== "Identifier")
      return false;
    const key = keyOf(property.key);
    const value = key === undefined ? undefined : writtenProperty(written, key);
    if (value === undefined) return false;
    give(property.value.name, value);
    return true;
  });
}

/** The value of a property that an object is written with, and that nothing else in it can be. */
export function writtenProperty(
  object: Node & { readonly type: "ObjectExpression" },
  key: string,
): Node | undefined {
  const isPlain = object.properties.every((one) => one.type === "ObjectProperty" && !one.computed);
  const [only, ...more] = object.properties.filter(
    (one) => one.type === "ObjectProperty" && keyOf(one.key) === key,
  );
  return isPlain && more.length === 0 && only?.type === "ObjectProperty" ? only.value : undefined;
}

export function isPlainArgument(node: Node): boolean {
  return node.type !== "SpreadElement" && node.type !== "ArgumentPlaceholder";
}
