/** `colophon simulator`: runs the server that stands in for a model. */
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { wholeNumber } from "../read-flags.ts";

interface SimulatorFlags extends GlobalFlags {
  readonly port?: string;
  readonly seed?: string;
}

export function addSimulator(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "simulator",
    summary: "run a SIMULATED model that speaks the OpenAI wire format and reads its prompt",
    example: "colophon simulator --port 4100 --seed 7",
  })
    .option("--port <number>", "the port; 0 takes any free one", "0")
    .option("--seed <number>", "the seed of its noise", "1")
    .action(async (_options: object, command: Command) => {
      const flags = flagsOf<SimulatorFlags>(command);
      const port = wholeNumber(flags.port ?? "0", "--port", 0);
      const seed = wholeNumber(flags.seed ?? "1", "--seed", 0);
      // Its web server is of no use to any other command.
      const { startSimulator } = await import("@colophon/simulator");
      const simulator = await startSimulator({ port, seed });
      try {
        const { url, baseUrl } = simulator;
        cli.answer(flags, { url, baseUrl, port: simulator.port, seed, simulation: true }, () =>
          [
            `Colophon simulator: a SIMULATION, no model. Seed ${seed}.`,
            `OpenAI base URL ${baseUrl}`,
            "Ctrl+C ends it.",
          ].join("\n"),
        );
        await interrupted(cli.io.signal);
      } finally {
        await simulator.close();
      }
    });
}

/** Without a signal nobody could end it, so it ends at once. */
function interrupted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined || signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener("abort", () => done(), { once: true }));
}
