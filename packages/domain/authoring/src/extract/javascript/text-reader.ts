/** Takes an expression apart into the words that it writes out and the values that it puts between them. */
import type { Expression, Node } from "@babel/types";
import { hasEffectsBetween } from "./effects-between.ts";
import { type Hole, holesOf, joined, type Piece, saysWords, type TakenLines, trimmed } from "./piece.ts";
import { type Binding, bare, isFunction, isWithin, nodesOf, type Program, rootOf } from "./program.ts";
import { type Definition, keyOf, type ProgramSet } from "./program-set.ts";
import { type Fact, type Facts, isOnly, type ValueFacts } from "./value-facts.ts";

/** What the parameters of a function stand for where it is called. */
type Given = ReadonlyMap<Binding, Hole>;

/** Where a text is used. */
export interface TextPlace {
  readonly program: Program;
  /** The call that gets it. */
  readonly call: Node;
}

const NOTHING_GIVEN: Given = new Map();
const MAX_DEPTH = 60;

/** Reads the texts of one call. */
export class TextReader {
  /** Constants whose value went into the text. */
  readonly inlined = new Set<Binding>();
  /** Where the words of constants stood that went into the text. */
  readonly taken: TakenLines[] = [];
  /** Calls that only put the messages together. */
  readonly ignored = new Set<Node>();
  /** Why something could not be taken apart. */
  readonly remarks: string[] = [];
  readonly #programs: ProgramSet;
  readonly #facts: ValueFacts;
  readonly #place: TextPlace;

  constructor(programs: ProgramSet, facts: ValueFacts, place: TextPlace) {
    this.#programs = programs;
    this.#facts = facts;
    this.#place = place;
  }

  /** Neighbouring words joined. */
  read(expression: Node, program: Program = this.#place.program): readonly Piece[] {
    const pieces = joined(this.#read(program, expression, { given: NOTHING_GIVEN, depth: 0 }));
    const isSayable =
      program !== this.#place.program || holesOf(pieces).every((hole) => this.#isVisible(hole));
    return isSayable ? pieces : this.#asHole(program, expression, { given: NOTHING_GIVEN, depth: 0 });
  }

  #read(program: Program, expression: Node, way: Way): readonly Piece[] {
    const node = bare(expression);
    const next = { ...way, depth: way.depth + 1 };
    if (way.depth > MAX_DEPTH) return this.#asHole(program, node, way);
    switch (node.type) {
      case "StringLiteral":
        return [node.value];
      case "NumericLiteral":
        return [String(node.value)];
      case "TemplateLiteral":
        return node.quasis.flatMap((quasi, index): readonly Piece[] => {
          const inserted = node.expressions[index];
          const words = quasi.value.cooked ?? "";
          return inserted === undefined ? [words] : [words, ...this.#read(program, inserted, next)];
        });
      case "BinaryExpression":
        return this.#readSum(program, node, next);
      case "ConditionalExpression":
        return this.#readChoice(program, node, next);
      case "CallExpression":
        return this.#readCall(program, node, next);
      case "Identifier":
      case "MemberExpression":
        return this.#readName(program, node, next);
      default:
        return this.#asHole(program, node, way);
    }
  }

  /** What is added before a text comes in is a sum of numbers; long sums lean to the left, and are read without depth. */
  #readSum(program: Program, node: Node & { readonly type: "BinaryExpression" }, way: Way): readonly Piece[] {
    const sums: (Node & { readonly type: "BinaryExpression" })[] = [];
    let first: Node = node;
    while (first.type === "BinaryExpression" && first.operator === "+") {
      sums.unshift(first);
      first = bare(first.left);
    }
    let before = first;
    const parts: Node[] = [];
    for (const sum of sums) {
      const isText = parts.length > 0 || this.#isText(program, before) || this.#isText(program, sum.right);
      if (!isText) before = sum;
      else if (parts.length === 0) parts.push(before, sum.right);
      else parts.push(sum.right);
    }
    if (parts.length === 0) return this.#asHole(program, node, way);
    return parts.flatMap((part) =>
      sums.includes(part as never) ? this.#asHole(program, part, way) : this.#read(program, part, way),
    );
  }

  #isText(program: Program, node: Node): boolean {
    return isOnly(this.#facts.of(program, bare(node)), "string");
  }

