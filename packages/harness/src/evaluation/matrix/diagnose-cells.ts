/** The doctor's look at what serves without having passed: texts on models that no evidence speaks for. */
import { isProtected } from "@colophon/delivery";
import { modelName } from "@colophon/evaluation";
import type { RegistryState } from "@colophon/kernel";
import { about, type Diagnosis } from "../../diagnosis.ts";
import type { Harness } from "../../harness.ts";
import { cellText, textName } from "../reports/matrix-report.ts";
import { countCalls, SERVED_DAYS } from "./count-calls.ts";
import { type CountedCell, listMatrix, type UnlistedCell } from "./list-cells.ts";

/** More are counted, not named. */
const NAMED = 5;

/**
 * One finding for each prompt and environment: a warning where evidence is asked for there, else a note. A prompt
 * without an eval set cannot pass, so it is told only where it has to.
 */
export async function diagnoseCells(harness: Harness, state: RegistryState): Promise<readonly Diagnosis[]> {
  const served = await countCalls(harness);
  const findings: Diagnosis[] = [];
  for (const [name, calls] of Map.groupBy(served, ({ environment }) => environment)) {
    const environment = state.environments.get(name);
    if (environment === undefined) continue;
    const asked = [...new Set(calls.map(({ key }) => key))].flatMap((key) => {
      const prompt = state.prompts.get(key);
      if (prompt === undefined) return [];
      const isAsked = isProtected(environment, prompt);
      const hasSet = (prompt.metadata?.evalSet ?? null) !== null;
      return isAsked || hasSet ? [{ key, isAsked }] : [];
    });
    const prompts = asked.map(({ key }) => key);
    const { cells, unlisted } = await listMatrix(harness, { environment: name, prompts });
    for (const { key, isAsked } of asked) {
      const unpassed = [...cells, ...unlisted].filter(
        (cell) => cell.key === key && cell.calls > 0 && cell.state !== "passed",
      );
      if (unpassed.length > 0) findings.push(finding({ key, environment: name, isAsked, unpassed }));
    }
  }
  return findings;
}

interface Unpassed {
  readonly key: string;
  readonly environment: string;
  /** Whether evidence is asked for there. */
  readonly isAsked: boolean;
  readonly unpassed: readonly (CountedCell | UnlistedCell)[];
}

function finding({ key, environment, isAsked, unpassed }: Unpassed): Diagnosis {
  const cells = unpassed.toSorted((a, b) => b.calls - a.calls);
  const total = cells.reduce((sum, { calls }) => sum + calls, 0);
  const named = cells
    .slice(0, NAMED)
    .map((cell) => `${textName(cell)} on ${modelName(cell)} (${cellText(cell)}, ${cell.calls})`);
  const more = cells.length > NAMED ? [`${cells.length - NAMED} more`] : [];
  return {
    ...about(isAsked ? "warning" : "note", "unpassed-cell", { key, environment }),
    message: `${total} call(s) of ${key} in ${environment} of the last ${SERVED_DAYS} days were on cells that have not passed: ${[...named, ...more].join(", ")}.`,
    advice: `Run what is live with \`colophon matrix run --env ${environment} --prompt ${key}\`, or ask \`colophon gate\` about the version.`,
  };
}
