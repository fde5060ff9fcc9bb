/** Sets the stage for the story: a simulated model, a store, an application on the SDK. */
import { openHarness } from "@colophon/harness";
import { startSimulator } from "@colophon/simulator";
import { open } from "colophon";
import type { Cli } from "../cli.ts";
import { openaiClient } from "../clients/openai-client.ts";
import { type StoryEnd, tellStory } from "./tell-story.ts";

export interface Stage {
  readonly folder: string;
  readonly seed: number;
  readonly say: (text: string) => void;
}

/** Tells the story to its end, and takes the stage down. */
export async function runStory(cli: Cli, { folder, seed, say }: Stage): Promise<StoryEnd> {
  const { paint, io } = cli;
  const simulator = await startSimulator({ seed });
  say(paint.bold("The life of one prompt"));
  say(
    `A desk sorts support tickets with a model. ${paint.yellow("The model is a SIMULATION")}: a small local server`,
  );
  say("that reads its prompt. Everything else is real: the store, the SDK, the official OpenAI client.");
  say(paint.dim(`store ${folder} · environment production`));
  const harness = await openHarness({
    store: folder,
    cwd: io.cwd,
    mode: "write",
    actor: { id: cli.person(), via: "cli" },
    clock: io.clock,
  });
  const colophon = open({ store: folder, environment: "production", onNotice: () => {} });
  try {
    const client = await openaiClient({ baseUrl: simulator.baseUrl, apiKey: "simulated" });
    await colophon.ready({ timeoutMs: 5_000 });
    return await tellStory({ cli, harness, application: { colophon, client }, seed, say });
  } finally {
    await colophon.close();
    await harness.close();
    await simulator.close();
  }
}
