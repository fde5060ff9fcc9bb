/** What gets a value: names, paths of properties, and patterns that take a value apart. */
import type { Node } from "@babel/types";
import { tellTexts } from "../source/module-draft.ts";
import { type Place, statementOf, within } from "../source/place.ts";
import type { SourceBinding, SourceParameter } from "../source/source-module.ts";
import type { SourceValue, Span } from "../source/source-value.ts";
import {
  type JavaScriptReader,
  keyName,
  pathOf,
  readValue,
  spanOf,
  unknown,
  withoutCasts,
} from "./javascript-reader.ts";

/** How a value is bound. */
export interface Bound extends Span {
  readonly value: SourceValue;
  readonly operator: SourceBinding["operator"];
  readonly isConstant: boolean;
  readonly scope: number;
}

/** A constant of the module by convention: its name is in capitals. */
function isConstantName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name);
}

export function bindName(reader: JavaScriptReader, name: string, bound: Bound): void {
  const { scope, isConstant, ...rest } = bound;
  const isConvention = scope === 0 && isConstantName(name);
  reader.draft.scopes[scope]!.bindings.push({ name, isConstant: isConstant || isConvention, ...rest });
}

/** Gives a target the value that it has been read for. */
export type Binder = (bound: Bound) => void;

/**
 * Reads what is computed in a name, a path or a pattern, before the value that it gets is read.
 *
 * @returns what binds every name in it to its part of the value.
 */
export function readTarget(reader: JavaScriptReader, pattern: Node, scope: number): Binder {
  const target = withoutCasts(pattern);
  switch (target.type) {
    case "ObjectPattern":
      return inTurn(target.properties.map((property) => readPropertyTarget(reader, property, scope)));
    case "ArrayPattern":
      return inTurn(
        target.elements.map((element, index) => {
          if (element === null) return () => {};
          return taking(
            element.type === "RestElement" ? null : String(index),
            readTarget(reader, element, scope),
          );
        }),
      );
    case "RestElement":
      return readTarget(reader, target.argument, scope);
    case "AssignmentPattern": {
      const bind = readTarget(reader, target.left, scope);
      const name = pathOf(target.left);
      const place = statementOf(scope, name === null ? null : { kind: "default", parameter: name });
      const fallback = readValue(reader, target.right, place);
      return (bound) => {
        const options = [bound.value, fallback];
        bind({ ...bound, value: { kind: "choice", options, from: bound.from, to: bound.to } });
      };
    }
    default: {
      const name = pathOf(target);
      if (name !== null) return (bound) => bindName(reader, name, bound);
      readValue(reader, target, statementOf(scope, null));
      return () => {};
    }
  }
}

function readPropertyTarget(
  reader: JavaScriptReader,
  property: Extract<Node, { type: "ObjectProperty" | "RestElement" }>,
  scope: number,
): Binder {
  if (property.type === "RestElement") return taking(null, readTarget(reader, property, scope));
  if (property.computed) readValue(reader, property.key, statementOf(scope, { kind: "subscript" }));
  return taking(keyName(property.key, property.computed), readTarget(reader, property.value, scope));
}

/** Binds to one property of the value; null for what is not known of it. */
function taking(property: string | null, bind: Binder): Binder {
  return (bound) => {
    const span = { from: bound.from, to: bound.to };
    const value: SourceValue =
      property === null ? unknown(span) : { kind: "member", object: bound.value, property, ...span };
    bind({ ...bound, value });
  };
}

function inTurn(binders: readonly Binder[]): Binder {
  return (bound) => {
    for (const bind of binders) bind(bound);
  };
}

/** The names that a pattern binds. */
export function namesOf(pattern: Node): readonly string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? namesOf(element) : []));
    case "AssignmentPattern":
      return namesOf(pattern.left);
    case "RestElement":
      return namesOf(pattern.argument);
    default:
      return [];
  }
}

/** The parameters that one entry of a parameter list stands for: several where it takes its argument apart. */
export function readParameter(
  reader: JavaScriptReader,
  node: Node,
  { position, place }: { readonly position: number; readonly place: Place },
): void {
  const whole = { position, place, property: null, fallback: null, type: null, ...spanOf(node) };
  readParameterPart(reader, node.type === "TSParameterProperty" ? node.parameter : node, whole);
  if (node.type !== "TSParameterProperty") return;
  for (const name of namesOf(node.parameter)) {
    const value: SourceValue = { kind: "name", name, scope: place.scope, ...spanOf(node) };
    bindName(reader, `this.${name}`, {
      value,
      operator: "set",
      isConstant: false,
      scope: place.scope,
      ...spanOf(node),
    });
  }
}

interface ParameterPart extends Omit<SourceParameter, "name"> {
  readonly place: Place;
}

function readParameterPart(reader: JavaScriptReader, node: Node, part: ParameterPart): void {
  switch (node.type) {
    case "Identifier": {
      const { place, ...facts } = part;
      const type = typeOf(reader, node) ?? facts.type;
      reader.draft.scopes[place.scope]!.parameters.push({ ...facts, name: node.name, type });
      return;
    }
    case "AssignmentPattern": {
      const name = namesOf(node.left)[0] ?? "";
      const there = within(part.place, { kind: "default", parameter: name });
      const fallback = reader.part(node.right, there);
      tellTexts(reader.draft, fallback, there);
      readParameterPart(reader, node.left, { ...part, fallback });
      return;
    }
    case "RestElement":
      readParameterPart(reader, node.argument, { ...part, type: typeOf(reader, node) });
      return;
    case "ObjectPattern":
      for (const property of node.properties) {
        const isRest = property.type === "RestElement";
        const key = isRest ? null : keyName(property.key, property.computed);
        const inner = { ...part, property: key, fallback: null, type: null, ...spanOf(property) };
        readParameterPart(reader, isRest ? property.argument : property.value, inner);
      }
      return;
    case "ArrayPattern":
      node.elements.forEach((element, index) => {
        if (element === null) return;
        const inner = { ...part, property: String(index), fallback: null, type: null, ...spanOf(element) };
        readParameterPart(reader, element, inner);
      });
      return;
    default:
  }
}

/** The source of the annotation; null where none is written. */
function typeOf(
  reader: JavaScriptReader,
  node: Extract<Node, { type: "Identifier" | "RestElement" }>,
): string | null {
  const annotation = node.typeAnnotation;
  if (!annotation || !("typeAnnotation" in annotation) || !annotation.typeAnnotation) return null;
  const { from, to } = spanOf(annotation.typeAnnotation as Node);
  return reader.draft.file.source.slice(from, to);
}
