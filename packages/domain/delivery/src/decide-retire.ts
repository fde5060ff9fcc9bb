/** Retires an application that no longer declares prompts in an environment, so that nothing has to fit it. */
import {
  type Actor,
  applicationName,
  getDeclarations,
  getEnvironment,
  getPrompt,
  type RecordDecision,
  type RegistryState,
} from "@colophon/kernel";
import { writtenReason } from "./written-reason.ts";

export interface RetireCommand {
  /** Null for the one without a name. */
  readonly application: string | null;
  readonly environment: string;
  /** Every prompt that it declares there when null. */
  readonly key: string | null;
  readonly reason: string;
  readonly by: Actor;
}

export interface Retired {
  readonly application: string | null;
  readonly environment: string;
  /** Keys of the prompts that have not to fit it any more. */
  readonly prompts: readonly string[];
}

/**
 * An application that is started again declares its prompts again.
 *
 * @throws HarnessError `application-unknown`, `environment-unknown`, `key-unknown` or `reason-missing`.
 */
export function decideRetire(state: RegistryState, command: RetireCommand): RecordDecision<Retired> {
  const { application, environment, key, by } = command;
  const reason = writtenReason(command.reason, `Retiring ${applicationName(application)}`);
  getEnvironment(state, environment);
  const asked = key === null ? [...state.prompts.values()] : [getPrompt(state, key)];
  const prompts = getDeclarations(asked, environment, application).map((declared) => declared.key);
  return {
    drafts: prompts.map((one) => {
      return { kind: "retirement", by, data: { key: one, environment, application, reason } };
    }),
    result: { application, environment, prompts },
  };
}
