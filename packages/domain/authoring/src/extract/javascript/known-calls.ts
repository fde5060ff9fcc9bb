/** The calls that can be rewritten: which client's they are, and in which words they take a prompt. */
import type { CallExpression, Node } from "@babel/types";
import { importedName, keyOf } from "./imported-name.ts";
import { bare, type Program } from "./program.ts";
import type { ProgramSet } from "./program-set.ts";

/** The method of a prepared prompt that writes the arguments. */
export type Writer = "openai" | "responses" | "anthropic" | "ai";

export interface KnownCall {
  readonly node: CallExpression;
  readonly program: Program;
  readonly writer: Writer;
  /** As findings name it, such as `openai.chat`. */
  readonly client: string;
}

interface Shape {
  readonly path: RegExp;
  readonly writer: Writer;
  readonly client: string;
  /** Packages one of which the file names; other clients have a method of this name. */
  readonly packages?: RegExp;
}

const SHAPES: readonly Shape[] = [
  {
    path: /(^|\.)chat\.completions\.(create|parse|stream)$/,
    writer: "openai",
    client: "openai.chat",
  },
  { path: /(^|\.)responses\.(create|parse|stream)$/, writer: "responses", client: "openai.responses" },
  {
    path: /(^|\.)messages\.(create|parse|stream)$/,
    writer: "anthropic",
    client: "anthropic.messages",
    packages: /^@anthropic-ai\//,
  },
];

/** What a source says that has any of these calls. */
export const MAY_CALL = /\b(completions|responses|messages|(generate|stream)(Text|Object))\b/;

const AI_CALLS = new Set(["generateText", "streamText", "generateObject", "streamObject"]);

/** The steps of `client.chat.completions.create`, from the last name that is one; empty for anything else. */
function pathOf(callee: Node): readonly string[] {
  const steps: string[] = [];
  let node = bare(callee);
  while (node.type === "MemberExpression" && !node.computed) {
    const name = keyOf(node.property);
    if (name === undefined) return steps;
    steps.unshift(name);
    node = bare(node.object);
  }
  if (node.type === "Identifier") steps.unshift(node.name);
  return steps;
}

/** The calls of a program that take a prompt, in the order of their beginnings. */
export function knownCalls(programs: ProgramSet, program: Program): readonly KnownCall[] {
  return program.calls.flatMap((node): readonly KnownCall[] => {
    const callee = bare(node.callee);
    const name = aiCall(programs, program, callee);
    if (name !== undefined) return [{ node, program, writer: "ai", client: `ai.${name}` }];
    if (callee.type === "Identifier") return [];
    const path = pathOf(callee).join(".");
    const shape = SHAPES.find((one) => one.path.test(path));
    if (shape === undefined) return [];
    if (shape.packages !== undefined && !namesModel(node) && !importsOne(program, shape.packages)) return [];
    return [{ node, program, writer: shape.writer, client: shape.client }];
  });
}

/** `generateText` of the AI SDK, or the same through all that it exports; undefined for any other function. */
function aiCall(programs: ProgramSet, program: Program, callee: Node): string | undefined {
  const root = callee.type === "MemberExpression" && !callee.computed ? bare(callee.object) : callee;
  if (root.type !== "Identifier" || programs.packageOf(program, root) !== "ai") return undefined;
  const binding = program.bindingOf(root);
  const imported = binding && importedName(program, binding)?.name;
  const name = callee.type === "MemberExpression" ? keyOf(callee.property) : imported;
  return name !== undefined && AI_CALLS.has(name) ? name : undefined;
}

/** Whether the arguments are those of a model's call: others have messages to create as well. */
function namesModel(node: CallExpression): boolean {
  const [first] = node.arguments;
  if (first?.type !== "ObjectExpression") return false;
  const keys = first.properties.flatMap((property) =>
    property.type === "ObjectProperty" ? (keyOf(property.key) ?? []) : [],
  );
  return keys.includes("model") && keys.includes("messages");
}

function importsOne(program: Program, packages: RegExp): boolean {
  return [...program.top.values()].some((binding) =>
    packages.test(importedName(program, binding)?.specifier ?? ""),
  );
}
