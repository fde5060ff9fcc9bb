/** An installation in a folder, with a prompt, an eval set and a simulated model that jobs ask. */
import {
  type Harness,
  type InstallationDesk,
  importEvalSet,
  openInstallation,
  registerPrompt,
  releaseVersion,
} from "@colophon/harness";
import { type Clock, FIRST_PROJECT } from "@colophon/kernel";
import { ticketCorpus, triageBodies } from "@colophon/simulator";
import { type Logger, pino } from "pino";
import { DEFAULT_LIMITS, type ServerParts } from "../server-parts.ts";

export const KEY = "support.triage";
const MASTER_KEY = "a master key of thirty-two characters and more";
const ACTOR = { id: "grace", via: "server" } as const;

export function openJobsDesk(
  folder: string,
  clock: Clock,
  masterKey = MASTER_KEY,
): Promise<InstallationDesk> {
  return openInstallation({ cwd: folder, mode: "write", actor: ACTOR, clock, masterKey });
}

export interface RunningParts {
  readonly parts: ServerParts;
  /** What was logged, line by line. */
  readonly logged: readonly string[];
  readonly stop: AbortController;
}

export function serverParts(desk: InstallationDesk): RunningParts {
  const logged: string[] = [];
  const log: Logger = pino({ level: "trace" }, { write: (line: string) => void logged.push(line) });
  const stop = new AbortController();
  const parts = { desk, clock: desk.clock, log, limits: DEFAULT_LIMITS, stopping: stop.signal };
  return { parts, logged, stop };
}

const INPUT = { type: "object", properties: { ticket: { type: "string" } }, required: ["ticket"] };

/** Two versions, the first live in staging, and tickets of which a third is for `dev`. */
export async function fillProject(harness: Harness, cases: number): Promise<void> {
  for (const body of [triageBodies.bare, triageBodies.exemplified]) {
    const value = { key: KEY, owner: "support", model: "gpt-5-mini", input: INPUT, body, evalSet: "tickets" };
    await registerPrompt(harness, { value, file: "triage.yaml" });
  }
  const lines = ticketCorpus(1, cases).map(({ id, ticket, label }, at) =>
    JSON.stringify({
      id,
      variables: { ticket },
      expected: { kind: "label", value: label },
      split: at % 3 === 0 ? "dev" : "test",
    }),
  );
  await importEvalSet(harness, {
    file: { file: "tickets.jsonl", format: "jsonl", text: lines.join("\n") },
    name: "tickets",
    scorers: ['{"scorer":"label","options":{"labels":["billing","bug","other"]}}'],
  });
  await releaseVersion(harness, { key: KEY, version: 1, environment: "staging", reason: "first" });
}

/** Jobs of a project ask this server, and no other. */
export async function nameModels(desk: InstallationDesk, baseUrl: string): Promise<void> {
  const secret = { project: FIRST_PROJECT, by: "grace" };
  await desk.installation.secrets.set({ ...secret, name: "OPENAI_BASE_URL", value: baseUrl });
  await desk.installation.secrets.set({ ...secret, name: "OPENAI_API_KEY", value: "sk-very-secret" });
}
