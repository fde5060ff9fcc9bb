/** The doctor's look at eval sets: overdue ones, and those that a prompt names and nobody made. */
import { overdueSentence } from "@colophon/evaluation";
import type { EpochMs, RegistryState } from "@colophon/kernel";
import { about, type Diagnosis } from "../../diagnosis.ts";

export function diagnoseEvalSets(state: RegistryState, now: EpochMs): readonly Diagnosis[] {
  const overdue = [...state.evalSets.values()].flatMap((versions): readonly Diagnosis[] => {
    const entry = versions.at(-1);
    const message = entry && overdueSentence(entry, now);
    if (entry === undefined || message === undefined) return [];
    const advice = `Import it anew with fresh cases; \`colophon evalset add ${entry.name} --where thumbs-down\` proposes some.`;
    return [{ ...about("warning", "eval-set-overdue", {}), message, advice }];
  });
  const missing = [...state.prompts.values()].flatMap(({ key, metadata }): readonly Diagnosis[] => {
    const name = metadata?.evalSet ?? null;
    if (name === null || state.evalSets.has(name)) return [];
    return [
      {
        ...about("warning", "eval-set-missing", { key }),
        message: `${key} names the eval set ${name}, which is not there: no gate can decide about it.`,
        advice: `Make it with \`colophon evalset import FILE --name ${name}\`.`,
      },
    ];
  });
  return [...overdue, ...missing];
}
