/** `colophon simulator`: runs the server that stands in for a model. */
import type { RunningSimulator, StartOptions } from "@colophon/simulator";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { wholeNumber } from "../read-flags.ts";

interface SimulatorFlags extends GlobalFlags {
  readonly port?: string;
  readonly seed?: string;
  readonly latency?: string;
  readonly fault?: readonly string[];
  readonly faultRate?: readonly string[];
  readonly drift?: readonly string[];
  readonly model?: readonly string[];
  readonly retire?: readonly string[];
}

/** A flag that may be given several times. */
function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function addSimulator(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "simulator",
    summary:
      "run SIMULATED models that speak the wire formats of OpenAI, Anthropic and Google and read their prompt",
    example: [
      "colophon simulator --port 4100 --seed 7",
      "colophon simulator --drift gpt-5-mini@2026-04-16T14:32:00Z=gpt-5-nano --fault '429;times=3'",
    ].join("\n"),
  })
    .option("--port <number>", "the port; 0 takes any free one", "0")
    .option("--seed <number>", "the seed of its noise", "1")
    .option("--latency <ms>", "how long an answer takes: 0, 5-20, or median=400,per-token=8")
    .option("--fault <fault>", "what the next request meets, such as '429;times=3;retry-after=1'", several)
    .option("--fault-rate <fault=share>", "the share of requests that meet a fault, such as 429=0.1", several)
    .option(
      "--drift <model@time=profile>",
      "a model that behaves otherwise from then on, under its name",
      several,
    )
    .option("--model <name=profile>", "a new model name, and the profile behind it", several)
    .option("--retire <model@time>", "a model name that is answered with 404 from then on", several)
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<SimulatorFlags>(command);
      const options = await readOptions(flags);
      // Its web server is of no use to any other command.
      const { startSimulator } = await import("@colophon/simulator");
      const simulator = await startSimulator(options);
      try {
        tell(cli, flags, simulator);
        await interrupted(cli.io.signal);
      } finally {
        await simulator.close();
      }
    });
}

async function readOptions(flags: SimulatorFlags): Promise<StartOptions> {
  const { readDrift, readFaultRate, readLatency, readNewModel, readRetirement } = await import(
    "@colophon/simulator"
  );
  const rates = (flags.faultRate ?? []).map(readFaultRate);
  return {
    port: wholeNumber(flags.port ?? "0", "--port", 0),
    seed: wholeNumber(flags.seed ?? "1", "--seed", 0),
    ...(flags.latency !== undefined && { latencyMs: readLatency(flags.latency) }),
    faults: { ...Object.assign({}, ...rates), schedule: flags.fault ?? [] },
    drifts: (flags.drift ?? []).map(readDrift),
    retirements: (flags.retire ?? []).map(readRetirement),
    models: Object.fromEntries((flags.model ?? []).map(readNewModel)),
  };
}

function tell(cli: Cli, flags: SimulatorFlags, simulator: RunningSimulator): void {
  const { url, baseUrl, anthropicBaseUrl, googleBaseUrl, port } = simulator;
  const seed = Number(flags.seed ?? "1");
  const answer = { url, baseUrl, anthropicBaseUrl, googleBaseUrl, port, seed, simulation: true };
  cli.answer(flags, answer, () =>
    [
      `Colophon simulator: a SIMULATION, no model. Seed ${seed}. Any API key will do.`,
      `OPENAI_BASE_URL=${baseUrl}`,
      `ANTHROPIC_BASE_URL=${anthropicBaseUrl}`,
      `Google's baseURL: ${googleBaseUrl}; Anthropic's in ai: ${baseUrl}`,
      `What it served: ${url}/simulator/served`,
      "Ctrl+C ends it.",
    ].join("\n"),
  );
}

/** Without a signal nobody could end it, so it ends at once. */
function interrupted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined || signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener("abort", () => done(), { once: true }));
}
