/** A gate that a hundred cases leave open, decided by pairs of real traffic: through the SDK, with nobody affected. */
import { join } from "node:path";
import {
  checkerOf,
  DeliveryWatch,
  gateChallenger,
  type Harness,
  importEvalSet,
  openHarness,
  openModels,
  protectEnvironment,
  registerPrompt,
  releaseVersion,
  scoreOnline,
  shadowPairs,
  startRollout,
} from "@colophon/harness";
import { type EvidenceData, type RolloutEntry, systemClock, systemRandom } from "@colophon/kernel";
import {
  type RunningSimulator,
  type SupportTicket,
  startSimulator,
  ticketCorpus,
  triageBodies,
} from "@colophon/simulator";
import { type Colophon, open } from "colophon";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CliWorld, openWorld } from "../cli-world.fixture.ts";
import { STORY_KEY as KEY, storyFile, triage } from "../story/story-prompt.ts";

const ENV = "production";
/** What the desk knows in the end, held against the answer. */
const SCORER = { scorer: "custom", metric: "quality", options: { file: "right-label.ts" } };
const PLAN = {
  shadow: { rate: "100%", concurrency: 64, calls: 6000, metric: "quality", margin: 0.05, pairs: 100 },
  guards: [{ metric: "errors" }],
  clearing: ["errors"],
};
const AT_ONCE = 8;
const BATCH = 250;
const CASES = 100;
const tickets = ticketCorpus(1, 3_100);

let world: CliWorld;
let harness: Harness;
let simulator: RunningSimulator;
let colophon: Colophon | undefined;
/** Counted by the process, over all that it opened. */
let begunBefore = 0;

beforeEach(async () => {
  world = openWorld();
  simulator = await startSimulator({ latencyMs: 0 });
});
afterEach(async () => {
  await colophon?.close();
  await harness.close();
  await simulator.close();
  world.close();
});

function evaluationParts() {
  const models = openModels({ clock: systemClock, baseUrls: { openai: simulator.baseUrl } });
  return {
    caller: models.caller,
    endpointOf: models.endpointOf,
    checkerOf,
    folder: world.folder,
    onNotice: () => undefined,
  };
}

/** The store as its owner leaves it: the live version, the challenger, a hundred cases for the gate, and a door. */
async function fill(challenger: string): Promise<void> {
  harness = await openHarness({ cwd: world.folder, mode: "write", actor: { id: "grace", via: "cli" } });
  const labels = Object.fromEntries(tickets.map(({ ticket, label }) => [ticket, label]));
  world.write("right-label.ts", scorerFile(labels));
  for (const body of [triageBodies.defined, challenger]) {
    const value = { ...(storyFile("worse") as object), body, risk: "low", evalSet: "tickets" };
    await registerPrompt(harness, { value, file: "triage.json" });
  }
  const cases = tickets
    .slice(0, CASES)
    .map(({ id, ticket }) => ({ id, variables: { ticket }, split: "test" }));
  await importEvalSet(harness, {
    file: {
      file: "tickets.jsonl",
      format: "jsonl",
      text: cases.map((one) => JSON.stringify(one)).join("\n"),
    },
    name: "tickets",
    scorers: [JSON.stringify(SCORER)],
    checkerOf,
  });
  await protectEnvironment(harness, { name: ENV, gate: "always" });
  const first = {
    key: KEY,
    version: 1,
    environment: ENV,
    reason: "the first",
    breakGlass: "it was live before",
  };
  await releaseVersion(harness, first);
}

function scorerFile(labels: Readonly<Record<string, string>>): string {
  return `const labels: Record<string, string> = ${JSON.stringify(labels)};
export const score = (answer: { text: string | null; variables: { ticket: string } }): boolean =>
  (answer.text ?? "").toLowerCase().match(/billing|bug|other/)?.[0] === labels[answer.variables.ticket];
`;
}

function openApplication(): OpenAI {
  colophon = open({
    store: join(world.folder, ".colophon"),
    environment: ENV,
    mirror: false,
    capture: "full",
    onNotice: () => undefined,
  });
  begunBefore = colophon.status().shadow?.sent ?? 0;
  return new OpenAI({ apiKey: "none", baseURL: simulator.baseUrl });
}

