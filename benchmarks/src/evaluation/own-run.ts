/** One step of an evaluation as one process: takes the cases in from a file, or scores them with a provider that answers at once. */
import { setFlagsFromString } from "node:v8";
import {
  type EvaluationParts,
  evaluate,
  importEvalSet,
  openHarness,
  registerPrompt,
} from "@colophon/harness";
import type { ModelCaller } from "@colophon/kernel";
import { answerTo, KEY, promptFile, SCORERS, SET } from "./eval-workload.ts";

const [folder = "", file = "", concurrency = "16", step = "eval"] = process.argv.slice(2);

const caller: ModelCaller = {
  async call({ messages }) {
    return {
      ok: true,
      answer: {
        text: answerTo(messages[0]?.content ?? ""),
        toolCalls: [],
        refused: false,
        finishReason: "stop",
        cutShort: false,
        model: "gpt-5-mini",
        systemFingerprint: null,
        tokens: { input: 40, output: 1, reasoning: null, cacheRead: null, cacheWrite: null },
        latency: 0,
        host: "instant",
      },
    };
  },
};

const parts: EvaluationParts = {
  caller,
  endpointOf: () => "instant",
  checkerOf: () => (value) => ({ value }),
  folder,
  onNotice: () => undefined,
};

// As the command line does for `eval`.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--optimize-for-size");
const harness = await openHarness({ cwd: folder, mode: "write", actor: { id: "bench", via: "cli" } });
if (step === "import") await takeIn();
else await score();
await harness.close();

async function takeIn(): Promise<void> {
  const { checkerOf } = parts;
  const cases = { file: "cases.jsonl", path: file, format: "jsonl" } as const;
  await importEvalSet(harness, { file: cases, name: SET, scorers: SCORERS, checkerOf });
  await registerPrompt(harness, { value: JSON.parse(promptFile(1)), file: "prompt.json" });
}

async function score(): Promise<void> {
  const asked = { key: KEY, version: 1, set: SET, split: "test", environment: "development" } as const;
  const { lines, errors } = await evaluate(harness, { ...asked, concurrency: Number(concurrency) }, parts);
  if (errors > 0) throw new Error(`${errors} of ${lines} answers have no score.`);
}
