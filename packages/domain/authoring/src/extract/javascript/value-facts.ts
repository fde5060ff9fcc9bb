/** What is known of a value before the program runs: which primitives it may be, and whether reading it does anything. */
import type { Node } from "@babel/types";
import { keyOf } from "./imported-name.ts";
import { followPath } from "./member-paths.ts";
import { bare, childrenOf, isFunction, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";
import { type TypeView, TypeViews, typeArguments } from "./type-views.ts";

export type Fact = "string" | "number" | "boolean" | "undefined" | "null" | "other";
export type Facts = ReadonlySet<Fact>;

const OTHER: Facts = new Set<Fact>(["other"]);
const STRING: Facts = new Set<Fact>(["string"]);
const NUMBER: Facts = new Set<Fact>(["number"]);
const BOOLEAN: Facts = new Set<Fact>(["boolean"]);
const MAX_DEPTH = 40;

/** Methods whose answer is a text, whoever has them. */
const TEXT_METHODS = new Set(
  (
    "toString toFixed toPrecision toLocaleString toISOString toLocaleDateString toLocaleTimeString toDateString " +
    "trim trimStart trimEnd toUpperCase toLowerCase join padStart padEnd repeat replace replaceAll substring substr " +
    "charAt normalize toWellFormed"
  ).split(" "),
);
/** Methods that answer with a text where they are asked of one. */
const TEXT_OF_TEXT = new Set(["slice", "concat", "at"]);
/** Functions and methods that change nothing and answer the same for the same. */
const PURE_METHODS = new Set([
  ...TEXT_METHODS,
  ..."slice concat at map filter flatMap flat includes indexOf startsWith endsWith split keys values entries find some every reduce toSorted toReversed charCodeAt codePointAt match".split(
    " ",
  ),
]);
const PURE_OBJECTS = new Set(["JSON", "Math", "Object", "Array", "Number", "String"]);
const IMPURE_OF_THEM = new Set(["random", "assign", "defineProperty", "freeze", "seal", "setPrototypeOf"]);
const PURE_FUNCTIONS = new Set([
  "String",
  "Number",
  "Boolean",
  "encodeURIComponent",
  "parseInt",
  "parseFloat",
]);
/** `Number` and `parseInt` may give no number, which a contract does not take. */
const FUNCTION_FACTS: Readonly<Record<string, Facts>> = {
  String: STRING,
  encodeURIComponent: STRING,
  Boolean: BOOLEAN,
};
/** Functions of `Math` that give a number for numbers. */
const SURE_MATH = new Set("abs ceil floor round trunc sign random".split(" "));
/** Methods whose answer is a list, whoever has them. */
const LISTING = new Set("map filter flatMap flat toSorted toReversed split".split(" "));
const LISTING_OBJECT = new Set(["keys", "values", "entries"]);
const COMPARISONS = new Set(["==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "instanceof"]);

export class ValueFacts {
  readonly #programs: ProgramSet;
  readonly #views: TypeViews;

  constructor(programs: ProgramSet) {
    this.#programs = programs;
    this.#views = new TypeViews(programs);
  }

  of(program: Program, expression: Node, depth = 0): Facts {
    if (depth > MAX_DEPTH) return OTHER;
    const node = expression.type === "TSAsExpression" ? expression : bareOf(expression);
    switch (node.type) {
      case "StringLiteral":
      case "TemplateLiteral":
        return STRING;
      case "NumericLiteral":
        return NUMBER;
      case "BooleanLiteral":
        return BOOLEAN;
      case "NullLiteral":
        return new Set<Fact>(["null"]);
      case "BinaryExpression":
        return this.#ofBinary(program, node, depth);
      case "UnaryExpression":
        if (node.operator === "!" || node.operator === "delete") return BOOLEAN;
        return node.operator === "typeof" ? STRING : node.operator === "-" ? NUMBER : OTHER;
      case "ConditionalExpression":
        return union(
          this.of(program, node.consequent, depth + 1),
          this.of(program, node.alternate, depth + 1),
        );
      case "LogicalExpression":
        return this.#ofLogical(program, node, depth);
      case "TSNonNullExpression":
        return without(this.of(program, node.expression, depth + 1), ["null", "undefined"]);
      case "OptionalMemberExpression":
      case "OptionalCallExpression":
        return OTHER;
      default:
        return this.#ofRest(program, node, depth);
    }
  }

  #ofBinary(program: Program, node: Node & { readonly type: "BinaryExpression" }, depth: number): Facts {
    if (COMPARISONS.has(node.operator)) return BOOLEAN;
    const left = this.of(program, node.left, depth + 1);
    const right = this.of(program, node.right, depth + 1);
    if (node.operator === "+" && (isOnly(left, "string") || isOnly(right, "string"))) return STRING;
    // Big integers are other; what is divided may be no number, which a contract does not take.
    if (/^[/%]$/.test(node.operator) && !isDivisor(node.right)) return OTHER;
    return isOnly(left, "number") && isOnly(right, "number") ? NUMBER : OTHER;
  }

  #ofLogical(program: Program, node: Node & { readonly type: "LogicalExpression" }, depth: number): Facts {
    const left = this.of(program, node.left, depth + 1);
    const right = this.of(program, node.right, depth + 1);
    return node.operator === "&&" ? union(left, right) : union(without(left, ["null", "undefined"]), right);
  }

  #ofRest(program: Program, node: Node, depth: number): Facts {
    const method = node.type === "CallExpression" ? methodOf(node.callee) : undefined;
    if (node.type === "CallExpression" && method !== undefined) {
      if (TEXT_METHODS.has(method.name)) return STRING;
      if (TEXT_OF_TEXT.has(method.name) && isOnly(this.of(program, method.object, depth + 1), "string")) {
        return method.name === "at" ? union(STRING, new Set<Fact>(["undefined"])) : STRING;
      }
      if (
        method.object.type === "Identifier" &&
        this.#programs.defined(program, method.object) === undefined
      ) {
        if (method.object.name === "JSON" && method.name === "stringify") return STRING;
        if (method.object.name === "Math") {
          const isSure = node.arguments.every((one) => isOnly(this.of(program, one, depth + 1), "number"));
          return isSure && SURE_MATH.has(method.name) ? NUMBER : OTHER;
        }
      }
    }
    if (node.type === "CallExpression" && node.callee.type === "Identifier") {
      const isGlobal = program.bindingOf(node.callee) === undefined;
      const facts = isGlobal ? FUNCTION_FACTS[node.callee.name] : undefined;
      if (facts !== undefined) return facts;
    }
    if (node.type === "MemberExpression" && !node.computed && keyOf(node.property) === "length") {
      const view = this.#views.of(program, node);
      if (view !== undefined) return this.#ofView(view);
      return this.#isCounted(program, bare(node.object), depth) ? NUMBER : OTHER;
    }
    const view = this.#views.of(program, node);
    if (view !== undefined) return this.#ofView(view);
    return this.#ofConstant(program, node, depth);
  }

  /** Whether it is a text or a list; the length of anything else may be a text, as a product's is. */
  #isCounted(program: Program, node: Node, depth: number): boolean {
    if (node.type === "ArrayExpression" || isOnly(this.of(program, node, depth + 1), "string")) return true;
    if (this.#views.isList(program, node)) return true;
    if (node.type === "CallExpression") {
      const method = methodOf(node.callee);
      const isStatic = method?.object.type === "Identifier" && method.object.name === "Object";
      return method !== undefined && (isStatic ? LISTING_OBJECT : LISTING).has(method.name);
    }
    const definition = node.type === "Identifier" ? this.#programs.defined(program, node) : undefined;
    const value = definition?.binding.kind === "constant" ? this.#programs.valueOf(definition) : undefined;
    return (
      definition !== undefined &&
      value !== undefined &&
      depth < MAX_DEPTH &&
      this.#isCounted(definition.program, bare(value), depth + 1)
    );
  }

  /** A constant without an annotation is what it was given. */
  #ofConstant(program: Program, node: Node, depth: number): Facts {
    if (node.type === "MemberExpression") {
      const found = followPath(this.#programs, program, node);
      const value = found && this.#programs.valueOf(found.definition);
      return found && value ? this.of(found.definition.program, value, depth + 1) : OTHER;
    }
    if (node.type !== "Identifier") return OTHER;
    const definition = this.#programs.defined(program, node);
    const declaration = definition?.binding.declaration;
    // In TypeScript a parameter without a type is of that of its default.
    if (declaration?.type === "AssignmentPattern" && declaration.left.type === "Identifier") {
      const isTyped = definition?.program.language === "typescript";
      return isTyped ? this.of(definition.program, declaration.right, depth + 1) : OTHER;
    }
    if (definition?.binding.kind !== "constant") return OTHER;
    const value = this.#programs.valueOf(definition);
    return value === undefined ? OTHER : this.of(definition.program, value, depth + 1);
  }

  #ofView(view: TypeView | undefined, depth = 0): Facts {
    if (view === undefined || depth > MAX_DEPTH) return OTHER;
    const facts = this.#ofType(this.#views.resolved(view), depth);
    return view.isOptional ? union(facts, new Set<Fact>(["undefined"])) : facts;
  }

  #ofType({ program, node }: TypeView, depth: number): Facts {
    switch (node.type) {
      case "TSStringKeyword":
      case "TSTemplateLiteralType":
        return STRING;
      case "TSNumberKeyword":
        return NUMBER;
      case "TSBooleanKeyword":
        return BOOLEAN;
      case "TSUndefinedKeyword":
        return new Set<Fact>(["undefined"]);
      case "TSNullKeyword":
        return new Set<Fact>(["null"]);
      case "TSLiteralType":
        return this.of(program, node.literal, depth + 1);
      case "TSUnionType":
        return node.types
          .map((one) => this.#ofView({ program, node: one, isOptional: false }, depth + 1))
          .reduce(union);
      case "TSTypeReference": {
        const [only] = typeArguments(node);
        const isNonNullable = node.typeName.type === "Identifier" && node.typeName.name === "NonNullable";
        if (!isNonNullable || only === undefined) return OTHER;
        return without(this.#ofView({ program, node: only, isOptional: false }, depth + 1), [
          "null",
          "undefined",
        ]);
      }
      default:
        return OTHER;
    }
  }

  /** Whether reading the expression once more, or a little later, could make a difference by itself. */
  hasEffects(program: Program, expression: Node): boolean {
    const open: Node[] = [expression];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (EFFECTS.has(node.type)) return true;
      if (
        (node.type === "CallExpression" || node.type === "OptionalCallExpression") &&
        !this.#isPure(program, node)
      ) {
        return true;
      }
      if (!node.type.startsWith("TS") || "expression" in node) open.push(...childrenOf(node));
    }
    return false;
  }

  #isPure(program: Program, call: Node & { readonly callee: Node }): boolean {
    const callee = bare(call.callee);
    if (callee.type === "Identifier") return PURE_FUNCTIONS.has(callee.name) && !program.bindingOf(callee);
    const method = methodOf(callee);
    if (method === undefined) return false;
    const { object, name } = method;
    if (object.type === "Identifier" && PURE_OBJECTS.has(object.name) && !program.bindingOf(object)) {
      return !IMPURE_OF_THEM.has(name);
    }
    return PURE_METHODS.has(name);
  }

  /** Whether everything that the expression reads by name stays what it is: constants, and parameters that nobody changes. */
  isSettled(program: Program, expression: Node): boolean {
    if (this.hasEffects(program, expression)) return false;
    const open: Node[] = [expression];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const binding = node.type === "Identifier" ? program.bindingOf(node) : undefined;
      if (binding?.isChanged === true) return false;
      // What is imported may be a variable of the other file.
      if (binding?.kind === "import" && this.#programs.defined(program, node)?.binding.isChanged)
        return false;
      open.push(...childrenOf(node));
    }
    return true;
  }
}