/** Gives how many answers users were shown. */
async function serve(client: OpenAI, queue: Iterable<SupportTicket>): Promise<number> {
  const application = colophon as Colophon;
  let shown = 0;
  const left = queue[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      const { ticket } = next.value;
      const call = application.resolve(triage);
      expect(call.version).toBe(1);
      await call.record({ ticket }, (p) => client.chat.completions.create(p.openai()));
      shown += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // Repeats that were begun are over when their rows are there.
  const begun = (): number => (application.status().shadow?.sent ?? 0) - begunBefore;
  const ended = async (): Promise<number> => {
    await application.flush();
    return (await harness.ledger.listExecutions({ prompt: KEY, purpose: "shadow", limit: 10_000 })).length;
  };
  await expect.poll(async () => begun() - (await ended()), { timeout: 10_000 }).toBe(0);
  return shown;
}

async function rollout(): Promise<RolloutEntry | undefined> {
  return (await harness.records.state()).prompts.get(KEY)?.rollouts.get(ENV);
}

async function pairEvidence(): Promise<readonly EvidenceData[]> {
  const records = await harness.records.listRecords({ key: KEY, kinds: ["evidence"] });
  return records.flatMap((record) => (record.kind === "evidence" && record.data.pairs ? [record.data] : []));
}

/** Serves, scores and looks, as the application, `colophon score` and `colophon watch` do, until the shadow is over. */
async function untilDecided(): Promise<{
  readonly shown: number;
  readonly state: RolloutEntry["state"] | undefined;
}> {
  const client = openApplication();
  await (colophon as Colophon).ready();
  const watch = new DeliveryWatch(harness, { random: systemRandom, pairsOf: shadowPairs(harness) });
  let shown = 0;
  try {
    for (let from = CASES; from < tickets.length; from += BATCH) {
      shown += await serve(client, tickets.slice(from, from + BATCH));
      await scoreOnline(harness, { key: KEY, environment: ENV, sample: 0.001 }, evaluationParts());
      const tick = await watch.tick();
      expect(tick.problems).toEqual([]);
      const state = (await rollout())?.state;
      if (state !== "shadowing") return { shown, state };
    }
    return { shown, state: (await rollout())?.state };
  } finally {
    await watch.close();
  }
}

function start(): Promise<unknown> {
  const members = [{ key: KEY, versions: [2] }];
  return startRollout(harness, { members, environment: ENV, plan: PLAN, reason: "fewer words" });
}

test("a hundred cases leave an equal version open, and pairs of real traffic let its canary begin", async () => {
  await fill(
    triageBodies.defined.replace("Answer with one word, the label only.", "Answer with the label only."),
  );
  const gate = await gateChallenger(harness, { key: KEY, version: 2, environment: ENV }, evaluationParts());
  expect(gate).toMatchObject({ verdict: "inconclusive", cases: CASES });
  const release = { key: KEY, version: 2, environment: ENV, reason: "as good" };
  await expect(releaseVersion(harness, release)).rejects.toThrow("no ship evidence");
  await start();
  expect(await rollout()).toMatchObject({ state: "shadowing", arms: [{ version: 2, share: 0 }] });
  const { shown, state } = await untilDecided();
  expect(state).toBe("ramping");
  expect(shown).toBeGreaterThan(CASES);
  const [evidence, ...more] = await pairEvidence();
  expect(more).toEqual([]);
  expect(evidence).toMatchObject({
    ...{
      verdict: "ship",
      challenger: "v2",
      baseline: "v1",
      method: "paired-betting",
      mode: "noninferiority",
    },
    ...{ environment: ENV, margin: 0.05, runs: [], evalSet: { name: "quality", version: 0 } },
    difference: { lower: -0.05, upper: null },
    pairs: { rollout: (await rollout())?.id },
  });
  expect(evidence?.pairs?.count).toBeLessThanOrEqual(shown);
  const documents = await harness.records.listDocuments([evidence?.document ?? ""]);
  expect([...documents.values()]).toMatchObject([{ verdict: "ship", metric: "quality" }]);
  expect((await harness.care.verify()).findings).toEqual([]);
}, 60_000);

test("a worse version is blocked by its pairs, and nobody ever saw it", async () => {
  await fill(triageBodies.worse);
  await start();
  expect(await untilDecided()).toMatchObject({ state: "stopped" });
  expect(await pairEvidence()).toMatchObject([
    { verdict: "block", difference: { lower: null, upper: -0.05 } },
  ]);
  const served = await harness.ledger.listExecutions({ prompt: KEY, version: 2, purpose: "serve" });
  expect(served).toEqual([]);
}, 60_000);
