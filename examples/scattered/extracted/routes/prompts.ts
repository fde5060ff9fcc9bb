/** The prompts of the application: declared once, imported where they are used. */
import { definePrompt } from "colophon";
import { z } from "zod";

export const writePrompt = definePrompt({
  key: "notes.write",
  model: "claude-haiku-4-5",
  parameters: { max_tokens: 200 },
  cache: ["system"],
  input: z.object({ subject: z.string(), ticketBody: z.string(), customerPlanIsPro: z.boolean() }),
  messages: [
    {
      role: "system",
      content: "You write notes for translators: names of products stay as they are.",
    },
    {
      role: "user",
      content: `What has to be known of "{{subject}}"?

{{ticketBody}}

One sentence.{{#if customerPlanIsPro}} Be thorough: the customer pays.{{/if}} Write formally, and never use exclamation marks.`,
    },
  ],
});

// The same words stand in routes/summaries.ts as well.
export const ticketsReplyPrompt = definePrompt({
  key: "replies.tickets-reply",
  model: "claude-haiku-4-5",
  parameters: { max_tokens: 500 },
  input: z.object({
    isPro: z.boolean(),
    customerName: z.string(),
    orders: z.string(),
    ticketPriority: z.string(),
    ticketBody: z.string(),
  }),
  messages: [
    {
      role: "system",
      content: `You are an expert in customer support for a web shop. {{#if isPro}}Write formally, and never use exclamation marks.{{else}}Write as you would to a friend.{{/if}}
Sign as the support team of the shop, not as a person.`,
    },
    {
      role: "user",
      content: `Answer {{customerName}} in three sentences at most.

Orders:
{{orders}}

Ticket (priority {{ticketPriority}}):
{{ticketBody}}`,
    },
  ],
});

export const ticketsReplyStreamPrompt = definePrompt({
  key: "replies.tickets-reply-stream",
  model: "gpt-5-mini",
  input: z.object({ ticketBody: z.string() }),
  messages: [
    { role: "system", content: "You are an expert in customer support for a web shop. Be brief." },
    { role: "user", content: "My order A-7 has not come." },
    { role: "assistant", content: "I am sorry about that. I have asked the carrier about A-7." },
    { role: "user", content: "{{ticketBody}}" },
  ],
});

export const summaryPrompt = definePrompt({
  key: "summaries.summary",
  model: "gpt-5-mini",
  parameters: { temperature: 0.3 },
  input: z.object({ ticketBody: z.string() }),
  messages: [
    { role: "system", content: "You are an expert in customer support for a web shop." },
    {
      role: "user",
      content: `Summarise this ticket in 2 sentences. Keep the order numbers.

{{ticketBody}}`,
    },
  ],
});

/** What the triage may answer. */
export const triagePrompt = definePrompt({
  key: "example-scattered.triage",
  model: "gpt-5-mini",
  parameters: { temperature: 0.2, max_tokens: 300 },
  input: z.object({ ticketSubject: z.string(), ticketBody: z.string() }),
  messages: [
    {
      role: "system",
      content: `You are an expert in customer support for a web shop.
Sort the ticket: is it billing, bug or other?
Answer with one word, the label only.`,
    },
    {
      role: "user",
      content: `Subject: {{ticketSubject}}

{{ticketBody}}`,
    },
  ],
});

// The page reads these keys.
export const ticketsFieldsPrompt = definePrompt({
  key: "triage.tickets-fields",
  model: "gpt-5-mini",
  parameters: { response_format: { type: "json_object" }, temperature: 0 },
  input: z.object({ ticketId: z.number(), ticketBody: z.string() }),
  body: `Extract the fields of this ticket as JSON, such as {"order": "A-1", "amount": 12.5}. Use null for what is not said.

Ticket {{ticketId}}:
{{ticketBody}}`,
});
