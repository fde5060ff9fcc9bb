/** Calls as an application makes them while a rollout serves: drawn by its newest record, written into the ledger. */
import { rolloutHistory } from "@colophon/delivery";
import type { ExecutionDraft, OutcomeDraft, RolloutEntry } from "@colophon/kernel";
import { anExecution, anOutcome } from "@colophon/testkit";
import type { Harness } from "../../harness.ts";
import { startRollout } from "../../index.ts";
import { KEY, type OpenedHouse, registerBodies, releaseTo } from "../../opened-house.fixture.ts";

export const ENV = "production";

/** Steps of a second and twenty units; one comparison of the contract with room for a whole alpha. */
export const PLAN = {
  steps: ["20%", "50%", "100%"],
  dwell: "1s",
  units: 20,
  guards: [
    { metric: "schemaOk", alpha: "50%" },
    { metric: "cost", alpha: "50%" },
  ],
  clearing: ["schemaOk"],
  alpha: "5%",
} as const;

/** What a call comes to, by the version that served it and its number. */
export type Behaviour = (version: number, call: number) => Partial<ExecutionDraft>;

/** Everything goes well, and both versions cost alike. */
export const WELL: Behaviour = () => ({ schemaOk: true, statedCost: { amount: 0.001, currency: "USD" } });

/** v2 breaks its contract one time in ten. */
export const BREAKS: Behaviour = (version, call) => ({
  ...WELL(version, call),
  schemaOk: !(version === 2 && call % 10 === 3),
});

/** Registers v1 and v2, releases v1. */
export async function fillHouse({ harness }: OpenedHouse): Promise<void> {
  await registerBodies(harness, ["One.", "Two."]);
  await releaseTo(harness, 1);
}

export async function startOn(
  { harness }: OpenedHouse,
  plan: Readonly<Record<string, unknown>> = PLAN,
): Promise<void> {
  const member = { key: KEY, versions: [2] };
  await startRollout(harness, { members: [member], environment: ENV, plan, reason: "a test" });
}

export async function newestRecord({ records }: Harness): Promise<RolloutEntry> {
  const all = await records.listRecords({ key: KEY, kinds: ["rollout"] });
  const last = all.findLast((record) => record.kind === "rollout");
  if (last?.kind !== "rollout") throw new Error("There is no rollout.");
  return rolloutHistory(all, last.data.id).at(-1) as RolloutEntry;
}

/** Units come round evenly over the draws, so that shares arrive as planned. */
export class Traffic {
  readonly #house: OpenedHouse;
  #unit = 0;

  constructor(house: OpenedHouse) {
    this.#house = house;
  }

  /** Draws and writes so many calls, each of a new unit, and gives their rows. */
  async serve(calls: number, behave: Behaviour = WELL): Promise<readonly ExecutionDraft[]> {
    const rows = await this.draw(calls, behave);
    await this.#house.harness.ledger.append(rows);
    return rows;
  }

  /** The rows alone, to be written later. */
  async draw(calls: number, behave: Behaviour = WELL): Promise<readonly ExecutionDraft[]> {
    const { harness } = this.#house;
    const entry = await newestRecord(harness);
    const revision = await harness.records.revision();
    return Array.from({ length: calls }, () => this.#row({ ...entry, revision }, behave));
  }

  /** Says something of rows. */
  async say(rows: readonly ExecutionDraft[], said: Partial<OutcomeDraft>): Promise<void> {
    const { harness } = this.#house;
    await harness.ledger.appendOutcomes(rows.map(({ id }) => anOutcome(harness.ids, id, said)));
  }

  #row({ salt, arms, control, revision, baseline }: RolloutEntry, behave: Behaviour) {
    const { ids } = this.#house.harness;
    const unit = this.#unit++;
    // The golden ratio spreads any number of units evenly.
    const draw = (unit * 0.618_033_988_749_895 + 0.5) % 1;
    const share = arms.reduce((sum, arm) => sum + arm.share, 0);
    const version = draw < share ? (arms[0]?.version ?? baseline) : baseline;
    const lane = version !== baseline ? "canary" : draw > 1 - control ? "control" : "live";
    const probability = lane === "canary" ? share : lane === "control" ? control : 1 - share - control;
    const assignment = { salt, draw, probability };
    return anExecution(ids, { version, lane, revision, assignment, ...behave(version, unit) });
  }
}