const EFFECTS = new Set([
  "NewExpression",
  "AwaitExpression",
  "YieldExpression",
  "AssignmentExpression",
  "UpdateExpression",
  "TaggedTemplateExpression",
  "ImportExpression",
]);

function methodOf(callee: Node): { readonly object: Node; readonly name: string } | undefined {
  const node = bare(callee);
  if ((node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") || node.computed)
    return undefined;
  const name = keyOf(node.property);
  return name === undefined ? undefined : { object: bare(node.object), name };
}

function isDivisor(node: Node): boolean {
  return node.type === "NumericLiteral" && node.value !== 0;
}

/** Sees through parentheses; an assertion against null says something. */
function bareOf(node: Node): Node {
  let inner = node;
  while (inner.type === "ParenthesizedExpression" || inner.type === "TSSatisfiesExpression")
    inner = inner.expression;
  return inner;
}

export function isOnly(facts: Facts, fact: Fact): boolean {
  return facts.size === 1 && facts.has(fact);
}

function union(a: Facts, b: Facts): Facts {
  return new Set([...a, ...b]);
}

function without(facts: Facts, some: readonly Fact[]): Facts {
  const left = new Set([...facts].filter((fact) => !some.includes(fact)));
  return left.size === 0 ? OTHER : left;
}

/** Whether the expression holds an `await` or `yield` of the function around it. */
export function suspends(expression: Node): boolean {
  const open: Node[] = [expression];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "AwaitExpression" || node.type === "YieldExpression") return true;
    if (!isFunction(node)) open.push(...childrenOf(node));
  }
  return false;
}
