/** An application in a process of its own: calls one prompt until it is told to stop, and says each row it was promised. */
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { openEmbedded } from "./open-embedded.ts";

const [store = "", name = ""] = process.argv.slice(2);

const triage = definePrompt({
  key: "many.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "From the code: {{ticket}}",
});

const colophon = openEmbedded({ store, environment: "production", pollMs: 50 }, {});
let stopped = false;
process.stdin.once("data", () => {
  stopped = true;
});

for (let turn = 0; !stopped; turn++) {
  const call = colophon.resolve(triage, { user: `${name}-${turn % 7}`, session: `${name}-${turn >> 3}` });
  const answer = {
    object: "chat.completion",
    choices: [{ finish_reason: "stop", message: { content: call.hash } }],
  };
  await call.record({ ticket: `${turn}` }, async () => answer);
  process.stdout.write(
    `${JSON.stringify({ id: call.executionId, version: call.version, revision: call.resolution.revision })}\n`,
  );
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await colophon.close();
process.stdin.unref();
