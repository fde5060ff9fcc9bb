/** An application whose repeats never end, to be killed in the middle of one: says each row that it was promised. */
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { openEmbedded } from "../embedded/open-embedded.ts";

const [store = "", key = ""] = process.argv.slice(2);

const triage = definePrompt({
  key,
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "1 {{ticket}}",
});
const colophon = openEmbedded({ store, environment: "production", mirror: false }, {});
await colophon.ready();
setInterval(() => undefined, 1_000);
for (let turn = 0; turn < 3; turn++) {
  const call = colophon.resolve(triage, { user: "ada" });
  await call.record({ ticket: `${turn}` }, async (p) => {
    if (p.version === 1) return "live";
    process.stdout.write(`${JSON.stringify({ repeats: call.executionId })}\n`);
    return new Promise(() => undefined);
  });
  process.stdout.write(`${JSON.stringify({ live: call.executionId })}\n`);
}
