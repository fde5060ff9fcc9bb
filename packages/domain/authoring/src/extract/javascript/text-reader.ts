/** Takes an expression apart into the words that it writes out and the values that it puts between them. */
import type { Node } from "@babel/types";
import { homeOfThis } from "./class-members.ts";
import { hasEffectsBetween } from "./effects-between.ts";
import { type GrowthStep, grownText } from "./grown-text.ts";
import { keyOf } from "./imported-name.ts";
import { type Given, makeHole } from "./make-hole.ts";
import { followPath } from "./member-paths.ts";
import {
  asTest,
  type Hole,
  holesOf,
  joined,
  type Piece,
  saysWords,
  type TakenLines,
  trimmed,
} from "./piece.ts";
import { type Binding, bare, isFunction, isWithin, nodesOf, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";
import { isPlainArgument, textBuilder, writtenProperty } from "./text-builder.ts";
import { type Fact, type Facts, isOnly, type ValueFacts } from "./value-facts.ts";

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
  /** Statements that only put a text together. */
  readonly statements: Node[] = [];
  /** Why something could not be taken apart. */
  readonly remarks: string[] = [];
  readonly #programs: ProgramSet;
  readonly #facts: ValueFacts;
  readonly #place: TextPlace;
  /** Methods whose `this` is that of the call. */
  readonly #selves = new Set<Node>();

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
    return this.#readBuilder(program, node, way) ?? this.#asHole(program, node, way);
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
    const builder = textBuilder({ programs: this.#programs, facts: this.#facts }, program, node);
    // What calls itself puts together a text of any length.
    if (builder === undefined || way.within?.includes(builder.made)) return undefined;
    const given = new Map<Binding, Hole>();
    for (const [binding, argument] of builder.given) {
      // An argument may be read several times in the text, or in another order.
      if (!this.#facts.isSettled(program, argument)) return undefined;
      given.set(binding, this.#asHole(program, argument, way)[0]);
    }
    if (builder.isOfThis) this.#selves.add(builder.made);
    const within = [...(way.within ?? []), builder.made];
    const inner = { given, depth: way.depth, body: builder.made, within };
    const pieces = this.#read(builder.program, builder.returned, inner);
    if (!saysWords(pieces) || !holesOf(pieces).every((hole) => this.#isVisible(hole))) return undefined;
    for (const binding of builder.passed) this.inlined.add(binding);
    return pieces;
  }

  #readName(program: Program, node: Node, way: Way): readonly Piece[] {
    const hole = this.#asHole(program, node, way);
    const given = this.#givenAt(program, node, way);
    if (given !== undefined) {
      // A literal, or a constant, that is handed to the function is part of the words.
      const isOwn = given.given.length === 0 && given.program === this.#place.program;
      return isOwn
        ? this.#read(given.program, given.node, { given: NOTHING_GIVEN, depth: way.depth })
        : [given];
    }
    const grown = this.#readGrown(program, node, way);
    if (grown !== undefined) return grown;
    const found = followPath(this.#programs, program, node);
    const value = found && this.#programs.valueOf(found.definition);
    if (found === undefined || value === undefined) return hole;
    const { program: home, binding } = found.definition;
    const isLocal =
      way.body !== undefined &&
      home === program &&
      isWithin(binding.scope, way.body) &&
      binding.scope !== home.root.program;
    const pieces = isTextual(bare(value))
      ? joined(this.#read(home, value, isLocal ? way : { given: NOTHING_GIVEN, depth: way.depth }))
      : [];
    // A name inside of a function that puts the text together means nothing where the call stands.
    if (isLocal) return saysWords(pieces) ? pieces : this.#asHole(home, value, way);
    // Another name for a value says no words.
    if (!saysWords(pieces)) return hole;
    const holes = holesOf(pieces);
    if (!holes.every((one) => this.isMovable(one, value))) {
      const place = `${home.file}:${home.lineAt(value)}`;
      const [first] = holes;
      this.remarks.push(
        `${program.text(node)} is put together at ${place} from ${first?.program.text(first.node) ?? "values"}, which would be read at another time or place: write the text at the call`,
      );
      return hole;
    }
    for (const one of found.passed) this.inlined.add(one);
    this.taken.push({ file: home.file, line: home.lineAt(value), endLine: home.lineOf(value.end ?? 0) });
    return pieces;
  }

  /** A text that is put together in steps where the call stands, none of which does anything else. */
  #readGrown(program: Program, node: Node, way: Way): readonly Piece[] | undefined {
    const { program: here, call } = this.#place;
    const binding = node.type === "Identifier" && program === here ? program.bindingOf(node) : undefined;
    const grown = binding?.isChanged === true ? grownText(program, binding, call) : undefined;
    const [first] = grown?.steps ?? [];
    if (grown === undefined || first?.kind !== "added" || !this.#isText(program, first.text))
      return undefined;
    for (const change of grown.changes) this.ignored.add(change);
    const next = { ...way, depth: way.depth + 1 };
    const pieces = grown.steps.map((step) => this.#readStep(program, step, next));
    if (!pieces.every((piece) => piece !== undefined) || !saysWords(pieces.flat())) return undefined;
    this.statements.push(...grown.statements);
    return joined(pieces.flat());
  }

  /** Undefined where a value of it could not be read at the call as it was here. */
  #readStep(program: Program, step: GrowthStep, way: Way): readonly Piece[] | undefined {
    const read = (texts: readonly Node[]): readonly Piece[] =>
      joined(texts.flatMap((text) => this.#read(program, text, way)));
    const canMove = (pieces: readonly Piece[], from: Node): boolean =>
      holesOf(pieces).every((hole) => this.isMovable(hole, from));
    if (step.kind === "added") {
      const pieces = read([step.text]);
      return canMove(pieces, step.text) ? pieces : undefined;
    }
    const [test] = this.#asHole(program, step.test, way);
    const [then, otherwise] = [read(step.then), read(step.otherwise)];
    const isPlain = [...then, ...otherwise].every(
      (piece) => typeof piece === "string" || piece.kind === "hole",
    );
    const choice = {
      kind: "choice",
      test,
      then,
      otherwise,
      whole: this.#wholeStep(program, step, test),
    } as const;
    return isPlain && canMove([choice], step.test) ? [choice] : undefined;
  }

  /** `test ? "…" : ""`, where each branch adds one text. */
  #wholeStep(
    program: Program,
    { then, otherwise }: GrowthStep & { readonly kind: "choice" },
    test: Hole,
  ): Hole | null {
    const [added, ...more] = then;
    const [other, ...others] = otherwise;
    const isSayable =
      more.length + others.length === 0 && added !== undefined && this.#isText(program, added);
    if (!isSayable || (other !== undefined && !this.#isText(program, other))) return null;
    const source = `${asTest(test)} ? ${program.text(added)} : ${other === undefined ? '""' : program.text(other)}`;
    const whole = { kind: "hole", node: added, program, given: [] } as const;
    const isVisible = [added, ...(other === undefined ? [] : [other])].every((node) =>
      this.#isVisible({ ...whole, node, source }),
    );
    return isVisible ? { ...whole, source } : null;
  }

  /** What a parameter of the function stands for, or a property of an object that is written for it. */
  #givenAt(program: Program, node: Node, way: Way): Hole | undefined {
    if (node.type === "Identifier") return way.given.get(program.bindingOf(node) as Binding);
    if (node.type !== "MemberExpression" || node.computed) return undefined;
    const whole = this.#givenAt(program, bare(node.object), way);
    const name = keyOf(node.property);
    const object = whole && bare(whole.node);
    if (object?.type !== "ObjectExpression" || name === undefined || (whole?.given.length ?? 0) > 0)
      return undefined;
    const written = writtenProperty(object, name);
    return (
      written && whole && this.#asHole(whole.program, written, { given: NOTHING_GIVEN, depth: way.depth })[0]
    );
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
    for (const inner of nodesOf(node)) {
      if (inner.type === "ThisExpression" && !this.#isSameThis(program, inner)) return false;
    }
    if (given.length > 0) return given.every((one) => this.#isVisible(one));
    for (const inner of nodesOf(node)) {
      if (inner.type !== "Identifier") continue;
      const binding = program.bindingOf(inner);
      if (binding === undefined || isWithin(binding.scope, node)) continue;
      if (program !== here || here.lookUp(inner.name, call) !== binding) return false;
    }
    return true;
  }

  #isSameThis(program: Program, node: Node): boolean {
    const { program: here, call } = this.#place;
    const home = homeOfThis(program, node);
    return home === homeOfThis(here, call) || (home !== undefined && this.#selves.has(home));
  }

  #asHole(program: Program, expression: Node, { given }: Way): readonly [Hole] {
    return [makeHole(program, expression, { given, ...this.#place })];
  }
}

interface Way {
  readonly given: Given;
  readonly depth: number;
  /** The function whose text is read; undefined outside of any. */
  readonly body?: Node;
  /** The functions that are read by now. */
  readonly within?: readonly Node[];
}

function isPrimitive(facts: Facts): boolean {
  return facts.size > 0 && !facts.has("other");
}

function functionOf(program: Program, node: Node): Node | undefined {
  return program.outward(node, isFunction);
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

function isJoined(program: Program, reference: Node): boolean {
  const member = program.parentOf(reference);
  return member?.type === "MemberExpression" && !member.computed && keyOf(member.property) === "join";
}
