/** Summaries through the AI SDK, translations through a helper. */
import { generateText } from "ai";
import { Hono } from "hono";
import { ask } from "../lib/ask.ts";
import { models } from "../lib/clients.ts";
import type { Ticket } from "../lib/ticket.ts";

export const summaries = new Hono();

const SUMMARY_PROMPT = (ticket: Ticket, sentences: number) =>
  `Summarise this ticket in ${sentences} sentences. Keep the order numbers.

${ticket.body}`;

summaries.post("/tickets/summary", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const { text } = await generateText({
    model: models.chat("gpt-5-mini"),
    system: "You are an expert in customer support for a web shop.",
    prompt: SUMMARY_PROMPT(ticket, 2),
    temperature: 0.3,
    maxRetries: 1,
  });
  return c.json({ summary: text });
});

summaries.post("/tickets/translation", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const translation = await ask(
    "Translate the ticket into French. Answer with the translation alone.",
    ticket.body,
  );
  return c.json({ translation });
});
