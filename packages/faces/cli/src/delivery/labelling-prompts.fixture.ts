/** Three prompts that label tickets, with a good, a broken and a dear second version. */

export const LABELLING_KEYS = ["labels.good", "labels.broken", "labels.dear"] as const;
export type LabellingKey = (typeof LABELLING_KEYS)[number];

export const VARIABLES = {
  type: "object",
  properties: { ticket: { type: "string" }, long: { type: "boolean" } },
  required: ["ticket", "long"],
  additionalProperties: false,
} as const;

export const ANSWER = {
  type: "object",
  properties: { label: { type: "string", enum: ["billing", "bug", "other"] } },
  required: ["label"],
  additionalProperties: false,
} as const;

export const BODY = `Is this billing, bug or other?
Answer in JSON: {"label": "…"}{{#if long}} It is a long one.{{/if}}

Ticket: {{ticket}}`;

/** For two tickets of nine it contradicts itself, and then nearly half of the answers are no JSON. */
const BROKEN = `Is this billing, bug or other?
Answer in JSON: {"label": "…"}{{#if long}} Answer with one word.{{/if}}

Ticket: {{ticket}}`;

const GOOD = `Is the ticket below about billing, a bug or something other?
Answer in JSON: {"label": "…"}{{#if long}} It is a long one.{{/if}}

Ticket: {{ticket}}`;

/** The same model under another name, for another price. */
export const DEAR_MODEL = "gpt-5-dear";
export const PRICES = `name: of the test
currency: USD
prices:
  - model: openai/gpt-5
    input: 1
    output: 5
  - model: openai/${DEAR_MODEL}
    input: 1.8
    output: 9
`;

const file = (key: LabellingKey, body: string, model = "gpt-5"): object => ({
  ...{ key, owner: "support", model, body },
  ...{ input: VARIABLES, output: ANSWER },
});

export const FIRST = (key: LabellingKey): object => file(key, BODY);

export const SECOND: Readonly<Record<LabellingKey, object>> = {
  "labels.good": file("labels.good", GOOD),
  "labels.broken": file("labels.broken", BROKEN),
  "labels.dear": file("labels.dear", GOOD, DEAR_MODEL),
};

export const PLAN = {
  steps: ["20%", "50%", "100%"],
  dwell: "1s",
  units: 40,
  guards: [
    { metric: "schemaOk", alpha: "50%", negligible: "5%" },
    { metric: "cost", alpha: "50%" },
  ],
  clearing: ["schemaOk", "cost"],
  alpha: "5%",
} as const;
