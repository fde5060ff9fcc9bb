/** A house on SQLite with tickets, an eval set of them, and a simulated model to ask. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@colophon/kernel";
import {
  type RunningSimulator,
  type SimulatorOptions,
  startSimulator,
  ticketCorpus,
  triageBodies,
} from "@colophon/simulator";
import { anActor } from "@colophon/testkit";
import { type Harness, openHarness, registerPrompt } from "../../index.ts";
import { importEvalSet } from "../eval-sets/import-eval-set.ts";
import { openModels } from "../models/open-models.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";

export const KEY = "support.triage";
export type TriageBody = keyof typeof triageBodies;

export interface EvaluationHouse {
  readonly folder: string;
  readonly harness: Harness;
  readonly simulator: RunningSimulator;
  readonly parts: EvaluationParts;
  /** Registers the bodies and gives their numbers. */
  register(...bodies: readonly (TriageBody | { readonly body: string })[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

export interface HouseOptions {
  readonly cases?: number;
  readonly simulator?: SimulatorOptions;
  readonly model?: string;
  /** Further fields of the prompt's file. */
  readonly prompt?: Readonly<Record<string, unknown>>;
}

const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

export async function openEvaluationHouse(options: HouseOptions = {}): Promise<EvaluationHouse> {
  const { cases = 200, model = "gpt-5-mini" } = options;
  const folder = mkdtempSync(join(tmpdir(), "colophon-eval-"));
  const simulator = await startSimulator({ latencyMs: 0, ...options.simulator });
  const harness = await openHarness({ cwd: folder, mode: "write", actor: anActor() });
  const models = openModels({
    clock: systemClock,
    baseUrls: { openai: simulator.baseUrl, anthropic: simulator.anthropicBaseUrl },
  });
  await importEvalSet(harness, {
    file: { file: "tickets.jsonl", format: "jsonl", text: ticketLines(cases) },
    name: "tickets",
    scorers: ['{"scorer":"label","options":{"labels":["billing","bug","other"]}}'],
    checkerOf: () => (value) => ({ value }),
  });
  return {
    folder,
    harness,
    simulator,
    parts: {
      caller: models.caller,
      endpointOf: (asked) => models.endpointOf(asked),
      folder,
      checkerOf: () => (value) => ({ value }),
      onNotice: () => undefined,
    },
    async register(...bodies) {
      const numbers: number[] = [];
      for (const one of bodies) {
        const body = typeof one === "string" ? triageBodies[one] : one.body;
        const value = { key: KEY, owner: "support", model, input: INPUT, body, ...options.prompt };
        numbers.push((await registerPrompt(harness, { value, file: "triage.yaml" })).version);
      }
      return numbers;
    },
    async close() {
      await harness.close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Two thirds of them are for the gate. */
export function ticketLines(count: number): string {
  return ticketCorpus(1, count)
    .map(({ id, ticket, label, documentType }, at) =>
      JSON.stringify({
        id,
        variables: { ticket },
        expected: { kind: "label", value: label },
        split: at % 3 === 0 ? "dev" : "test",
        tags: [documentType],
      }),
    )
    .join("\n");
}
