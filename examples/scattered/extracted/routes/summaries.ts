/** Summaries through the AI SDK, translations through a helper. */
import { generateText } from "ai";
import { Hono } from "hono";
import { ask } from "../lib/ask.ts";
import { models } from "../lib/clients.ts";
import type { Ticket } from "../lib/ticket.ts";
import { colophon } from "./colophon.ts";
import { summaryPrompt } from "./prompts.ts";

export const summaries = new Hono();

summaries.post("/tickets/summary", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const { text } = await colophon
    .resolve(summaryPrompt)
    .record({ ticketBody: ticket.body }, (p) => generateText({ ...p.ai(models.chat), maxRetries: 1 }));
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
