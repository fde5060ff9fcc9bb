/** A function as a platform hosts it: one invocation per line of standard input, nothing of its own on disk. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { open } from "../node.ts";
import { batchSink } from "./batch-sink.ts";
import { refreshing } from "./refreshing.ts";

const [bakedFile = "", server = ""] = process.argv.slice(2);

const triage = definePrompt({
  key: "support.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "From the code: {{ticket}}",
});

const colophon = open({
  environment: "production",
  mirror: false,
  snapshot: refreshing(JSON.parse(readFileSync(bakedFile, "utf8")), {
    load: async () => (await fetch(`${server}/snapshot.json`)).json(),
    maxAgeMs: 100,
  }),
  sink: batchSink({
    send: async (entries) => {
      const answer = await fetch(`${server}/rows`, { method: "POST", body: JSON.stringify(entries) });
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
    },
  }),
});

for await (const ticket of createInterface({ input: process.stdin })) {
  const call = colophon.resolve(triage, { user: "ada" });
  const text = call.record({ ticket }, (p) => p.text);
  // The last thing before the platform freezes the process.
  await colophon.flush();
  const { version, reason, revision } = call.resolution;
  console.log(JSON.stringify({ execution: call.executionId, text, version, reason, revision }));
}
