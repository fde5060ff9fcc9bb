/** Sorts tickets, and says which words it went by. */
import { Hono } from "hono";
import { openai } from "../lib/clients.ts";
import { DEFAULTS, TRIAGE_SYSTEM } from "../lib/personas.ts";
import type { Ticket } from "../lib/ticket.ts";

export const triage = new Hono();

async function triageTicket(ticket: Ticket): Promise<string> {
  const done = await openai.chat.completions.create({
    model: "gpt-5-mini",
    ...DEFAULTS,
    messages: [
      { role: "system", content: TRIAGE_SYSTEM },
      { role: "user", content: `Subject: ${ticket.subject}\n\n${ticket.body}` },
    ],
  });
  return done.choices[0]?.message.content ?? "other";
}

triage.post("/tickets/triage", async (c) => {
  const ticket = await c.req.json<Ticket>();
  return c.json({ label: await triageTicket(ticket) });
});

triage.post("/tickets/fields", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const fields = await openai.chat.completions.create(
    {
      model: "gpt-5-mini",
      // The page reads these keys.
      response_format: { type: "json_object" },
      temperature: 0,
      messages: [
        {
          role: "user",
          content:
            'Extract the fields of this ticket as JSON, such as {"order": "A-1", "amount": 12.5}. ' +
            "Use null for what is not said.\n\nTicket " +
            ticket.id +
            ":\n" +
            ticket.body,
        },
      ],
    },
    { timeout: 20_000, signal: c.req.raw.signal },
  );
  return c.json({ fields: fields.choices[0]?.message.content });
});