  #readChoice(
    program: Program,
    node: Node & { readonly type: "ConditionalExpression" },
    way: Way,
  ): readonly Piece[] {
    const [whole] = this.#asHole(program, node, way);
    const [test] = this.#asHole(program, node.test, way);
    const then = joined(this.#read(program, node.consequent, way));
    const otherwise = joined(this.#read(program, node.alternate, way));
    const parts = [...then, ...otherwise];
    const isPlain = parts.every((piece) => typeof piece === "string" || piece.kind === "hole");
    const hasWords = parts.some((piece) => typeof piece === "string" && /\p{L}/u.test(piece));
    // The values of a branch are read again under its condition.
    const isRepeatable =
      parts.every((piece) => typeof piece === "string") || this.#facts.isSettled(program, node);
    if (!isPlain || !hasWords || !isRepeatable) return [whole];
    // Its words may be constants that the call does not see.
    return [{ kind: "choice", test, then, otherwise, whole: this.#isVisible(whole) ? whole : null }];
  }

  #readCall(program: Program, node: Node & { readonly type: "CallExpression" }, way: Way): readonly Piece[] {
    const callee = bare(node.callee);
    if (callee.type === "MemberExpression" && !callee.computed) {
      const name = keyOf(callee.property);
      const object = bare(callee.object);
      if (name === "join") return this.#readJoin(program, node, way) ?? this.#asHole(program, node, way);
      if (name === "trim" && node.arguments.length === 0 && this.#isText(program, object)) {
        return trimmed(joined(this.#read(program, object, way))) ?? this.#asHole(program, node, way);
      }
      if (name === "concat" && this.#isText(program, object) && node.arguments.every(isPlainArgument)) {
        return [object, ...node.arguments].flatMap((part) => this.#read(program, part, way));
      }
    }
    if (callee.type === "Identifier") {
      const built = this.#readBuilder(program, node, way);
      if (built !== undefined) return built;
    }
    return this.#asHole(program, node, way);
  }

  /** `["…", "…"].join("\n")` */
  #readJoin(
    program: Program,
    node: Node & { readonly type: "CallExpression" },
    way: Way,
  ): readonly Piece[] | undefined {
    const { object } = node.callee as { readonly object: Node };
    const list = this.#listOf(program, object);
    const [given] = node.arguments;
    const separator =
      given === undefined ? "," : bare(given).type === "StringLiteral" ? bare(given) : undefined;
    if (list === undefined || separator === undefined) return undefined;
    const between =
      typeof separator === "string" ? separator : (separator as { readonly value: string }).value;
    const pieces: Piece[] = [];
    for (const [index, element] of list.elements.entries()) {
      if (element === null || element.type === "SpreadElement") return undefined;
      if (index > 0) pieces.push(between);
      const read = this.#readElement(list.program, element, way);
      if (list.program !== program && !holesOf(read).every((hole) => this.#isVisible(hole))) return undefined;
      pieces.push(...read);
    }
    return pieces;
  }

  /** A list prints null and undefined as nothing. */
  #readElement(program: Program, element: Node, way: Way): readonly Piece[] {
    const facts = this.#facts.of(program, element);
    if (!["other", "null", "undefined"].some((fact) => facts.has(fact as Fact))) {
      return this.#read(program, element, way);
    }
    const [hole] = this.#asHole(program, element, way);
    return [hole.source === "" ? hole : { ...hole, source: `(${hole.source}) ?? ""` }];
  }

  #listOf(
    program: Program,
    expression: Node,
  ): { readonly program: Program; readonly elements: readonly (Node | null)[] } | undefined {
    const node = bare(expression);
    if (node.type === "ArrayExpression") return { program, elements: node.elements };
    if (node.type !== "Identifier") return undefined;
    const definition = this.#programs.defined(program, node);
    const value = definition && this.#programs.valueOf(definition);
    if (definition === undefined || value === undefined || bare(value).type !== "ArrayExpression")
      return undefined;
    // A list that is handed about may have grown since.
    const isReadOnly = definition.binding.references.every((reference) =>
      isJoined(definition.program, reference),
    );
    if (!isReadOnly) return undefined;
    this.inlined.add(definition.binding);
    return this.#listOf(definition.program, value);
  }

  /** A call of a function that only puts a text together. */
  #readBuilder(
    program: Program,
    node: Node & { readonly type: "CallExpression" },
    way: Way,
  ): readonly Piece[] | undefined {
    const definition = this.#programs.defined(program, node.callee);
    if (definition === undefined) return undefined;
    const { binding, program: home } = definition;
    const value = this.#programs.valueOf(definition);
    const made = binding.kind === "function" ? binding.declaration : value && bare(value);
    const returned = made && returnedBy(made);
    if (made === undefined || returned === undefined || binding.isChanged) return undefined;
    const given = new Map<Binding, Hole>();
    const { params } = made as { readonly params: readonly Node[] };
    if (params.length !== node.arguments.length) return undefined;
    for (const [index, parameter] of params.entries()) {
      const argument = node.arguments[index];
      const bound = parameter.type === "Identifier" ? home.lookUp(parameter.name, made) : undefined;
      if (bound === undefined || argument === undefined || !isPlainArgument(argument)) return undefined;
      const [hole] = this.#asHole(program, argument, way);
      // An argument may be read several times in the text, or in another order.
      if (!this.#facts.isSettled(program, argument)) return undefined;
      given.set(bound, hole);
    }
    const pieces = this.#read(home, returned, { given, depth: way.depth });
    if (!saysWords(pieces) || !holesOf(pieces).every((hole) => this.#isVisible(hole))) return undefined;
    this.inlined.add(binding);
    return pieces;
  }

  #readName(program: Program, node: Node, way: Way): readonly Piece[] {
    const hole = this.#asHole(program, node, way);
    const given = node.type === "Identifier" ? way.given.get(program.bindingOf(node) as Binding) : undefined;
    if (given !== undefined) {
      // A literal, or a constant, that is handed to the function is part of the words.
      const isOwn = given.given.length === 0 && given.program === this.#place.program;
      return isOwn
        ? this.#read(given.program, given.node, { given: NOTHING_GIVEN, depth: way.depth })
        : [given];
    }
    const found = this.#constant(program, node);
    if (found === undefined) return hole;
    const { definition, value } = found;
    if (!isTextual(bare(value))) return hole;
    const pieces = joined(this.#read(definition.program, value, { given: NOTHING_GIVEN, depth: way.depth }));
    // Another name for a value says no words.
    if (!saysWords(pieces)) return hole;
    const holes = holesOf(pieces);
    const isHere = holes.every((one) => this.isMovable(one, value));
    if (!isHere) {
      const place = `${definition.program.file}:${definition.program.lineAt(value)}`;
      const [first] = holes;
      this.remarks.push(
        `${program.text(node)} is put together at ${place} from ${first?.program.text(first.node) ?? "values"}, which would be read at another time or place: write the text at the call`,
      );
      return hole;
    }
    this.inlined.add(definition.binding);
    const { file } = definition.program;
    const line = definition.program.lineAt(value);
    this.taken.push({ file, line, endLine: definition.program.lineOf(value.end ?? 0) });
    const from = program.bindingOf(rootOf(node));
    if (from !== undefined) this.inlined.add(from);
    return pieces;
  }

  #constant(
    program: Program,
    node: Node,
  ): { readonly definition: Definition; readonly value: Expression } | undefined {
    const root = node.type === "MemberExpression" ? bare(node.object) : node;
    if (root.type !== "Identifier") return undefined;
    const definition = this.#programs.defined(program, root);
    if (definition === undefined) return undefined;
    const name = node.type === "MemberExpression" && !node.computed ? keyOf(node.property) : undefined;
    if (node.type === "MemberExpression" && name === undefined) return undefined;
    const value =
      name === undefined
        ? this.#programs.valueOf(definition)
        : definition.binding.isChanged
          ? undefined
          : this.#programs.propertyOf(definition, name);
    return value && { definition, value };
  }

  /** Whether the value can be read where the call stands instead of at `origin`, with nothing between that may change it. */
  isMovable(hole: Hole, origin: Node): boolean {
    if (!this.#isVisible(hole) || !this.#isSettled(hole)) return false;
    const { program, call } = this.#place;
    const leaves = hole.given.length === 0 ? [hole] : hole.given;
    const isFixed = leaves.every(
      (leaf) => bare(leaf.node).type === "Identifier" && isPrimitive(this.#facts.of(leaf.program, leaf.node)),
    );
    if (isFixed) return true;
    if (hole.program !== program || functionOf(program, origin) !== functionOf(program, call)) return false;
    return !hasEffectsBetween(program, { facts: this.#facts, from: origin, call, ignored: this.ignored });
  }

  #isSettled({ program, node, given }: Hole): boolean {
    if (given.length === 0) return this.#facts.isSettled(program, node);
    return !this.#facts.hasEffects(program, node) && given.every((one) => this.#isSettled(one));
  }

  /** Whether every name in it means at the call what it means where it stands. */
  #isVisible({ program, node, given, source }: Hole): boolean {
    const { program: here, call } = this.#place;
    if (source === "") return false;
    if (given.length > 0) return given.every((one) => this.#isVisible(one));
    for (const inner of nodesOf(node)) {
      if (inner.type === "ThisExpression" && thisOf(program, inner) !== thisOf(here, call)) return false;
      if (inner.type !== "Identifier") continue;
      const binding = program.bindingOf(inner);
      if (binding === undefined || isWithin(binding.scope, node)) continue;
      if (program !== here || here.lookUp(inner.name, call) !== binding) return false;
    }
    return true;
  }

  /** The expression as it is, with arguments in the place of parameters; without a source where it cannot be said at the call. */
  #asHole(program: Program, expression: Node, way: Way): readonly [Hole] {
    const hole = { kind: "hole", node: expression, program } as const;
    if (way.given.size === 0) return [{ ...hole, source: program.text(expression), given: [] }];
    const { program: here, call } = this.#place;
    const given: Hole[] = [];
    let source = "";
    let at = expression.start ?? 0;
    for (const node of nodesOf(expression)) {
      const binding = node.type === "Identifier" ? program.bindingOf(node) : undefined;
      if (binding === undefined || isWithin(binding.scope, expression)) continue;
      const argument = way.given.get(binding);
      const isSame = program === here && here.lookUp(binding.name, call) === binding;
      const isShorthand = program.parentOf(node)?.type === "ObjectProperty";
      // A name of the function's own cannot be said where the call stands.
      if (argument === undefined ? !isSame : isShorthand) return [{ ...hole, source: "", given: [] }];
      if (argument === undefined) continue;
      // A name of a function inside of the text may hide one of the argument.
      if (isHidden(program, node, { argument, within: expression }))
        return [{ ...hole, source: "", given: [] }];
      given.push(argument);
      source += program.source.slice(at, node.start ?? 0) + parenthesized(argument);
      at = node.end ?? 0;
    }
    source += program.source.slice(at, expression.end ?? 0);
    return [{ ...hole, source, given }];
  }
}

/** Whether a name of the argument means something else where the parameter stands. */
function isHidden(
  program: Program,
  at: Node,
  { argument, within }: { readonly argument: Hole; readonly within: Node },
): boolean {
  for (const node of nodesOf(argument.node)) {
    const binding = node.type === "Identifier" ? program.lookUp(node.name, at) : undefined;
    if (binding !== undefined && isWithin(binding.scope, within)) return true;
  }
  return false;
}

interface Way {
  readonly given: Given;
  readonly depth: number;
}

function parenthesized({ source, node }: Hole): string {
  return /^(Identifier|MemberExpression|CallExpression|StringLiteral|ThisExpression)$/.test(
    bare(node).type,
  ) && bare(node) === node
    ? source
    : `(${source})`;
}

function isPrimitive(facts: Facts): boolean {
  return facts.size > 0 && !facts.has("other");
}

function functionOf(program: Program, node: Node): Node | undefined {
  return program.outward(node, isFunction);
}

function thisOf(program: Program, node: Node): Node | undefined {
  return program.outward(node, (outer) => isFunction(outer) && outer.type !== "ArrowFunctionExpression");
}

/** Whether a constant with this value is one that texts are made of. */
function isTextual(node: Node): boolean {
  switch (node.type) {
    case "StringLiteral":
    case "TemplateLiteral":
    case "BinaryExpression":
    case "ConditionalExpression":
      return true;
    case "CallExpression":
      return node.callee.type === "Identifier" || node.callee.type === "MemberExpression";
    case "Identifier":
    case "MemberExpression":
      return true;
    default:
      return false;
  }
}

function isPlainArgument(node: Node): boolean {
  return node.type !== "SpreadElement" && node.type !== "ArgumentPlaceholder";
}

function isJoined(program: Program, reference: Node): boolean {
  const member = program.parentOf(reference);
  return member?.type === "MemberExpression" && !member.computed && keyOf(member.property) === "join";
}

/** What a function returns that does nothing else. */
function returnedBy(node: Node): Node | undefined {
  if (!isFunction(node)) return undefined;
  const {
    body,
    async: isAsync,
    generator,
  } = node as {
    readonly body: Node;
    readonly async?: boolean;
    readonly generator?: boolean;
  };
  if (isAsync === true || generator === true) return undefined;
  if (body.type !== "BlockStatement") return body;
  const [only, ...more] = body.body;
  return more.length === 0 && only?.type === "ReturnStatement" ? (only.argument ?? undefined) : undefined;
}
