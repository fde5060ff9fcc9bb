/** A store with a released prompt, a simulated model, and tickets to run batches over. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningSimulator, type StartOptions, startSimulator, ticketCorpus } from "@colophon/simulator";
import { type CliWorld, fillWorld, KEY, openWorld, type Ran, type RunOptions } from "../cli-world.fixture.ts";

export interface OutLine {
  readonly line: number;
  readonly executionId: string;
  readonly version: number;
  readonly output: string | null;
  readonly error: string | null;
}

export interface RowSeen {
  readonly id: string;
  readonly version: number;
  readonly attempt: number;
  readonly status: string;
  readonly error: string | null;
  readonly tier: string;
  readonly requestedModel: string;
  readonly provider: string;
  readonly outputLength: number | null;
  readonly subjects: { readonly user: string };
  readonly tokens: { readonly input: number | null; readonly output: number | null };
}

export interface BatchWorld {
  readonly world: CliWorld;
  readonly simulator: RunningSimulator;
  /** A model over the simulator, whatever client it takes. */
  args(model: string | null, more?: readonly string[]): readonly string[];
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  writeTickets(count: number): void;
  outLines(): readonly OutLine[];
  /** Whole lines of the output so far. */
  written(): number;
  rows(): Promise<readonly RowSeen[]>;
  close(): Promise<void>;
}

export async function openBatchWorld(options: StartOptions = {}): Promise<BatchWorld> {
  const world = openWorld();
  await fillWorld(world);
  const simulator = await startSimulator({ latencyMs: 0, ...options });
  const env = {
    OPENAI_BASE_URL: simulator.baseUrl,
    ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
  };
  const out = join(world.folder, "out.jsonl");
  const text = (): string => (existsSync(out) ? readFileSync(out, "utf8") : "");
  return {
    world,
    simulator,
    args(model, more = []) {
      const chosen = model === null ? [] : ["--model", model];
      const fixed = ["batch", KEY, "--input", "in.jsonl", "--out", "out.jsonl", "--env", "production"];
      return [...fixed, ...chosen, ...more];
    },
    run: (args, given = {}) => world.run(args, { ...given, env: { ...env, ...given.env } }),
    writeTickets(count) {
      const lines = ticketCorpus(1, count).map(({ ticket, user, id }) =>
        JSON.stringify({ variables: { ticket }, user, document: id, session: `s-${id}` }),
      );
      world.write("in.jsonl", `${lines.join("\n")}\n`);
    },
    outLines: () =>
      text()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    written: () => text().split("\n").length - 1,
    rows: async () => (await world.run(["ledger", "--json", "--limit", "10000"])).rows<RowSeen>(),
    async close() {
      await simulator.close();
      world.close();
    },
  };
}

/** 1, 2, 3, … up to the count. */
export function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
