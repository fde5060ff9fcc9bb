/** Sorts tickets, and says which words it went by. */
import { Hono } from "hono";
import { openai } from "../lib/clients.ts";
import type { Ticket } from "../lib/ticket.ts";
import { colophon } from "./colophon.ts";
import { ticketsFieldsPrompt, triagePrompt } from "./prompts.ts";

export const triage = new Hono();

async function triageTicket(ticket: Ticket): Promise<string> {
  const done = await colophon
    .resolve(triagePrompt)
    .record({ ticketSubject: ticket.subject, ticketBody: ticket.body }, (p) =>
      openai.chat.completions.create(p.openai()),
    );
  return done.choices[0]?.message.content ?? "other";
}

triage.post("/tickets/triage", async (c) => {
  const ticket = await c.req.json<Ticket>();
  return c.json({ label: await triageTicket(ticket) });
});

triage.post("/tickets/fields", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const fields = await colophon
    .resolve(ticketsFieldsPrompt)
    .record({ ticketId: ticket.id, ticketBody: ticket.body }, (p) =>
      openai.chat.completions.create(p.openai(), { timeout: 20_000, signal: c.req.raw.signal }),
    );
  return c.json({ fields: fields.choices[0]?.message.content });
});
