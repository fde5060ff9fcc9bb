/** Tests of costs through the command line, on a real store with histories made to contain each cause. */
import type { ExecutionDraft, TokenUsage } from "@colophon/kernel";
import { anExecution, fixedClock, seededIds } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CliWorld, fillWorld, KEY, openWorld, type Ran } from "./cli-world.fixture.ts";

let world: CliWorld;
let seed = 0;

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

const PLAIN: TokenUsage = { input: 1_000, output: 100, reasoning: 0, cacheRead: 0, cacheWrite: null };

function tokens(usage: Partial<TokenUsage>): { readonly tokens: TokenUsage } {
  return { tokens: { ...PLAIN, ...usage } };
}

beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

type ExecutionFields = NonNullable<Parameters<typeof anExecution>[1]>;

interface Calls extends ExecutionFields {
  readonly count: number;
}

/** Calls a minute apart, the last one an hour before the moment. */
function callsBefore(moment: number, { count, ...fields }: Calls): readonly ExecutionDraft[] {
  const clock = fixedClock(moment - HOUR - count * 1_000);
  seed += 1;
  const ids = seededIds({ clock, seed: `costs ${seed}` });
  return Array.from({ length: count }, () => {
    clock.advance(1_000);
    return anExecution(ids, { answeringModel: null, ...tokens({}), ...fields });
  });
}

/** What was called a week ago, and what was called now. */
async function record(before: readonly Calls[], after: readonly Calls[]): Promise<void> {
  const now = world.clock.now();
  const rows = [
    ...before.flatMap((calls) => callsBefore(now - WEEK, calls)),
    ...after.flatMap((calls) => callsBefore(now, calls)),
  ];
  await append(rows);
}

async function append(rows: readonly ExecutionDraft[]): Promise<void> {
  const harness = await world.open();
  try {
    expect(await harness.ledger.append(rows)).toEqual({ stored: rows.length, duplicates: 0 });
  } finally {
    await harness.close();
  }
}

interface Explained {
  readonly changes: readonly {
    readonly status: string;
    readonly currency: string | null;
    readonly headline: string;
    readonly before: { readonly amount: number };
    readonly after: { readonly amount: number };
    readonly change: number;
    readonly parts: readonly { readonly factor: string; readonly amount: number }[];
  }[];
  readonly unpriced: readonly object[];
  readonly tables: readonly { readonly kind: string; readonly name: string; readonly hash: string }[];
  readonly workingCopy: string | null;
}

async function run(...args: readonly string[]): Promise<Ran> {
  const ran = await world.run(args);
  expect([ran.code, ran.err]).toEqual([0, ""]);
  return ran;
}

async function explain(...args: readonly string[]): Promise<Explained> {
  return (await run("costs", "explain", ...args, "--json")).json<Explained>();
}

const step = (number: number): ExecutionFields => ({ step: number, trace: "a".repeat(32) });

const CAUSES: readonly (readonly [string, string, readonly Calls[], readonly Calls[], RegExp])[] = [
  [
    "more traffic",
    "volume",
    [{ count: 20 }],
    [{ count: 50 }],
    /mostly volume, which rose from 20 to 50 traces\.$/,
  ],
  [
    "more calls in a trace",
    "callsPerTrace",
    [{ count: 10, ...step(1) }],
    [
      { count: 10, ...step(1) },
      { count: 10, ...step(2) },
      { count: 10, ...step(3) },
    ],
    /mostly calls per trace, which rose from 1 to 3\.$/,
  ],
  [
    "a storm of retries",
    "retries",
    [{ count: 30 }, { count: 1, attempt: 2 }],
    [{ count: 30 }, { count: 13, attempt: 2 }],
    /mostly retries: 1\.43 attempts per call against 1\.03\.$/,
  ],
  [
    "a new version with longer prompts",
    "promptMix",
    [{ count: 50 }],
    [{ count: 20 }, { count: 30, version: 2, hash: "b".repeat(64), ...tokens({ input: 2_400 }) }],
    /mostly the mix of versions: v2 took 60 % of the calls of v1 and sends 2\.4 times the input tokens\.$/,
  ],
  [
    "another mix of prompts",
    "promptMix",
    [{ count: 45 }, { count: 5, prompt: "report.writer", ...tokens({ output: 3_000 }) }],
    [{ count: 30 }, { count: 20, prompt: "report.writer", ...tokens({ output: 3_000 }) }],
    /mostly the mix of prompts: report\.writer@v1 rose from 10 % to 40 % of all traces and costs 13\.9 times as much per trace as support\.triage@v1\.$/,
  ],
  [
    "another model",
    "modelMix",
    [{ count: 20 }],
    [{ count: 6 }, { count: 14, requestedModel: "gpt-5" }],
    /mostly the mix of models: openai\/gpt-5 answered 70 % of the calls \(0 % before\) and costs 5 times as much per call as openai\/gpt-5-mini\.$/,
  ],
  [
    "longer inputs",
    "inputTokens",
    [{ count: 20 }],
    [{ count: 20, ...tokens({ input: 4_000 }) }],
    /mostly input tokens, which rose from 1,000 to 4,000 per call\.$/,
  ],
  [
    "longer answers",
    "outputTokens",
    [{ count: 20 }],
    [{ count: 20, ...tokens({ output: 700 }) }],
    /mostly output tokens, which rose from 100 to 700 per call\.$/,
  ],
  [
    "more reasoning",
    "reasoningTokens",
    [{ count: 20, ...tokens({ output: 300, reasoning: 200 }) }],
    [{ count: 20, ...tokens({ output: 1_600, reasoning: 1_500 }) }],
    /mostly reasoning tokens, which rose from 200 to 1,500 per call\.$/,
  ],
  [
    "a cache that is not met any more",
    "cacheHits",
    [{ count: 20, ...tokens({ cacheRead: 820 }) }],
    [{ count: 20, ...tokens({ cacheRead: 90 }) }],
    /mostly cache hits, which fell from 82 % to 9 % of input tokens\.$/,
  ],
];

