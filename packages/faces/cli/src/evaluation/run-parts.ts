/** What the command line gives to a run: models to be asked, checks, a preview and a progress bar. */
import {
  checkerOf,
  type EvaluationParts,
  type Harness,
  type House,
  isRemote,
  modelAccess,
  openModels,
  type RunEstimate,
  type RunProgress,
} from "@colophon/harness";
import { HarnessError, type ModelChoice } from "@colophon/kernel";
import cliProgress from "cli-progress";
import type { Cli } from "../cli.ts";
import type { EvaluationFlags } from "./evaluation-flags.ts";
import { spareMemory } from "./spare-memory.ts";

/** From so many calls on a preview is worth a line. */
const LARGE = 50;

export interface OpenRunParts {
  readonly parts: EvaluationParts;
  /** Takes the progress bar away. */
  close(): void;
}

export interface AskedModels {
  readonly house: House;
  /** Models that are evaluated: `--base-url` is the address of their providers, not of judges. */
  readonly modelsOf: (harness: Harness) => Promise<readonly ModelChoice[]>;
}

type ModelFlags = Pick<EvaluationFlags, "baseUrl">;

export async function openRunParts(cli: Cli, flags: ModelFlags, asked: AskedModels): Promise<OpenRunParts> {
  const calling = await callingParts(cli, flags, asked);
  spareMemory();
  const bar = progressBar(cli);
  const parts: EvaluationParts = {
    ...calling,
    onEstimate(estimate) {
      if (estimate.calls >= LARGE || estimate.finished > 0) cli.say(estimateSentence(estimate));
      bar?.begin(estimate);
    },
    onProgress: (progress) => bar?.update(progress),
  };
  return { parts, close: () => bar?.end() };
}

/**
 * Models to be asked and checks alone, for what shows no progress.
 *
 * @throws HarnessError `usage` for an address of models where a server asks them.
 */
export async function callingParts(
  cli: Cli,
  { baseUrl }: ModelFlags,
  { house, modelsOf }: AskedModels,
): Promise<EvaluationParts> {
  const access = modelAccess(cli.io.env);
  const own = baseUrl === undefined ? [] : await askedProviders(house, modelsOf);
  const models = openModels({
    ...access,
    baseUrls: { ...access.baseUrls, ...Object.fromEntries(own.map((provider) => [provider, baseUrl])) },
    clock: house.clock,
    onNotice: (message) => cli.say(message),
  });
  return {
    caller: models.caller,
    endpointOf: (model) => models.endpointOf(model),
    checkerOf,
    embedderOf: (model) => models.embedder(model),
    folder: cli.io.cwd,
    signal: cli.io.signal,
    onNotice: (message) => cli.say(message),
  };
}

async function askedProviders(house: House, modelsOf: AskedModels["modelsOf"]): Promise<readonly string[]> {
  if (!isRemote(house)) return (await modelsOf(house)).map(({ provider }) => provider);
  throw new HarnessError(
    "usage",
    "The server asks models with its project's own keys and addresses; leave --base-url out, or set the project's secret, such as OPENAI_BASE_URL.",
  );
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
