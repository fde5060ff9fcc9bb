/** Sound values for fields of operations, so that hostile requests get past the first check. */
import { type FuzzWorld, KEY, type ProjectIds, SET } from "./fuzz-world.fixture.ts";
import type { KnownValues } from "./shape-arbitrary.fixture.ts";

const INPUT = {
  type: "object",
  properties: { ticket: { type: "string" }, items: { type: "array", items: { type: "string" } } },
  required: ["ticket"],
};

export const PROMPT_SPECS: readonly object[] = [
  { key: KEY, model: "gpt-5-mini", body: "Sort {{ticket}}", input: INPUT },
  {
    ...{ key: "shared.tone", purpose: "tone", owner: "ada", risk: "high", tags: ["a"], input: INPUT },
    model: { provider: "openai", id: "gpt-5-mini", parameters: { temperature: 0.2 } },
    body: [
      { role: "system", content: "Be kind. {{#if items}}{{#each items}}{{@index}} {{this}}{{/each}}{{/if}}" },
      { role: "user", content: "{{ticket}}" },
    ],
    output: { type: "object", properties: { queue: { enum: ["a", "b"] } }, required: ["queue"] },
  },
];

export const ROLLOUT_PLANS: readonly object[] = [
  {
    ...{ steps: ["5%", { share: "50%", dwell: "2h" }, "100%"], dwell: "30m", units: 100 },
    guards: [
      { metric: "schemaOk", tolerated: 1, acceptable: 1.5, negligible: "1%" },
      { metric: "errors", above: "10%", minimum: 50 },
      { metric: "cost", tolerated: 1.2, acceptable: 1.5, action: "hold" },
      { metric: "solved", kind: "event", worse: "lower" },
    ],
  },
  { policy: { kind: "mol-ts", objectives: [{ metric: "quality" }] } },
  { shadow: { rate: "1%", budget: "5 USD" }, missing: { noData: "hold" }, quiet: "1h" },
];

export const PRICE_TEXTS: readonly string[] = [
  "prices: [{ model: openai/*, factor: 0.5 }, { model: own/*, currency: EUR, input: 1, output: 2 }]",
  "name: contract\ncurrency: EUR\nprices:\n  - model: openai/gpt-5*\n    since: 2026-01-01\n    input: 1.10\n    output: 8.8\n",
];

export const EVAL_SET_TEXTS: readonly { readonly format: string; readonly text: string }[] = [
  {
    format: "jsonl",
    text: '{"id":"one","variables":{"ticket":"Help"},"expected":"billing","tags":["a"],"split":"dev"}\n{"variables":{"ticket":"No"}}\n',
  },
  { format: "csv", text: 'ticket,__expected\n"Help, me",billing\nNo,contains:queue\n' },
  {
    format: "yaml",
    text: "name: triage\nscorers: [exact]\ncases:\n  - variables: { ticket: Help }\n    expected: billing\n",
  },
  {
    format: "promptfoo",
    text: "tests:\n  - vars: { ticket: Help }\n    assert: [{ type: equals, value: billing }, { type: regex, value: '^b' }]\n",
  },
];

const MODEL = { provider: "openai", id: "gpt-5-mini" };

/** The last moment that a `Date` can hold. */
const LAST_MOMENT = 8.64e15;

function commonValues(own: ProjectIds, foreign: ProjectIds, now: number): KnownValues {
  const times = [
    now,
    now,
    now,
    now - 1000,
    now + 1000,
    0,
    LAST_MOMENT,
    LAST_MOMENT + 1,
    Number.MAX_SAFE_INTEGER,
  ];
  return {
    ...{
      key: [KEY],
      prompt: [KEY],
      prompts: [KEY],
      set: [SET, `${SET}@v1`],
      version: [1, 2],
      candidate: [1],
    },
    ...{ since: times, until: times, before: times, expires: times, graceMs: [0, ...times] },
    ...{
      versions: [
        [1, 2],
        [2, 1],
      ],
      fromEnvironment: ["staging"],
      inherits: ["staging"],
      baseline: [1],
    },
    environment: ["staging", "production", "development"],
    environments: [["staging", "production"]],
    members: [[{ key: KEY, versions: [2] }], [{ key: KEY, versions: [2, 1] }]],
    application: ["shop", null],
    execution: [own.execution, foreign.execution],
    id: [own.invitation, foreign.invitation, foreign.key, foreign.job],
    project: ["main", "main", "main", "~", "other"],
    value: [...PROMPT_SPECS, "ada", 0.5, true],
    plan: ROLLOUT_PLANS,
    ...{ model: ["openai/gpt-5-mini", MODEL], models: [MODEL], from: [MODEL], locale: ["de"] },
    ...{
      variables: [{ ticket: "Help" }],
      scorers: ["exact", { name: "exact" }, { kind: "exact" }],
      tags: [["a"]],
    },
    ...{ metric: ["errors", "latency", "quality"], metrics: ["errors"], to: [1, "v1", MODEL] },
    ...{ kind: ["user", "tenant"], user: ["ada"], tenant: ["acme"], email: ["ada@example.com"] },
    ...{
      reason: ["because"],
      anchor: [null],
      time: [new Date(now).toISOString(), "14:32"],
      at: ["14:32", ...times],
    },
  };
}

/** For one operation, where a name may stand for something else than elsewhere. */
export function knownValues(
  operation: string,
  { own, foreign, clock }: Pick<FuzzWorld, "own" | "foreign" | "clock">,
): KnownValues {
  const common = commonValues(own, foreign, clock.now());
  const priceTexts = PRICE_TEXTS.map((text) => ({ file: "prices.yaml", text }));
  switch (operation) {
    case "eval-set.import": {
      const file = EVAL_SET_TEXTS.map(({ format, text }) => ({ file: `cases.${format}`, text, format }));
      return { ...common, file, name: [SET, "another"] };
    }
    case "price.set":
    case "price.show":
    case "cost.explain":
      return { ...common, prices: priceTexts };
    case "version.withdraw":
      return { ...common, version: [3] };
    case "environment.protect":
      return { ...common, name: ["preview"] };
    case "key.rotate":
    case "key.revoke":
      return { ...common, id: [own.key, foreign.key] };
    case "project.create":
    case "environment.add":
      return { ...common, id: ["third"], name: ["preview"] };
    case "eval-set.add":
    case "eval-set.propose":
      return { ...common, name: [SET] };
    case "secret.set":
    case "secret.remove":
      return { ...common, name: ["OPENAI_API_KEY"], value: ["secret"] };
    case "override.list":
    case "override.set":
    case "override.clear":
      return { ...common, value: ["ada"] };
    case "outcome.append":
      return { ...common, name: ["ours", "quality"], value: [0.5, true, "ada"], by: [null] };
    case "cost.list":
    case "metric.list":
      return { ...common, by: [["version"], ["model"]], prices: priceTexts };
    default:
      return common;
  }
}
