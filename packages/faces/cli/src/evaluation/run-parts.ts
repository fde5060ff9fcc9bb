/** What the command line gives to a run: models to be asked, checks, a preview and a progress bar. */
import {
  type EvaluationParts,
  type Harness,
  modelAccess,
  type OnlineParts,
  openModels,
  type RunEstimate,
  type RunProgress,
} from "@colophon/harness";
import { type ModelChoice, modelChoice } from "@colophon/kernel";
import cliProgress from "cli-progress";
import type { Cli } from "../cli.ts";
import { checkerOf } from "../schema-checker.ts";
import type { EvaluationFlags } from "./evaluation-flags.ts";
import { spareMemory } from "./spare-memory.ts";

/** From so many calls on a preview is worth a line. */
const LARGE = 50;

export interface OpenRunParts {
  readonly parts: EvaluationParts;
  /** Takes the progress bar away. */
  close(): void;
}

interface AskedModels {
  readonly harness: Harness;
  readonly models: readonly ModelChoice[];
}

/** `asked` are the models that are evaluated; `--base-url` is the address of their providers, not of judges. */
export function openRunParts(
  cli: Cli,
  flags: Pick<EvaluationFlags, "baseUrl" | "embedder">,
  asked: AskedModels,
): OpenRunParts {
  spareMemory();
  const bar = progressBar(cli);
  const parts: EvaluationParts = {
    ...callingParts(cli, flags, asked),
    onEstimate(estimate) {
      if (estimate.calls >= LARGE || estimate.finished > 0) cli.say(estimateSentence(estimate));
      bar?.begin(estimate);
    },
    onProgress: (progress) => bar?.update(progress),
  };
  return { parts, close: () => bar?.end() };
}

/** Models to be asked and checks alone, for what shows no progress. */
export function callingParts(
  cli: Cli,
  { baseUrl, embedder }: Pick<EvaluationFlags, "baseUrl" | "embedder">,
  asked: AskedModels,
): OnlineParts {
  const access = modelAccess(cli.io.env);
  const own = baseUrl === undefined ? [] : asked.models.map(({ provider }) => [provider, baseUrl] as const);
  const models = openModels({
    ...access,
    baseUrls: { ...access.baseUrls, ...Object.fromEntries(own) },
    clock: asked.harness.clock,
    onNotice: (message) => cli.say(message),
  });
  return {
    caller: models.caller,
    endpointOf: (model) => models.endpointOf(model),
    checkerOf,
    embedder: embedder === undefined ? undefined : models.embedder(modelChoice(embedder)),
    folder: cli.io.cwd,
    signal: cli.io.signal,
    onNotice: (message) => cli.say(message),
  };
}

/** What a run would cost, in a sentence. */
function estimateSentence(estimate: RunEstimate): string {
  const { calls, kept, finished, inputTokens, outputTokens, money, unpriced } = estimate;
  const before = [
    ...(kept > 0 ? [`${kept} answers are kept from before`] : []),
    ...(finished > 0 ? [`${finished} repeats of cases are finished already`] : []),
  ];
  const tokens =
    outputTokens === null
      ? `about ${inputTokens} input tokens; the version sets no limit to its answers, so what they cost is not known`
      : `about ${inputTokens} input and at most ${outputTokens} output tokens`;
  const cost = (money ?? []).map(({ amount, currency }) => `${Number(amount.toPrecision(3))} ${currency}`);
  const most = cost.length === 0 ? "" : `, at most about ${cost.join(" and ")}`;
  const none = unpriced > 0 ? `; ${unpriced} of the calls have no known price` : "";
  return `${calls} calls are to be paid for, ${tokens}${most}${none}${before.length === 0 ? "" : `; ${before.join(", ")}`}.`;
}

interface ProgressBar {
  begin(estimate: RunEstimate): void;
  update(progress: RunProgress): void;
  end(): void;
}

function progressBar(cli: Cli): ProgressBar | undefined {
  const { terminal } = cli.io.stderr;
  if (terminal === undefined) return undefined;
  const format = "{bar} {percentage}% · {value} of {total} · {rate}/s · {cost} · {left} left";
  const bar = new cliProgress.SingleBar(
    { format, stream: terminal, hideCursor: true },
    cliProgress.Presets.shades_classic,
  );
  let isOn = false;
  return {
    begin() {
      bar.start(1, 0, { rate: "–", cost: "–", left: "–" });
      isOn = true;
    },
    update({ done, planned, rate, left, spent }) {
      if (planned !== null) bar.setTotal(planned);
      const cost = spent.money.map(({ amount, currency }) => `${amount.toFixed(4)} ${currency}`).join(" + ");
      bar.update(done, { rate: rate?.toFixed(1) ?? "–", cost: cost || "–", left: timeText(left) });
    },
    end() {
      if (isOn) bar.stop();
      isOn = false;
    },
  };
}

function timeText(milliseconds: number | null): string {
  if (milliseconds === null) return "–";
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