describe("costs explain", () => {
  test.each(CAUSES)(
    "of %s names it first, in words and in the parts",
    async (...[, factor, before, after, words]) => {
      await record(before, after);
      const { changes } = await explain("--all", "--since", "2h");
      expect(changes).toHaveLength(1);
      const [change] = changes;
      expect(change?.parts[0]?.factor).toBe(factor);
      expect(change?.headline).toMatch(words);
      const { out } = await run("costs", "explain", "--all");
      expect(out.split("\n")[0]).toBe(change?.headline);
    },
  );

  test("of a price that changed by a recorded table names the price", async () => {
    await record([{ count: 20 }], [{ count: 20 }]);
    world.write("prices.yaml", "prices: [{ model: gpt-5-mini, input: 1, output: 2 }]");
    const since = new Date(world.clock.now() - WEEK / 2).toISOString();
    await run("prices", "set", "prices.yaml", "--since", since, "--reason", "dearer");
    const { changes, tables } = await explain(KEY);
    expect(changes[0]?.headline).toMatch(
      /mostly price: input tokens of openai\/gpt-5-mini rose from \$0\.250 to \$1\.000 per million\.$/,
    );
    expect(tables.map(({ kind }) => kind).sort()).toEqual(["list", "table"]);
  });

  test("prints parts that add up to the change as printed", async () => {
    await record(
      [{ count: 31, ...tokens({ cacheRead: 700 }) }],
      [
        { count: 17, ...tokens({ input: 1_337, output: 213, reasoning: 99 }) },
        { count: 7, requestedModel: "gpt-5", ...tokens({ output: 77 }) },
      ],
    );
    const { out } = await run("costs", "explain", KEY);
    const amounts = [...out.matchAll(/^.+? {2,}([+−]?)\$([\d.]+) /gm)];
    const parts = out.split("\n").flatMap((line) => {
      const [, sign, digits] = /^(?!window|before|after|change).+? {2,}([+−]?)\$([\d.]+)/.exec(line) ?? [];
      return digits === undefined ? [] : [Number(`${sign === "−" ? "-" : ""}${digits.replace(".", "")}`)];
    });
    const [, sign, digits = ""] = /^change +([+−]?)\$([\d.]+)/m.exec(out) ?? [];
    expect(amounts.length).toBeGreaterThan(5);
    expect(parts).toHaveLength(10);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(
      Number(`${sign === "−" ? "-" : ""}${digits.replace(".", "")}`),
    );
  });

  test("compares the windows that are named", async () => {
    const now = world.clock.now();
    await append([
      ...callsBefore(now - 10 * HOUR, { count: 10 }),
      ...callsBefore(now - 5 * HOUR, { count: 25 }),
      ...callsBefore(now, { count: 1_00 }),
    ]);
    const range = (from: number, to: number): string =>
      [from, to].map((hours) => new Date(now - hours * HOUR).toISOString()).join("..");
    const { changes } = await explain(KEY, "--before", range(12, 10), "--after", range(7, 5));
    expect(changes[0]?.parts[0]).toMatchObject({ factor: "volume", before: 10, after: 25 });
  });

  test("explains a time since an instant from its first millisecond on", async () => {
    const since = world.clock.now() - 2 * HOUR;
    const at = (moment: number): ExecutionDraft => {
      seed += 1;
      const ids = seededIds({ clock: fixedClock(moment), seed: `costs ${seed}` });
      return anExecution(ids, { answeringModel: null, ...tokens({}) });
    };
    await append([at(since - WEEK), at(since)]);
    const { changes } = await explain("--all", "--since", new Date(since).toISOString());
    expect(changes).toMatchObject([{ status: "explained", change: 0 }]);
  });

  test("explains one environment with --env", async () => {
    await record([{ count: 10 }], [{ count: 10 }, { count: 90, environment: "staging" }]);
    const { changes } = await explain("--all", "--env", "production");
    expect(changes[0]).toMatchObject({ headline: "Cost of all prompts stayed at $0.00450.", change: 0 });
  });

  test("lists what has no price or no tokens, and does not count it", async () => {
    const none = { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null };
    await record(
      [{ count: 10 }, { count: 4, requestedModel: "our-own", provider: "custom" }],
      [
        { count: 10 },
        { count: 40, requestedModel: "our-own", provider: "custom" },
        { count: 3, tokens: none },
      ],
    );
    const { changes, unpriced } = await explain(KEY);
    expect(changes[0]?.change).toBe(0);
    expect(unpriced).toEqual([
      { model: "custom/our-own", reason: "no-price", before: 4, after: 40 },
      { model: "openai/gpt-5-mini", reason: "no-tokens", before: 0, after: 3 },
    ]);
    const { out } = await run("costs", "explain", KEY);
    expect(out).toContain("Not in it: custom/our-own, which has no price (4 calls before, 40 calls after).");
  });

  test("explains what the application states in the currency that it states it in", async () => {
    const euros = (amount: number) => ({ statedCost: { amount, currency: "EUR" } });
    await record(
      [{ count: 10, ...euros(0.01) }, { count: 10 }],
      [{ count: 10, ...euros(0.03) }, { count: 10 }],
    );
    const { changes } = await explain(KEY);
    expect(changes.map(({ currency, headline }) => [currency, headline])).toEqual([
      [
        "EUR",
        "Cost of support.triage rose by €0.200 (+200 %): mostly price: the cost that the application states for openai/gpt-5-mini rose from €0.0100 to €0.0300 per call.",
      ],
      ["USD", "Cost of support.triage stayed at $0.00450."],
    ]);
  });

  test("says that an empty window is too little, and makes nothing up", async () => {
    await record([], [{ count: 10 }]);
    const { changes } = await explain(KEY);
    expect(changes).toEqual([
      {
        status: "insufficient",
        currency: "USD",
        headline:
          "There is too little to explain the cost of support.triage: the window before has no calls.",
        before: { amount: 0, traces: 0, calls: 0 },
        after: { amount: 0.0045, traces: 10, calls: 10 },
      },
    ]);
    const { out } = await run("costs", "explain", KEY);
    expect(out).toContain("too little");
    expect(out).not.toMatch(/NaN|Infinity|100 %/);
  });

  test("of a prompt that is registered and was never called says so", async () => {
    await fillWorld(world);
    const { changes } = await explain(KEY);
    expect(changes[0]?.headline).toBe(
      "There is too little to explain the cost of support.triage: neither window has calls.",
    );
  });
});

