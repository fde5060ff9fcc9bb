/** Reads which model a call asks: one that is written out, or one of several that a condition chooses. */
import type { Node } from "@babel/types";
import { modelChoice } from "@colophon/kernel";
import type { KnownCall } from "./known-calls.ts";
import { followPath } from "./member-paths.ts";
import type { Hole, Piece } from "./piece.ts";
import { bare } from "./program.ts";
import type { CallReaderParts, Refusal } from "./read-call.ts";
import { readJson } from "./read-json.ts";
import type { TextReader } from "./text-reader.ts";
import { suspends } from "./value-facts.ts";

/** As `definePrompt` takes it. */
export type NamedModel = string | { readonly id: string; readonly provider: string };

/** `test ? "other" : "primary"` */
export interface ModelRoute {
  /** Of the route: the id of its model. */
  readonly name: string;
  readonly model: NamedModel;
  readonly test: Hole;
}

export interface DraftModel {
  /** The one that serves where no condition holds. */
  readonly model: NamedModel;
  /** The other one that a condition chooses; null without a choice. */
  readonly route: ModelRoute | null;
  /** The provider of the AI SDK as the code names it; null elsewhere, and for the global provider. */
  readonly provider: string | null;
}

export interface ModelParts extends CallReaderParts {
  readonly call: KnownCall;
  readonly texts: TextReader;
}

export function readModel(parts: ModelParts, value: Node | undefined): DraftModel | Refusal {
  if (value === undefined) return { reason: "it names no model" };
  const { programs, call, texts } = parts;
  const { program, writer } = call;
  const known = readJson(programs, program, value);
  if (typeof known?.value === "string" && known.value.trim() !== "") {
    inlineNames(parts, value);
    if (writer !== "ai") return { model: plainModel(known.value), provider: null, route: null };
    if (known.value.includes("/")) return { model: known.value, provider: null, route: null };
    return {
      reason: `its model "${known.value}" says no provider: write "provider/model", or a provider's model`,
    };
  }
  if (writer === "ai") return providerModel(parts, value) ?? { reason: whyUnknown(parts, value) };
  const chosen = chosenModel(parts, texts.read(value));
  return chosen ?? { reason: whyUnknown(parts, value) };
}

/** The condition is read before the values of the prompt, where it stood behind or among them. */
function chosenModel({ facts }: ModelParts, pieces: readonly Piece[]): DraftModel | undefined {
  const [only, ...more] = pieces;
  if (typeof only !== "object" || only.kind !== "choice" || more.length > 0) return undefined;
  const [then, otherwise] = [only.then, only.otherwise].map((branch) =>
    branch.length === 1 && typeof branch[0] === "string" ? branch[0] : "",
  ) as [string, string];
  if (then.trim() === "" || otherwise.trim() === "") return undefined;
  const { test } = only;
  if (test.source === "" || facts.hasEffects(test.program, test.node)) return undefined;
  const route = { name: then, model: plainModel(then), test };
  return { model: plainModel(otherwise), provider: null, route };
}

/** `openai("gpt-5-mini")` of the AI SDK, or a constant that holds it. */
function providerModel({ programs, call, texts, facts }: ModelParts, value: Node): DraftModel | undefined {
  const { program } = call;
  const found = followPath(programs, program, value);
  const init = found && programs.valueOf(found.definition);
  const made = init === undefined ? bare(value) : bare(init);
  const home = found?.definition.program ?? program;
  // What another file makes may be made by a provider of its own.
  if (home !== program || made.type !== "CallExpression" || suspends(made)) return undefined;
  const [named, ...more] = made.arguments;
  const id = named && readJson(programs, program, named);
  const callee = bare(made.callee);
  const root = callee.type === "MemberExpression" ? bare(callee.object) : callee;
  if (typeof id?.value !== "string" || id.value.trim() === "" || more.length > 0) return undefined;
  if (root.type !== "Identifier") return undefined;
  // The provider must be one that can be named where the call stands.
  const provider = program.bindingOf(root);
  if (provider === undefined || program.lookUp(root.name, call.node) !== provider) return undefined;
  for (const passed of found?.passed ?? []) texts.inlined.add(passed);
  if (named !== undefined) inlineNames({ programs, facts, call, texts }, named);
  const from = programs.packageOf(program, root)?.match(/^@ai-sdk\/([a-z0-9-]+)$/)?.[1];
  return { model: plainModel(id.value, from), provider: program.text(callee), route: null };
}

/** Names whose value went into the declaration. */
export function inlineNames({ programs, call, texts }: ModelParts, expression: Node): void {
  for (const passed of followPath(programs, call.program, expression)?.passed ?? [])
    texts.inlined.add(passed);
}

/** By its name alone where that stands for the same model. */
function plainModel(id: string, provider?: string): NamedModel {
  const read = modelChoice(id);
  const isSame = read.id === id && (provider === undefined || read.provider === provider);
  return isSame ? id : { id, provider: provider ?? "custom" };
}

/** With what to write, since a row has to say which model was asked. */
function whyUnknown({ programs, call }: ModelParts, value: Node): string {
  const { program } = call;
  const node = bare(value);
  const found =
    node.type === "Identifier" || node.type === "MemberExpression"
      ? followPath(programs, program, node)
      : undefined;
  const given = found && programs.valueOf(found.definition);
  const chosen = given === undefined ? node : bare(given);
  const said = (found?.definition.program ?? program).text(chosen).split("\n")[0] ?? "";
  const where =
    given === undefined || found === undefined
      ? ""
      : ` of ${found.definition.program.file}:${found.definition.program.lineAt(given)}`;
  const head = `its model (${said}${where}) is decided at run time, and each row says which model was asked`;
  if (node.type === "Identifier" && program.bindingOf(node)?.kind === "parameter") {
    return `${head}: give each caller a prompt of its own, or declare one with routes and hand on the name of a route`;
  }
  const fallback =
    chosen.type === "LogicalExpression"
      ? readJson(programs, found?.definition.program ?? program, chosen.right)
      : undefined;
  if (typeof fallback?.value === "string") {
    return `${head}: write "${fallback.value}" there, run extract again, and name another model where an environment needs it with colophon release --model`;
  }
  return `${head}: write the name of one there, and run extract again; others become routes of the prompt, or the model of a release (--model)`;
}
