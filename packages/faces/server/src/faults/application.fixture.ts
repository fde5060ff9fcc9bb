/** An application on a server, as anybody writes it: calls one prompt until it is told to stop, and says what it got and each row it was promised. */
import { createInterface } from "node:readline";
import { definePrompt, open } from "colophon";
import { z } from "zod";

const settings = JSON.parse(process.argv[2] ?? "") as {
  readonly url: string;
  readonly apiKey: string;
  readonly folder: string;
  readonly application: string;
};

const PAUSE_MS = 10;
const READY_MS = 60_000;

const triage = definePrompt({
  key: "faults.triage",
  model: "gpt-5-mini",
  input: z.object({ ticket: z.string() }),
  body: "From the code: {{ticket}}",
});

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const colophon = open({
  ...settings,
  environment: "production",
  onNotice: (notice) => say({ notice }),
});

let turn = 0;

function call(): void {
  turn += 1;
  const { resolution, ...called } = begin(`${turn}`);
  const receipt = called.started.finish({ text: "bug" });
  say({ id: called.started.id, receipt, version: resolution.version, tier: resolution.tier });
}

function begin(ticket: string) {
  const resolved = colophon.resolve(triage, { user: `user-${turn % 7}` });
  return { started: resolved.start({ ticket }), resolution: resolved.resolution };
}

/** Until the server has every row, however often it has to be asked. */
async function flushed(): Promise<void> {
  for (;;) {
    try {
      return await colophon.flush();
    } catch (error) {
      say({ notice: (error as Error).message });
    }
  }
}

let isStopped = false;
createInterface({ input: process.stdin })
  .on("line", (calls) => {
    for (let left = Number(calls); left > 0; left--) call();
  })
  .once("close", () => {
    isStopped = true;
  });

await colophon.ready({ timeoutMs: READY_MS });
while (!isStopped) {
  call();
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
await flushed();
await colophon.close();
