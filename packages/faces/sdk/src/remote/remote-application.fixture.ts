/** An application on a server, in a process or thread of its own: calls one prompt until it is told to stop, and says each row it was promised. */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { definePrompt } from "../define/define-prompt.ts";
import { openRemote } from "./open-remote.ts";
import { QUICK } from "./quick-pace.fixture.ts";
import { KEY } from "./server.fixture.ts";

const given = (isMainThread ? process.argv.slice(2) : (workerData as readonly string[])) ?? [];
const [address = "", folder = "", name = "", apiKey = KEY] = given;

const triage = definePrompt({
  key: "remote.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "From the code: {{ticket}}",
});

const colophon = openRemote({
  address,
  options: { environment: "production", apiKey, folder, onNotice: () => undefined },
  variables: {},
  pace: QUICK,
});
let stopped = false;
const stop = (): void => {
  stopped = true;
};
if (isMainThread) process.stdin.once("data", stop);
else parentPort?.once("message", stop);

for (let turn = 0; !stopped; turn++) {
  const call = colophon.resolve(triage, { user: `${name}-${turn % 7}` });
  const receipt = call.start({ ticket: `${turn}` }).finish({ text: "bug" });
  const said = { id: call.executionId, receipt, version: call.version };
  if (isMainThread) process.stdout.write(`${JSON.stringify(said)}\n`);
  else parentPort?.postMessage(said);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await colophon.close();
if (isMainThread) process.stdin.unref();
