/** Says whether an object or a list that a constant holds may become another: by a name for it, a function that is handed it, or a file that imports it. */
import type { Node } from "@babel/types";
import { classOfThis, isTarget, memberName } from "./class-members.ts";
import { importedName, keyOf } from "./imported-name.ts";
import { namePattern } from "./name-pattern.ts";
import { type Binding, bare, isFunction, type Program } from "./program.ts";
import type { Definition, ProgramSet } from "./program-set.ts";

/** Where something is used, and what it holds there; undefined where nobody can tell. */
interface Use {
  readonly program: Program;
  readonly node: Node;
  readonly value: Node | undefined;
}

/** Methods that change whom they are asked of. */
const CHANGING = new Set(
  "push pop shift unshift splice sort reverse fill copyWithin set add delete clear".split(" "),
);
/** What packages call functions that change what they are handed first. */
const MERGING =
  /^(assign\w*|merge\w*|defaults\w*|extend\w*|set\w*|unset|update\w*|defineProperty|deepMerge)$/;

const known = new WeakMap<Binding, boolean>();

/** Whether a constant, or anything in it, is changed in its own file or in one that imports it. */
export function isChangedAnywhere(programs: ProgramSet, definition: Definition): boolean {
  const { binding } = definition;
  if (binding.isChanged) return true;
  const said = known.get(binding);
  if (said !== undefined) return said;
  // Until more is known, for what leads back here.
  known.set(binding, false);
  const isChanged = new Changes(programs).ofConstant(definition);
  known.set(binding, isChanged);
  return isChanged;
}

class Changes {
  readonly #programs: ProgramSet;
  readonly #seen = new Set<Binding>();

  constructor(programs: ProgramSet) {
    this.#programs = programs;
  }

  ofConstant(definition: Definition): boolean {
    const { program, binding } = definition;
    const value = valueIn(this.#programs.valueOf(definition));
    return this.#ofName(program, binding, value) || this.#ofImports(definition, value);
  }

  #ofName(program: Program, binding: Binding, value: Node | undefined): boolean {
    if (this.#seen.has(binding)) return false;
    this.#seen.add(binding);
    return (
      binding.isChanged || binding.references.some((node) => this.#isChangedBy({ program, node, value }))
    );
  }

  #ofImports({ program, binding }: Definition, value: Node | undefined): boolean {
    const steps = program.file.replace(/\.\w+$/, "").split("/");
    const stem = (steps.at(-1) === "index" ? steps.at(-2) : steps.at(-1)) ?? "index";
    return this.#programs.saying(namePattern(binding.name, stem)).some((other) =>
      [...other.top.values()].some((one) => {
        const imported = one === binding ? undefined : importedName(other, one);
        if (imported === undefined) return false;
        if (this.#programs.follow({ program: other, binding: one }).binding === binding)
          return this.#ofName(other, one, value);
        if (imported.name !== "*") return false;
        const home = this.#programs.imported(other, imported.specifier);
        return one.references.some((reference) => {
          const member = other.parentOf(reference);
          const name = member?.type === "MemberExpression" && memberName(member.property, member.computed);
          if (!home || !name || this.#programs.exported(home, name)?.binding !== binding) return false;
          return isTarget(other, member) || this.#isChangedBy({ program: other, node: member, value });
        });
      }),
    );
  }

  #isChangedBy(use: Use): boolean {
    const { program, node, value } = use;
    const parent = program.parentOf(node);
    switch (parent?.type) {
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "ParenthesizedExpression":
      case "LogicalExpression":
      case "ConditionalExpression":
        return this.#isChangedBy({ ...use, node: parent });
      case "MemberExpression":
      case "OptionalMemberExpression":
        return parent.object === node && this.#isMemberChanged({ program, node: parent, value });
      case "CallExpression":
      case "OptionalCallExpression":
      case "NewExpression":
        return parent.callee !== node && this.#isHandedOn(use, parent);
      case "VariableDeclarator":
        return parent.init === node && this.#isNamedAgain(use, parent.id, parent);
      case "ObjectProperty":
      case "ArrayExpression":
        return isHeldByChanged(program, parent);
      case "AssignmentExpression":
        return parent.right === node && !/^(module\.)?exports\b/.test(program.text(parent.left));
      case "ReturnStatement":
      case "YieldExpression":
        return true;
      case "ArrowFunctionExpression":
        return parent.body === node;
      default:
        return false;
    }
  }

  #isMemberChanged({ program, node, value }: Use): boolean {
    const { property, computed } = node as { readonly property: Node; readonly computed: boolean };
    const name = memberName(property, computed);
    const parent = program.parentOf(node);
    if (isTarget(program, node)) return true;
    const isCalled = /^(Optional)?CallExpression$/.test(parent?.type ?? "");
    if (isCalled && (parent as { readonly callee?: Node }).callee === node) return CHANGING.has(name ?? "");
    const inner = name === undefined ? undefined : memberIn(value, name);
    if (name === undefined ? !holdsMore(value) : !mayChange(inner)) return false;
    return this.#isChangedBy({ program, node, value: inner });
  }

