/** Finds a version of an eval set in the registry's state, and says what was probably meant when it is not there. */
import { type EvalSetEntry, HarnessError, nearestName, type RegistryState } from "@colophon/kernel";
import type { EvalSetReference } from "./eval-set-reference.ts";

/** The version named, else the newest. @throws HarnessError `eval-set-unknown` or `version-unknown`. */
export function getEvalSet(
  state: Pick<RegistryState, "evalSets">,
  { name, version }: EvalSetReference,
): EvalSetEntry {
  const versions = state.evalSets.get(name) ?? [];
  const newest = versions.at(-1);
  if (newest === undefined) {
    const meant = nearestName(name, state.evalSets.keys());
    throw new HarnessError(
      "eval-set-unknown",
      `There is no eval set ${name}: ${meant === undefined ? "make one with `colophon evalset import`." : `did you mean ${meant}?`}`,
      { details: { evalSet: name } },
    );
  }
  const found = version === null ? newest : versions.find((one) => one.version === version);
  if (found !== undefined) return found;
  throw new HarnessError(
    "version-unknown",
    `The eval set ${name} has no version v${version}: its newest is v${newest.version}.`,
    { details: { evalSet: name, version } },
  );
}

/** Keys of the prompts whose metadata name the set, sorted. */
export function promptsOf(state: Pick<RegistryState, "prompts">, name: string): readonly string[] {
  return [...state.prompts.values()]
    .filter(({ metadata }) => metadata?.evalSet === name)
    .map(({ key }) => key)
    .sort();
}
