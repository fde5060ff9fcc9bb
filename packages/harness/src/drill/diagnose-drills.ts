/** Finds prompts whose rollback was never rehearsed, or not for long, and drills that were cut off. */
import { isProtected, listEnvironments } from "@colophon/delivery";
import type { EnvironmentData, PromptState, RegistryState } from "@colophon/kernel";
import { about, type Diagnosis } from "../diagnosis.ts";
import type { Harness } from "../harness.ts";
import { drilledAt, hasWayBack } from "./drill-all.ts";

const DAY_MS = 86_400_000;
/** A quarter: people, code and machines have changed by then. */
const LONG_DAYS = 90;
/** No drill takes as long as that. */
const CUT_OFF_MS = 60_000;

/** Rehearsals are asked for in `production`, and wherever an environment is protected for the prompt. */
export async function diagnoseDrills(harness: Harness, state: RegistryState): Promise<readonly Diagnosis[]> {
  const findings: Diagnosis[] = [];
  for (const environment of listEnvironments(state)) {
    for (const prompt of state.prompts.values()) {
      const finding = diagnose(harness, prompt, environment);
      const place = { key: prompt.key, environment: environment.name };
      if (finding === undefined) continue;
      if (finding.code === "drill-cut-off" || (await hasWayBack(harness, state, place)))
        findings.push(finding);
    }
  }
  return findings;
}

function diagnose(
  { clock }: Harness,
  prompt: PromptState,
  environment: EnvironmentData,
): Diagnosis | undefined {
  const { key } = prompt;
  const { name } = environment;
  const drill = prompt.drills.get(name);
  const command = `\`colophon drill ${key} --env ${name}\``;
  if (drill?.state === "began" && clock.now() - drill.at > CUT_OFF_MS) {
    return {
      ...about("error", "drill-cut-off", { key, environment: name }),
      message: `A drill of ${key} went back to v${drill.to} in ${name} and was cut off before v${drill.from} served again.`,
      advice: `Run ${command}, or \`colophon watch\`, which brings it back.`,
    };
  }
  if (name !== "production" && !isProtected(environment, prompt)) return undefined;
  const last = drilledAt(prompt, name);
  if (last !== null && clock.now() - last <= LONG_DAYS * DAY_MS) return undefined;
  const when = last === null ? "never rehearsed" : `last rehearsed on ${isoDay(last)}`;
  return {
    ...about("note", "not-drilled", { key, environment: name }),
    message: `The rollback of ${key} in ${name} was ${when}.`,
    advice: `Run ${command} while its applications are connected; \`--share 0.05\` touches few.`,
  };
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
