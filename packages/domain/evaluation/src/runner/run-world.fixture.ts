/** A world for runs: models by a script, a cache and a journal in memory, a clock that stands still. */
import {
  buildText,
  type CallFailure,
  type Clock,
  type ExecutionId,
  hashText,
  type ModelChoice,
  type ModelRequest,
  type ModelResult,
} from "@colophon/kernel";
import type { EvalCase } from "../eval-case.ts";
import { PaidCalls, type PaidCallsParts } from "./paid-calls.ts";
import { type Contender, NO_BUDGET, type RunSide } from "./run-plan.ts";
import type { AnswerCache, KeptAnswer, RunJournal, ScoredGroup, TriedCall } from "./run-ports.ts";

export const MODEL: ModelChoice = { provider: "openai", id: "gpt-5-mini" };

/** What a call costs: a hundredth for each input token, a tenth for each output token. */
export const PRICES: PaidCallsParts["prices"] = {
  costOf: ({ tokens: { input, output } }) =>
    input === null && output === null
      ? null
      : { amount: 0.01 * (input ?? 0) + 0.1 * (output ?? 0), currency: "USD" },
};

export type Script = (request: ModelRequest, call: number) => ModelResult | Promise<ModelResult>;

export function answered(text: string, tokens = { input: 10, output: 1 }): ModelResult {
  return {
    ok: true,
    answer: {
      text,
      toolCalls: [],
      refused: false,
      finishReason: "stop",
      cutShort: false,
      model: "gpt-5-mini-2026",
      systemFingerprint: null,
      tokens: { ...tokens, reasoning: null, cacheRead: null, cacheWrite: null },
      latency: 5,
      host: "models.example",
    },
  };
}

export function failed(more: Partial<CallFailure> = {}): ModelResult {
  const failure: CallFailure = {
    kind: "server",
    reach: "passing",
    retryAfter: null,
    status: 500,
    message: "The model failed.",
    latency: 5,
    host: "models.example",
    ...more,
  };
  return { ok: false, failure };
}

export class MemoryCache implements AnswerCache {
  readonly kept = new Map<string, KeptAnswer>();

  find(name: string): KeptAnswer | undefined {
    return this.kept.get(name);
  }

  keep(name: string, kept: KeptAnswer): void {
    this.kept.set(name, kept);
  }
}

export class MemoryJournal implements RunJournal {
  readonly groups: ScoredGroup[] = [];

  get finished(): number {
    return this.groups.length;
  }

  has(caseId: string, repeat: number): boolean {
    return this.groups.some((group) => group.case === caseId && group.repeat === repeat);
  }

  append(group: ScoredGroup): void {
    this.groups.push(group);
  }
}

export interface RunWorld {
  readonly calls: PaidCalls;
  /** Every request that reached a model, by its text, in order. */
  readonly sent: string[];
  readonly tried: TriedCall[];
  /** Pauses that were waited for, in milliseconds. */
  readonly slept: number[];
  readonly cache: MemoryCache;
  readonly clock: Clock & { advance(ms: number): void };
}

export function openRunWorld(
  script: Script,
  more: Partial<PaidCallsParts> & { readonly kept?: MemoryCache } = {},
): RunWorld {
  let now = 0;
  const clock = {
    now: () => now,
    elapsed: () => now,
    advance: (ms: number) => {
      now += ms;
    },
  };
  const { kept: cache = new MemoryCache(), ...parts } = more;
  const sent: string[] = [];
  const tried: TriedCall[] = [];
  const slept: number[] = [];
  const calls = new PaidCalls({
    caller: {
      async call(request) {
        sent.push(request.messages.map(({ content }) => content).join("\n"));
        const number = sent.length;
        await Promise.resolve();
        return script(request, number);
      },
    },
    cache,
    recorder: {
      record(call) {
        tried.push(call);
        return `execution-${tried.length}` as ExecutionId;
      },
    },
    prices: PRICES,
    endpointOf: () => "https://models.example",
    digest: (text) => text,
    budget: NO_BUDGET,
    pace: { start: 4, most: 16 },
    tries: 3,
    clock,
    chance: () => 0.5,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      clock.advance(milliseconds);
    },
    ...parts,
  });
  return { calls, sent, tried, slept, cache, clock };
}

export function aContender(
  side: RunSide,
  body: string,
  more: Partial<Contender> & { readonly limit?: number } = {},
): Contender {
  const { limit, ...fields } = more;
  const model = limit === undefined ? MODEL : { ...MODEL, parameters: { max_tokens: limit } };
  const text = buildText({ body, model });
  return {
    side,
    key: "support.triage",
    subject: "v1",
    version: 1,
    hash: hashText(text),
    text,
    model,
    parts: [],
    drawOffset: 0,
    render: ({ ticket }) => [{ role: "user", content: `${body} ${String(ticket)}` }],
    ...fields,
  };
}

export function someCases(count: number): readonly EvalCase[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `case-${at}`,
    variables: { ticket: `t${at}` },
    expected: { kind: "label", value: "yes" } as const,
    split: "test" as const,
    tags: at % 2 === 0 ? ["even"] : [],
    cluster: null,
    provenance: { source: "import", ref: null } as const,
    scorers: [],
  }));
}
