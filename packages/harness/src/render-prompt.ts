/** Renders a prompt as an application would, from variables that are held against the contract. */

import {
  type Body,
  getServable,
  HarnessError,
  type JsonSchema,
  type Message,
  type Part,
} from "@colophon/kernel";
import type { Harness } from "./harness.ts";
import { type CheckerOf, variablesOf } from "./registry-declaration.ts";
import { type PromptResolution, type ResolveQuery, resolveFully } from "./resolve-prompt.ts";
import { checkerOf } from "./schema-checker.ts";

export interface RenderQuery extends ResolveQuery {
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface RenderedPrompt
  extends Pick<
    PromptResolution,
    "key" | "environment" | "application" | "version" | "hash" | "tier" | "lane" | "reason" | "model"
  > {
  readonly messages: readonly Message[];
  readonly locale: string | null;
  readonly parts: readonly Part[];
}

/**
 * The messages that a call would send.
 *
 * @throws HarnessError `variable-missing`, `variable-extra`, `variable-invalid`, `version-unknown`,
 *   `withdrawn` or `misfit` for a version that was asked for and cannot be served.
 * @example
 * const { messages } = await renderPrompt(harness, {
 *   key: "support.triage",
 *   environment: "production",
 *   variables: { ticket },
 * });
 */
export async function renderPrompt(harness: Harness, query: RenderQuery): Promise<RenderedPrompt> {
  const { variables, ...question } = query;
  const { resolved, resolution, declaration, prompt } = await resolveFully(harness, question);
  const { servable } = resolved;
  const { key, environment, application, version, hash, tier, lane, reason, model } = resolution;
  if (question.version != null && version !== question.version) {
    // The tiers serve another one then, which is not what was asked for.
    getServable(prompt, question.version);
    const why = resolution.considered.find(({ tier: tried }) => tried === "pin")?.reason;
    throw new HarnessError(
      "misfit",
      `${key}@v${question.version} cannot be served in ${environment}: ${why}; render another version.`,
    );
  }
  if (servable === null) {
    throw new HarnessError(
      "version-unknown",
      `${key} has no text to serve in ${environment}: ${resolution.considered.at(-1)?.reason ?? "nothing is known of it"}; release a version there, or name one as ${key}@vN.`,
    );
  }
  const input = declaration.caller?.input ?? servable.text.input;
  const checked = checkVariables({ key, input, variables, checkerOf });
  const { compiled, locale } = servable.body(query.locale);
  const messages = compiled.render(checked);
  const { parts } = servable;
  const decided = { key, environment, application, version, hash, tier, lane, reason, model };
  return { ...decided, messages, locale, parts };
}

export interface VariablesToCheck {
  readonly key: string;
  readonly input: JsonSchema;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly checkerOf: CheckerOf;
}

/**
 * The variables with defaults filled in.
 *
 * @throws HarnessError `variable-extra`, `variable-missing` or `variable-invalid`, never with a value.
 */
export function checkVariables(check: VariablesToCheck): Readonly<Record<string, unknown>> {
  const { key, input, variables, checkerOf } = check;
  const known = variablesOf(input);
  const extra = known === null ? undefined : Object.keys(variables).find((name) => !known.has(name));
  if (extra !== undefined) {
    const names = [...(known ?? [])].join(", ") || "none";
    throw new HarnessError(
      "variable-extra",
      `${key} has no variable "${extra}"; its contract names ${names}.`,
    );
  }
  const result = checkerOf(input)(variables);
  if (result instanceof Promise) {
    throw new HarnessError(
      "variable-invalid",
      `The contract of ${key} cannot be checked here; check it in code.`,
    );
  }
  if (result.issues === undefined) return result.value as Readonly<Record<string, unknown>>;
  const [issue] = result.issues;
  const path = (issue?.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
  const [head] = path;
  if (path.length === 1 && head !== undefined && !Object.hasOwn(variables, head)) {
    throw new HarnessError(
      "variable-missing",
      `${key} needs the variable "${head}"; give it with the others.`,
    );
  }
  const where = path.join(".") || "the object of variables";
  throw new HarnessError(
    "variable-invalid",
    `${key}: ${where} ${issue?.message ?? "does not fit the contract"}; correct the value.`,
  );
}

/**
 * The words of a body, for people.
 *
 * @example
 * console.log(bodyText([{ role: "system", content: "Be brief." }, "history"]));
 */
export function bodyText(body: Body): string {
  if (typeof body === "string") return body;
  return body
    .map((part) => (part === "history" ? "[history]" : `[${part.role}]\n${part.content}`))
    .join("\n\n");
}
