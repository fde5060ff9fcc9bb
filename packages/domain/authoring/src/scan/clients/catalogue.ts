/** All known calls of models, by the last step of what is called. */
import { AI_SDK_CALLS } from "./ai-sdk.ts";
import type { ClientCall } from "./client-call.ts";
import { LANGCHAIN_CALLS } from "./langchain.ts";
import { OPENAI_CALLS } from "./openai.ts";
import { PROVIDER_CALLS } from "./providers.ts";
import { FRAMEWORK_CALLS } from "./python-frameworks.ts";

const CLIENT_CALLS: readonly ClientCall[] = [
  ...OPENAI_CALLS,
  ...PROVIDER_CALLS,
  ...AI_SDK_CALLS,
  ...LANGCHAIN_CALLS,
  ...FRAMEWORK_CALLS,
];

/** A call of the catalogue under one of its names. */
export interface NamedCall {
  readonly entry: ClientCall;
  /** The steps that what is called must end with. */
  readonly steps: readonly string[];
}

/** With the longest names first. */
export const CALLS_BY_NAME: ReadonlyMap<string, readonly NamedCall[]> = callsByName();

function callsByName(): ReadonlyMap<string, readonly NamedCall[]> {
  const byName = new Map<string, NamedCall[]>();
  for (const entry of CLIENT_CALLS) {
    for (const name of entry.calls) {
      const steps = name
        .split(".")
        .flatMap((step) => (step.endsWith("()") ? [step.slice(0, -2), "()"] : [step]));
      const last = steps.at(-1)!;
      byName.set(last, [...(byName.get(last) ?? []), { entry, steps }]);
    }
  }
  for (const calls of byName.values()) calls.sort((a, b) => b.steps.length - a.steps.length);
  return byName;
}
