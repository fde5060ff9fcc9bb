/** What the code of an application declared last of a prompt, as the resolver reads it. */
import {
  contractVariables,
  type DeclarationEntry,
  declarationsIn,
  getDeclarations,
  type JsonSchema,
  type PromptState,
  type VersionText,
} from "@colophon/kernel";
import type { Declaration, SchemaCheck } from "@colophon/runtime";
import type { Harness } from "./harness.ts";

/** Makes the check of variables out of a contract. */
export type CheckerOf = (schema: JsonSchema) => SchemaCheck;

export interface DeclarationSource {
  readonly key: string;
  /** Undefined where no code declared the prompt. */
  readonly declared: DeclarationEntry | undefined;
  /** The declared text by its hash. */
  readonly text: VersionText | undefined;
  readonly pinned?: number | null;
}

/** A prompt that no code declared has no contract but that of the version itself. */
const NO_CALLER = "0".repeat(64);

/** Whose code is meant where several applications declare a prompt. */
export interface WhoseCode {
  /** Null for the one without a name; the one that declared the prompt last when absent. */
  readonly application?: string | null;
  /** The call that was served: the code that made it, where no application is named. */
  readonly served?: { readonly caller: string; readonly hash: string } | undefined;
}

/**
 * What that code declared; undefined where no code declared the prompt.
 *
 * @throws HarnessError `application-unknown` for one that is named and does not declare it.
 */
export function chooseDeclaration(
  prompt: PromptState | undefined,
  environment: string,
  { application, served }: WhoseCode,
): DeclarationEntry | undefined {
  if (application !== undefined)
    return getDeclarations(prompt === undefined ? [] : [prompt], environment, application)[0];
  const entries = declarationsIn(prompt, environment);
  const ofCaller = entries.filter((one) => one.caller === served?.caller);
  return ofCaller.findLast((one) => one.hash === served?.hash) ?? ofCaller.at(-1) ?? entries.at(-1);
}

/** The text of a declaration. */
export async function declaredText(
  harness: Harness,
  declared: DeclarationEntry | undefined,
): Promise<VersionText | undefined> {
  if (declared === undefined) return undefined;
  return (await harness.records.listTexts([declared.hash])).get(declared.hash);
}

export function registryDeclaration(source: DeclarationSource): Declaration {
  const { key, declared, text, pinned = null } = source;
  const none = {
    checkInput: null,
    checkOutput: null,
    binders: {},
    capture: null,
    pinned,
    servables: new Map(),
  };
  if (declared === undefined || text === undefined) {
    return {
      key,
      text: null,
      hash: "",
      bodyHash: "",
      caller: null,
      callerHash: NO_CALLER,
      variables: null,
      ...none,
    };
  }
  const { hash, bodyHash, caller: callerHash, input, providers, tools } = declared;
  const caller = { input, providers, tools };
  return { key, text, hash, bodyHash, caller, callerHash, variables: variablesOf(input), ...none };
}

/** Names of the variables; null for a contract that says nothing of them. */
export function variablesOf(input: JsonSchema): ReadonlySet<string> | null {
  const { all } = contractVariables(input);
  if (all.length === 0 && input.properties === undefined) return null;
  return new Set(all);
}
