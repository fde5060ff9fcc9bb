/** Resolve and render through the SDK's public face, over a registry of 10,000 prompts and 100,000 overrides. */
import { type Colophon, open } from "colophon";
import { against, atMost, type Figure, figure } from "../figure.ts";
import type { Quantiles } from "../measure/quantiles.ts";
import { temporaryFolder } from "../measure/temporary-folder.ts";
import { timeCalls, timerOverhead } from "../measure/time-calls.ts";
import type { SuiteOptions, SuiteReport } from "../suite.ts";
import { declarePrompt, type MeasuredPrompt } from "../workload/declare-prompts.ts";
import { chatBody, type PromptVariables, promptBody, promptVariables } from "../workload/prompt-body.ts";
import {
  ENVIRONMENT,
  overriddenUser,
  type PromptGroup,
  promptKey,
  registrySnapshot,
} from "../workload/prompt-registry.ts";

interface Scale {
  readonly prompts: number;
  readonly overrides: number;
  readonly hot: number;
  readonly rounds: number;
  readonly calls: number;
}

const FULL: Scale = { prompts: 10_000, overrides: 100_000, hot: 100, rounds: 7, calls: 200_000 };
const QUICK: Scale = { prompts: 200, overrides: 2_000, hot: 100, rounds: 1, calls: 2_000 };

/** Seeds of the texts in the code, apart from those of the registry. */
const CODE_SEED = 10_000_000;

/** Calls differ in their variables; they are made before, as the application has them at hand. */
const VARIABLES: readonly PromptVariables[] = Array.from({ length: 1024 }, (_, index) =>
  promptVariables(index),
);

interface Variant {
  readonly name: string;
  readonly prompts: readonly MeasuredPrompt[];
  readonly user: (index: number) => string;
}

const SOMEBODY: readonly string[] = Array.from({ length: 5_000 }, (_, index) => `somebody-${index}`);
const somebody = (index: number): string => SOMEBODY[index % SOMEBODY.length] as string;

function groupsOf({ prompts, overrides, hot }: Scale): readonly PromptGroup[] {
  return [
    { name: "text", prompts, versions: 2, overrides },
    { name: "wide", prompts: hot, versions: 1, body: (seed) => promptBody(seed, "wide") },
    { name: "chat", prompts: hot, versions: 1, body: chatBody },
    { name: "canary", prompts: hot, versions: 2, canary: true },
  ];
}

function declareGroup(group: PromptGroup): readonly MeasuredPrompt[] {
  return Array.from({ length: group.prompts }, (_, index) =>
    declarePrompt(promptKey(group.name, index), (group.body ?? promptBody)(CODE_SEED + index)),
  );
}

/** Resolves, renders, and counts the bytes, which flattens the text as sending it does. */
function renderCall(colophon: Colophon, { prompts, user }: Variant): (index: number) => number {
  return (index) => {
    const prompt = prompts[index % prompts.length] as MeasuredPrompt;
    const call = colophon.resolve(prompt, { user: user(index) });
    const { messages } = call.render(VARIABLES[index & 1023] as PromptVariables);
    let bytes = 0;
    for (const message of messages) bytes += Buffer.byteLength(message.content);
    return bytes;
  };
}

function figuresOf(name: string, { p50, p99, p999 }: Quantiles): readonly Figure[] {
  return [
    figure(`${name}, p50`, p50 / 1000, "µs"),
    figure(`${name}, p99`, p99 / 1000, "µs"),
    figure(`${name}, p99.9`, p999 / 1000, "µs"),
  ];
}

function variantsOf(scale: Scale): readonly Variant[] {
  const [text = [], wide = [], chat = [], canary = []] = groupsOf(scale).map(declareGroup);
  const hot = text.slice(0, scale.hot);
  // The override of user i is of prompt i, modulo the prompts, so each hot prompt meets users of its own.
  const users = Array.from({ length: scale.overrides / scale.prompts }, (_, turn) =>
    hot.map((_prompt, index) => overriddenUser(turn * scale.prompts + index)),
  ).flat();
  return [
    { name: `${scale.hot} hot prompts`, prompts: hot, user: somebody },
    { name: `${scale.prompts.toLocaleString("en-US")} prompts in turn`, prompts: text, user: somebody },
    { name: "text outside Latin-1", prompts: wide, user: somebody },
    { name: "with a canary's draw", prompts: canary, user: somebody },
    { name: "with a user's override", prompts: hot, user: (index) => users[index % users.length] as string },
    { name: "chat of three messages", prompts: chat, user: somebody },
  ];
}

/** A variant that does not serve what its name says would measure something else. */
function checkServed(colophon: Colophon, variants: readonly Variant[]): void {
  for (const { name, prompts, user } of variants) {
    const { resolution } = colophon.resolve(prompts[0] as MeasuredPrompt, { user: user(0) });
    const wanted = name.includes("override") ? "user" : "environment";
    if (resolution.tier !== wanted) {
      throw new Error(`"${name}" was decided by ${resolution.tier ?? resolution.reason}, not by ${wanted}.`);
    }
  }
}

export async function hotPath({ quick, say }: SuiteOptions): Promise<SuiteReport> {
  const scale = quick ? QUICK : FULL;
  const folder = temporaryFolder();
  say(`declaring ${scale.prompts} prompts`);
  const snapshot = registrySnapshot(groupsOf(scale));
  const variants = variantsOf(scale);
  const colophon = open({
    snapshot,
    environment: ENVIRONMENT,
    store: folder.path,
    onNotice: () => undefined,
  });
  await colophon.ready();
  await colophon.flush();
  checkServed(colophon, variants);
  const overhead = timerOverhead(scale.calls);
  const figures: Figure[] = [];
  for (const variant of variants) {
    say(variant.name);
    const found = figuresOf(variant.name, timeCalls(renderCall(colophon, variant), scale));
    const [p50, p99, ...rest] = found as [Figure, Figure];
    if (figures.length === 0) figures.push(against(p50, atMost(2.5)), against(p99, atMost(10)), ...rest);
    else figures.push(...found);
  }
  figures.push(
    figure("reading the clock, p50", overhead.p50, "ns"),
    figure("reading the clock, p99", overhead.p99, "ns"),
  );
  await colophon.close();
  folder.remove();
  return {
    figures,
    notes: [
      `${scale.rounds} rounds of ${scale.calls.toLocaleString("en-US")} calls, each timed by itself; every figure is the median of its rounds and holds the reading of the clock.`,
    ],
  };
}