  /** `const all = PROMPTS`, `const { support } = PROMPTS`, and the same of a parameter. */
  #isNamedAgain({ program, value }: Use, pattern: Node, at: Node): boolean {
    if (pattern.type === "AssignmentPattern")
      return this.#isNamedAgain({ program, node: at, value }, pattern.left, at);
    if (pattern.type === "Identifier") {
      const binding = program.lookUp(pattern.name, at);
      return binding === undefined || this.#ofName(program, binding, value);
    }
    if (pattern.type !== "ObjectPattern") return false;
    return pattern.properties.some((property) => {
      if (property.type !== "ObjectProperty") return holdsMore(value);
      const name = property.computed ? undefined : keyOf(property.key);
      const inner = name === undefined ? undefined : memberIn(value, name);
      return mayChange(inner) && this.#isNamedAgain({ program, node: at, value: inner }, property.value, at);
    });
  }

  /** An argument of a function of the application is looked after there; others do not change what they are handed, but for a few. */
  #isHandedOn(use: Use, call: Node): boolean {
    const { program, node, value } = use;
    const { callee, arguments: given } = call as {
      readonly callee: Node;
      readonly arguments: readonly Node[];
    };
    const index = given.indexOf(node);
    const called = bare(callee);
    const name =
      called.type === "MemberExpression" ? memberName(called.property, called.computed) : undefined;
    if (name !== undefined && index === 0 && MERGING.test(name)) return true;
    const made = this.#functionOf(program, called);
    if (made === "other") return false;
    if (made === undefined) return true;
    const parameter = (made.node as { readonly params: readonly Node[] }).params[index];
    if (parameter === undefined) return false;
    return this.#isNamedAgain({ program: made.program, node: made.node, value }, parameter, made.node);
  }

  /** Undefined for one of the application that nobody can find; `other` for what is not its own. */
  #functionOf(program: Program, callee: Node): Pick<Use, "program" | "node"> | "other" | undefined {
    if (callee.type === "MemberExpression") {
      const name = memberName(callee.property, callee.computed);
      if (callee.object.type === "ThisExpression") {
        const body = classOfThis(program, callee)?.node.body.body ?? [];
        const node = body.find((one) => isFunction(one) && keyOf((one as { key: Node }).key) === name);
        return node && { program, node };
      }
      const root = callee.object.type === "Identifier" ? program.bindingOf(callee.object) : undefined;
      const imported = root && importedName(program, root);
      const home = imported?.name === "*" ? this.#programs.imported(program, imported.specifier) : undefined;
      const found = home && name !== undefined ? this.#programs.exported(home, name) : undefined;
      return found === undefined ? "other" : this.#made(found);
    }
    if (callee.type !== "Identifier") return undefined;
    const definition = this.#programs.defined(program, callee);
    if (definition === undefined) return "other";
    const imported = importedName(definition.program, definition.binding);
    if (imported !== undefined) return MERGING.test(imported.name) ? undefined : "other";
    return this.#made(definition);
  }

  #made(definition: Definition): Pick<Use, "program" | "node"> | undefined {
    const { binding, program } = definition;
    const node =
      binding.kind === "function" ? binding.declaration : valueIn(this.#programs.valueOf(definition));
    return node !== undefined && isFunction(node) ? { program, node } : undefined;
  }
}

/** What an expression is without what is written around it, `Object.freeze` among that. */
function valueIn(expression: Node | undefined): Node | undefined {
  const node = expression && bare(expression);
  if (node?.type !== "CallExpression" || node.callee.type !== "MemberExpression") return node;
  const isFreeze = keyOf(node.callee.property) === "freeze";
  return isFreeze ? valueIn(node.arguments[0]) : node;
}

function memberIn(value: Node | undefined, name: string): Node | undefined {
  if (value?.type !== "ObjectExpression") return undefined;
  const found = value.properties.find(
    (one) => one.type !== "SpreadElement" && !one.computed && keyOf(one.key) === name,
  );
  return found?.type === "ObjectProperty" ? valueIn(found.value) : found;
}

/** Whether a value is anything that has parts to be changed. */
function mayChange(value: Node | undefined): boolean {
  return value === undefined || (!/(Literal|^BinaryExpression)$/.test(value.type) && !isFunction(value));
}

/** Whether a member of a value, whichever it is, has parts to be changed. */
function holdsMore(value: Node | undefined): boolean {
  if (value?.type === "ArrayExpression")
    return value.elements.some((one) => mayChange(valueIn(one ?? undefined)));
  if (value?.type !== "ObjectExpression") return true;
  return value.properties.some((one) =>
    one.type === "ObjectProperty" ? mayChange(valueIn(one.value)) : one.type === "SpreadElement",
  );
}

/** Whether the literal that something stands in is the value of a name of which something is changed. */
function isHeldByChanged(program: Program, node: Node): boolean {
  const outer = program.outward(
    node,
    ({ type }) => !/^(Object|Array|TSAs|TSSatisfies|Parenthesized)Expression$|^ObjectProperty$/.test(type),
  );
  if (outer?.type !== "VariableDeclarator" || outer.id.type !== "Identifier") return false;
  return program.lookUp(outer.id.name, outer)?.isChanged === true;
}
