/** Drafts answers: whole, and as a stream. */
import { Hono } from "hono";
import { streamText } from "hono/streaming";
import { claude, openai } from "../lib/clients.ts";
import type { Ticket } from "../lib/ticket.ts";
import { colophon } from "./colophon.ts";
import { ticketsReplyPrompt, ticketsReplyStreamPrompt } from "./prompts.ts";

export const replies = new Hono();

/** The order history, one order a line. */
function orders(ticket: Ticket): readonly string[] {
  return ticket.tags.filter((tag) => tag.startsWith("order-"));
}

replies.post("/tickets/reply", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const isPro = ticket.customer.plan === "pro";
  const message = await colophon.resolve(ticketsReplyPrompt).record(
    {
      isPro,
      customerName: ticket.customer.name,
      orders: orders(ticket).join("\n"),
      ticketPriority: String(ticket.priority),
      ticketBody: ticket.body,
    },
    (p) => claude.messages.create(p.anthropic()),
  );
  const [block] = message.content;
  return c.json({ reply: block?.type === "text" ? block.text : "" });
});

replies.post("/tickets/reply/stream", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const chunks = await colophon
    .resolve(ticketsReplyStreamPrompt)
    .record({ ticketBody: ticket.body }, (p) =>
      openai.chat.completions.create({ ...p.openai(), stream: true }),
    );
  return streamText(c, async (stream) => {
    for await (const chunk of chunks) await stream.write(chunk.choices[0]?.delta.content ?? "");
  });
});
