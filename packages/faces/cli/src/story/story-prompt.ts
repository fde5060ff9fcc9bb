/** The prompt of the story, declared as an application declares it, and the texts that come after. */
import { TICKET_LABELS, type TicketLabel, triageBodies } from "@colophon/simulator";
import { definePrompt } from "colophon";

export const STORY_KEY = "support.triage";
const STORY_MODEL = "gpt-5-mini";

const INPUT = {
  type: "object",
  properties: { ticket: { type: "string" } },
  required: ["ticket"],
  additionalProperties: false,
} as const;

/** A Standard Schema by hand; an application takes zod, valibot or arktype. */
const input = {
  "~standard": {
    version: 1,
    vendor: "colophon-story",
    validate: (value: unknown) =>
      typeof (value as { readonly ticket?: unknown } | null)?.ticket === "string"
        ? { value: value as { ticket: string } }
        : { issues: [{ message: "ticket must be a text" }] },
    jsonSchema: { input: () => INPUT, output: () => INPUT },
    types: undefined as
      | { readonly input: { ticket: string }; readonly output: { ticket: string } }
      | undefined,
  },
} as const;

export const triage = definePrompt({
  key: STORY_KEY,
  purpose: "sorts support tickets",
  owner: "support",
  model: STORY_MODEL,
  input,
  body: triageBodies.defined,
});

/** The later texts, as files that somebody registers. */
export function storyFile(body: "exemplified" | "worse"): unknown {
  const facts = { key: STORY_KEY, purpose: "sorts support tickets", owner: "support", model: STORY_MODEL };
  return { ...facts, input: INPUT, body: triageBodies[body] };
}

/** The label that an answer begins with; undefined for anything else. */
export function labelOf(answer: string): TicketLabel | undefined {
  const [first = ""] = answer.toLowerCase().match(/[a-z]+/) ?? [];
  return TICKET_LABELS.find((label) => label === first);
}
