/** What the code of an environment declared last of a prompt, as the resolver reads it. */
import { contractVariables, type JsonSchema, type RegistryState, type VersionText } from "@colophon/kernel";
import type { Declaration, SchemaCheck } from "@colophon/runtime";

/** Makes the check of variables out of a contract; the harness has no validator of its own. */
export type CheckerOf = (schema: JsonSchema) => SchemaCheck;

export interface DeclarationSource {
  readonly key: string;
  readonly environment: string;
  readonly state: RegistryState;
  /** The declared text by its hash, where the code declared one. */
  readonly text: VersionText | undefined;
  readonly pinned?: number | null;
}

/** A prompt that no code declared has no contract but that of the version itself. */
const NO_CALLER = "0".repeat(64);

/** The hash of the text that the code of an environment declared last, where it declared one. */
export function declaredHash(state: RegistryState, key: string, environment: string): string | undefined {
  return state.prompts.get(key)?.declarations.get(environment)?.hash;
}

export function registryDeclaration(source: DeclarationSource): Declaration {
  const { key, environment, state, text, pinned = null } = source;
  const declared = state.prompts.get(key)?.declarations.get(environment);
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
