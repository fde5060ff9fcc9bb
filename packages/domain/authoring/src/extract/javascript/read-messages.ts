/** Reads the messages of a call: those that are a text each, and from where on they are only known at run time. */
import type { Node } from "@babel/types";
import { isChangedAnywhere } from "./held-constants.ts";
import { keyOf } from "./imported-name.ts";
import type { Writer } from "./known-calls.ts";
import { holesOf, type Piece } from "./piece.ts";
import { type Binding, bare, isFunction, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";
import { isProviderMark, readParts } from "./read-parts.ts";
import type { TextReader } from "./text-reader.ts";
import { isOnly, type ValueFacts } from "./value-facts.ts";

export interface DraftMessage {
  readonly role: "system" | "user" | "assistant";
  readonly pieces: readonly Piece[];
  /** Whether a provider's cache may end behind it. */
  readonly isCached: boolean;
  /** Whether the code calls the role `developer`. */
  readonly isDeveloper: boolean;
}

export interface DraftMessages {
  readonly messages: readonly DraftMessage[];
  /** Elements of the list that stay in the code, behind the messages. */
  readonly tail: readonly Node[];
  /** Statements that only put the list together. */
  readonly statements: readonly Node[];
}

interface WrittenMessage {
  readonly object: Node & { readonly type: "ObjectExpression" };
  readonly home: Program;
  readonly binding: Binding | undefined;
}

interface WrittenList {
  /** Each with the place that it is moved from; null for one that stands at the call. */
  readonly elements: readonly { readonly node: Node; readonly origin: Node | null }[];
  readonly statements: readonly Node[];
}

interface MessageReaderParts {
  readonly programs: ProgramSet;
  readonly facts: ValueFacts;
  readonly program: Program;
  readonly call: Node;
  readonly texts: TextReader;
  readonly writer: Writer;
}

/** One that is a text and no more. */
export function plainMessage(role: DraftMessage["role"], pieces: readonly Piece[]): DraftMessage {
  return { role, pieces, isCached: false, isDeveloper: false };
}

const ROLES = ["system", "user", "assistant"] as const;

interface MessageFields {
  readonly role: string | undefined;
  readonly content: Node | undefined;
  readonly isCached: boolean;
}

/** Undefined for a message with anything else in it. */
function fieldsOf(object: WrittenMessage["object"], writer: Writer): MessageFields | undefined {
  let role: string | undefined;
  let content: Node | undefined;
  let isCached = false;
  for (const property of object.properties) {
    if (property.type !== "ObjectProperty" || property.computed) return undefined;
    const key = keyOf(property.key);
    const value = bare(property.value);
    if (key === "role" && value.type === "StringLiteral") role = value.value;
    else if (key === "content") content = property.value;
    else if (key === "providerOptions" && writer === "ai" && isProviderMark(value)) isCached = true;
    else return undefined;
  }
  return { role, content, isCached };
}

export class MessageReader {
  /** Why the first message that is no text is none; null where there is nothing to say. */
  why: string | null = null;
  readonly #parts: MessageReaderParts;

  constructor(parts: MessageReaderParts) {
    this.#parts = parts;
  }

  /** Null where the list is put together at run time. */
  readList(expression: Node): DraftMessages | null {
    const found = this.#elementsOf(expression);
    if (found === undefined) return null;
    const { elements, statements } = found;
    const messages: DraftMessage[] = [];
    for (const [index, { node, origin }] of elements.entries()) {
      const message = this.#readMessage(node, origin);
      if (message === undefined) {
        // What is moved to the call must be there as it was.
        if (statements.length > 0) return null;
        return { messages, tail: elements.slice(index).map((element) => element.node), statements };
      }
      messages.push(...message);
    }
    return { messages, tail: [], statements };
  }

  /** A text of a message; undefined for what need not be a text. */
  readContent(content: Node, program: Program = this.#parts.program): readonly Piece[] | undefined {
    const pieces = this.#parts.texts.read(content, program);
    const [only] = pieces;
    // A bare value may be anything that the client takes, such as a list of parts.
    if (pieces.length === 1 && typeof only === "object" && only.kind === "hole") {
      const isText = isOnly(this.#parts.facts.of(only.program, only.node), "string");
      return isText && only.source !== "" ? pieces : undefined;
    }
    return holesOf(pieces).every(({ source }) => source !== "") ? pieces : undefined;
  }

  /** What a message of a role says; of parts one for each, where that is the same. Undefined for what need not be a text. */
  readSaid(
    role: DraftMessage["role"],
    content: Node,
    program: Program = this.#parts.program,
  ): readonly DraftMessage[] | undefined {
    const list = bare(content);
    if (list.type !== "ArrayExpression") {
      const pieces = this.readContent(content, program);
      return pieces && [plainMessage(role, pieces)];
    }
    const read = readParts(list, this.#parts.writer);
    if ("why" in read) {
      this.why ??= read.why;
      return undefined;
    }
    const messages = read.parts.map(({ text, isCached }): DraftMessage | undefined => {
      const pieces = this.readContent(text, program);
      return pieces && { ...plainMessage(role, pieces), isCached };
    });
    return messages.every((message) => message !== undefined) ? messages : undefined;
  }

  #readMessage(element: Node, origin: Node | null): readonly DraftMessage[] | undefined {
    const { texts, writer } = this.#parts;
    const found = this.#objectOf(element);
    if (found === undefined) return undefined;
    const { object, home, binding } = found;
    const fields = fieldsOf(object, writer);
    if (fields === undefined) return undefined;
    const { role, content, isCached } = fields;
    const isDeveloper = role === "developer" && writer === "openai";
    const known = isDeveloper ? "system" : ROLES.find((one) => one === role);
    if (known === undefined && role !== undefined) {
      const instead =
        role === "developer" && writer === "responses" ? ": write what it says as instructions" : "";
      this.why ??= `a message has the role ${role}, and those of a prompt are system, user and assistant${instead}`;
    }
    if (known === undefined || content === undefined) return undefined;
    const said = this.readSaid(known, content, home);
    if (said === undefined) {
      const [words] = home.text(content).split("\n");
      this.why ??= `what a message says (${words}) is put together at run time, or may be something else than a text`;
      return undefined;
    }
    const moved = origin ?? (binding === undefined ? null : object);
    const holes = holesOf(said.flatMap(({ pieces }) => pieces));
    if (moved !== null && !holes.every((hole) => texts.isMovable(hole, moved))) return undefined;
    if (binding !== undefined) texts.inlined.add(binding);
    return said.map((message) => ({ ...message, isDeveloper, isCached: message.isCached || isCached }));
  }

  #objectOf(element: Node): WrittenMessage | undefined {
    const { programs, program } = this.#parts;
    const node = bare(element);
    if (node.type === "ObjectExpression") return { object: node, home: program, binding: undefined };
    const definition = node.type === "Identifier" ? programs.defined(program, node) : undefined;
    const value = definition && programs.valueOf(definition);
    const object = value && bare(value);
    if (object?.type !== "ObjectExpression" || definition === undefined) return undefined;
    if (isChangedAnywhere(programs, definition)) return undefined;
    return { object, home: definition.program, binding: definition.binding };
  }

  #elementsOf(expression: Node): WrittenList | undefined {
    const node = bare(expression);
    const { program } = this.#parts;
    if (node.type === "ArrayExpression") {
      return {
        elements: node.elements.flatMap((one) => (one === null ? [] : [{ node: one, origin: null }])),
        statements: [],
      };
    }
    const binding = node.type === "Identifier" ? program.bindingOf(node) : undefined;
    if (binding?.kind !== "constant" || binding.isChanged) return undefined;
    return this.#builtList(binding, node);
  }

  /** `const messages = […]`, and each `messages.push(…)` after it in the same block. */
  #builtList(binding: Binding, use: Node): WrittenList | undefined {
    const { program, call, texts } = this.#parts;
    const { declaration } = binding;
    const initial =
      declaration.type === "VariableDeclarator" && declaration.init ? bare(declaration.init) : undefined;
    const statement = program.parentOf(declaration);
    if (initial?.type !== "ArrayExpression" || statement?.type !== "VariableDeclaration") return undefined;
    const block = program.parentOf(statement);
    const isHere = program.outward(statement, isFunction) === program.outward(call, isFunction);
    if (block === undefined || !isHere || statement.declarations.length !== 1) return undefined;
    const elements = initial.elements.flatMap((one) =>
      one === null ? [] : [{ node: one as Node, origin: initial as Node }],
    );
    const statements: Node[] = [statement];
    for (const reference of binding.references) {
      if (isSame(reference, use)) continue;
      const pushed = pushOf(program, reference);
      const isBefore = (pushed?.statement.end ?? 0) <= (call.start ?? 0);
      if (pushed === undefined || !isBefore || program.parentOf(pushed.statement) !== block) return undefined;
      statements.push(pushed.statement);
      texts.ignored.add(pushed.call);
      elements.push(...pushed.values.map((node) => ({ node, origin: pushed.call })));
    }
    return { elements, statements };
  }
}

/** A shorthand property has its name twice at one place. */
function isSame(one: Node, other: Node): boolean {
  return one.start === other.start && one.end === other.end;
}

function pushOf(
  program: Program,
  reference: Node,
): { readonly statement: Node; readonly call: Node; readonly values: readonly Node[] } | undefined {
  const member = program.parentOf(reference);
  const call = member && program.parentOf(member);
  const statement = call && program.parentOf(call);
  if (member?.type !== "MemberExpression" || member.object !== reference || call?.type !== "CallExpression") {
    return undefined;
  }
  if (
    call.callee !== member ||
    keyOf(member.property) !== "push" ||
    statement?.type !== "ExpressionStatement"
  ) {
    return undefined;
  }
  return { statement, call, values: call.arguments };
}