interface Row {
  readonly calls: number;
  readonly tokens: Readonly<Record<string, number>>;
  readonly amounts: readonly { readonly currency: string; readonly amount: number; readonly share: number }[];
  readonly unpriced: Readonly<Record<string, number>>;
  readonly tables: readonly { readonly kind: string; readonly hash: string }[];
  readonly [dimension: string]: unknown;
}

const costs = async (...args: readonly string[]): Promise<readonly Row[]> =>
  (await run("costs", ...args, "--json")).rows<Row>();

describe("costs", () => {
  test("of the last 30 days are told by prompt, with tokens by kind and shares", async () => {
    const now = world.clock.now();
    await append([
      ...callsBefore(now, { count: 30, ...tokens({ cacheRead: 400, output: 300, reasoning: 100 }) }),
      ...callsBefore(now - 20 * 24 * HOUR, { count: 10, prompt: "report.writer" }),
      ...callsBefore(now - 40 * 24 * HOUR, { count: 99 }),
    ]);
    const rows = await costs();
    expect(rows.map(({ prompt, calls }) => [prompt, calls])).toEqual([
      ["support.triage", 30],
      ["report.writer", 10],
    ]);
    expect(rows[0]).toMatchObject({
      tokens: { input: 30_000, output: 9_000, reasoning: 3_000, cacheRead: 12_000, cacheWrite: 0 },
      unpriced: { calls: 0, inputTokens: 0, outputTokens: 0 },
      tables: [{ kind: "list", name: "@pydantic/genai-prices" }],
    });
    // 18,000 × $0.25 + 12,000 × $0.025 + 9,000 × $2, each per million.
    expect(rows[0]?.amounts[0]?.amount).toBeCloseTo(0.0228, 12);
    expect(rows.reduce((sum, { amounts }) => sum + (amounts[0]?.share ?? 0), 0)).toBeCloseTo(1, 12);
    const { out } = await run("costs");
    expect(out).toMatch(/support\.triage +30 +30,000 +12,000 +9,000 +3,000 +\$0\.0228 +84 %/);
    expect(out).toMatch(
      /Total \$0\.0273 in 40 calls\.\nPriced by list @pydantic\/genai-prices [0-9a-f]{12}\./,
    );
  });

  test("are told by every dimension and by several of them", async () => {
    await fillWorld(world);
    await record(
      [],
      [
        { count: 3, subjects: { tenant: "acme" } },
        { count: 2, subjects: { tenant: "globex" }, version: 2, purpose: "eval" },
        { count: 1, requestedModel: "gpt-5" },
      ],
    );
    const by = async (dimensions: string): Promise<readonly unknown[]> =>
      (await costs("--by", dimensions)).map((row) =>
        [...dimensions.split(","), "calls"].map((name) => row[name]),
      );
    expect(await by("version")).toEqual([
      [1, 4],
      [2, 2],
    ]);
    expect(await by("model")).toEqual([
      ["openai/gpt-5-mini", 5],
      ["openai/gpt-5", 1],
    ]);
    expect(await by("owner")).toEqual([["support", 6]]);
    expect(await by("purpose")).toEqual([
      ["serve", 4],
      ["eval", 2],
    ]);
    expect(await by("tenant")).toEqual([
      [null, 1],
      ["acme", 3],
      ["globex", 2],
    ]);
    expect(await by("owner,tenant,model,version,purpose")).toEqual([
      ["support", null, "openai/gpt-5", 1, "serve", 1],
      ["support", "acme", "openai/gpt-5-mini", 1, "serve", 3],
      ["support", "globex", "openai/gpt-5-mini", 2, "eval", 2],
    ]);
    const [first] = await costs("--by", "version");
    expect(first).toMatchObject({ prompt: KEY, version: 1 });
  });

  test("tell an erased tenant by its pseudonym, with the same amount", async () => {
    await record([], [{ count: 3, subjects: { tenant: "acme" } }]);
    const [before] = await costs("--by", "tenant");
    await run("erase", "--tenant", "acme");
    const [after] = await costs("--by", "tenant");
    expect(after).toEqual({ ...before, tenant: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test("are of the window and the environment that are named", async () => {
    const now = world.clock.now();
    await append([
      ...callsBefore(now, { count: 5 }),
      ...callsBefore(now - 3 * HOUR, { count: 7 }),
      ...callsBefore(now - 3 * HOUR, { count: 11, environment: "staging" }),
    ]);
    const calls = async (...args: readonly string[]) => (await costs(...args)).map((row) => row.calls);
    expect(await calls("--since", "2h")).toEqual([5]);
    const until = new Date(now - 2 * HOUR).toISOString();
    expect(await calls("--until", until)).toEqual([18]);
    expect(await calls("--until", until, "--env", "production")).toEqual([7]);
    const { out } = await run("costs", "--since", "1h", "--env", "staging");
    expect(out).toContain("No recorded calls.");
  });

  test("show a model without a price in tokens, and never as nothing", async () => {
    await record([], [{ count: 4, requestedModel: "our-own", provider: "custom" }]);
    expect(await costs()).toMatchObject([
      { amounts: [], unpriced: { calls: 4, inputTokens: 4_000, outputTokens: 400 }, tables: [] },
    ]);
    const { out } = await run("costs");
    expect(out).toContain("Total unknown in 4 calls.");
    expect(out).toContain("without a price: custom/our-own (4 calls).");
    expect(out).not.toContain("$0");
  });

  test("price a long input by its tier, although rows are read as sums", async () => {
    const model = { requestedModel: "claude-sonnet-4-5", provider: "anthropic", host: null };
    await record(
      [],
      [
        { count: 2, ...model, ...tokens({ input: 200_000, output: 0 }) },
        { count: 2, ...model, ...tokens({ input: 200_001, output: 0 }) },
      ],
    );
    const [row] = await costs();
    expect(row?.amounts[0]?.amount).toBeCloseTo((400_000 * 3 + 400_002 * 6) / 1e6, 9);
  });

  test("price each call by the list of its day", async () => {
    world.clock.advance(Date.parse("2026-08-18T20:00:00Z") - world.clock.now());
    const model = { requestedModel: "deepseek-v4-flash", provider: "deepseek", host: null };
    await append(
      [0, 24].flatMap((hours) =>
        callsBefore(world.clock.now() - hours * HOUR - 24 * HOUR, {
          count: 10,
          ...model,
          ...tokens({ input: 100_000, output: 0 }),
        }),
      ),
    );
    const [row] = await costs();
    // A million tokens on the 16th, when they cost $0.14, and on the 17th, from which on they cost $0.22.
    expect(row?.amounts[0]?.amount).toBeCloseTo(0.14 + 0.22, 9);
  });
});
