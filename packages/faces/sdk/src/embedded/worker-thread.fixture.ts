/** A worker thread with a store of its own open: records calls until it is told to stop, and notes each row it was promised. */
import { appendFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { openEmbedded } from "./open-embedded.ts";

const { store, notes } = workerData as { readonly store: string; readonly notes: string };

const triage = definePrompt({
  key: "threads.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "{{ticket}}",
});

const colophon = openEmbedded({ store, environment: "production", onNotice: () => undefined }, {});
let stopped = false;
parentPort?.once("message", () => {
  stopped = true;
});

for (let turn = 0; !stopped; turn++) {
  const call = colophon.resolve(triage, { user: `u${turn % 5}` });
  const receipt = call.start({ ticket: `${turn}` }).finish({ text: "billing" });
  // Synchronous, so that a thread which is terminated has noted what it was promised.
  appendFileSync(notes, `${call.executionId} ${receipt}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
await colophon.close();
