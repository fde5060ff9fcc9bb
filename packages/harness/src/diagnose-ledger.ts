/** The doctor's look into the ledger: calls without a row, calls that fell back, calls from unknown places. */
import type { Execution, GapKind, PromptState, RegistryState } from "@colophon/kernel";
import { timeOfId } from "@colophon/kernel";
import { about, type Diagnosis } from "./diagnosis.ts";
import type { Harness } from "./harness.ts";

/** How long a call may run before its start without an end looks like a crash. */
const UNFINISHED_MS = 3_600_000;
/** How far back calls still say something of how things are. */
const RECENT_MS = 7 * 86_400_000;
const RECENT_ROWS = 200;

export async function diagnoseLedger(harness: Harness, state: RegistryState): Promise<readonly Diagnosis[]> {
  return [
    ...(await diagnoseGaps(harness)),
    ...(await diagnoseUnfinished(harness)),
    ...(await diagnoseEnvironments(harness, state)),
    ...(await diagnosePins(harness, state)),
  ];
}

interface GapSum {
  readonly kind: GapKind;
  readonly prompt: string | null;
  readonly count: number;
  readonly reason: string;
}

async function diagnoseGaps(harness: Harness): Promise<readonly Diagnosis[]> {
  const sums = new Map<string, GapSum>();
  for (const { kind, prompt, count, reason } of await harness.ledger.listGaps()) {
    const name = `${kind} ${prompt ?? ""}`;
    sums.set(name, { kind, prompt, reason, count: count + (sums.get(name)?.count ?? 0) });
  }
  return [...sums.values()].map(diagnoseGap);
}

function diagnoseGap({ kind, prompt, count, reason }: GapSum): Diagnosis {
  const what = prompt === null ? "" : ` of ${prompt}`;
  if (kind === "rendered-not-recorded") {
    return {
      ...about("warning", "not-recorded", { key: prompt }),
      message: `${count} call(s)${what} were rendered but never recorded.`,
      advice: "Use call.record(…), or call.start() and finish() around the model call.",
    };
  }
  return {
    ...about("error", "dropped", { key: prompt }),
    message: `${count} ${kind.replace("dropped-", "")}(s)${what} were dropped: ${reason}.`,
    advice: "Make room on the disk, or look at what kept the store busy.",
  };
}

async function diagnoseUnfinished(harness: Harness): Promise<readonly Diagnosis[]> {
  const now = harness.clock.now();
  const starts = await harness.ledger.listUnfinished();
  const cut = starts.filter((start) => now - timeOfId(start.id) > UNFINISHED_MS);
  if (cut.length === 0) return [];
  return [
    {
      ...about("warning", "unfinished", {}),
      message: `${cut.length} call(s) were started over an hour ago and have no row, the first being ${cut[0]?.id}.`,
      advice: "They were cut off by a crash, or still run.",
    },
  ];
}

/** A misspelt COLOPHON_ENV is never refused by an application: it serves the defaults there. */
async function diagnoseEnvironments(harness: Harness, state: RegistryState): Promise<readonly Diagnosis[]> {
  const since = harness.clock.now() - RECENT_MS;
  const calls = new Map<string, number>();
  for (const { environment, calls: count } of await harness.ledger.listRollups({ since })) {
    if (!state.environments.has(environment)) calls.set(environment, count + (calls.get(environment) ?? 0));
  }
  return Array.from(calls, ([environment, count]) => ({
    ...about("error", "unknown-environment", { environment }),
    message: `${count} call(s) of the last week ran in "${environment}", which is no environment of this store: they were served the code's own text.`,
    advice: `Add it with \`colophon env add ${environment}\`, or correct COLOPHON_ENV where the code runs.`,
  }));
}

/** Pins live in code and conversations; only the calls that met them tell. */
async function diagnosePins(harness: Harness, state: RegistryState): Promise<readonly Diagnosis[]> {
  const findings: Diagnosis[] = [];
  const since = harness.clock.now() - RECENT_MS;
  for (const prompt of state.prompts.values()) {
    if (!hasWithdrawn(prompt)) continue;
    const rows = await harness.ledger.listExecutions({ prompt: prompt.key, since, limit: RECENT_ROWS });
    const pins = rows.flatMap((row) => withdrawnPin(row) ?? []);
    for (const [version, group] of Map.groupBy(pins, (pin) => pin)) {
      findings.push({
        ...about("error", "withdrawn-pin", { key: prompt.key }),
        message: `${group.length} of the latest calls of ${prompt.key} were pinned to v${version}, which was withdrawn: they were served something else.`,
        advice: "Take the pin out of the code, of COLOPHON_PIN or of the stored conversations.",
      });
    }
  }
  return findings;
}

function hasWithdrawn({ versions }: PromptState): boolean {
  return [...versions.values()].some(({ withdrawn }) => withdrawn !== null);
}

function withdrawnPin({ considered }: Execution): number | undefined {
  return considered.find(({ tier, outcome }) => tier === "pin" && outcome === "withdrawn")?.version;
}
