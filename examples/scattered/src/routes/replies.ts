/** Drafts answers: whole, and as a stream. */
import { Hono } from "hono";
import { streamText } from "hono/streaming";
import type OpenAI from "openai";
import { claude, openai } from "../lib/clients.ts";
import { EXPERT, TONES } from "../lib/personas.ts";
import type { Ticket } from "../lib/ticket.ts";

export const replies = new Hono();

/** The order history, one order a line. */
function orders(ticket: Ticket): readonly string[] {
  return ticket.tags.filter((tag) => tag.startsWith("order-"));
}

replies.post("/tickets/reply", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const isPro = ticket.customer.plan === "pro";
  const message = await claude.messages.create({
    model: "claude-haiku-4-5",
    max_tokens: 500,
    system:
      EXPERT +
      " " +
      (isPro ? TONES.formal : TONES.friendly) +
      "\nSign as the support team of the shop, not as a person.",
    messages: [
      {
        role: "user",
        content: `Answer ${ticket.customer.name} in three sentences at most.

Orders:
${orders(ticket).join("\n")}

Ticket (priority ${ticket.priority}):
${ticket.body}`,
      },
    ],
  });
  const [block] = message.content;
  return c.json({ reply: block?.type === "text" ? block.text : "" });
});

replies.post("/tickets/reply/stream", async (c) => {
  const ticket = await c.req.json<Ticket>();
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: "system", content: "You are an expert in customer support for a web shop. Be brief." },
  ];
  messages.push({ role: "user", content: "My order A-7 has not come." });
  messages.push({ role: "assistant", content: "I am sorry about that. I have asked the carrier about A-7." });
  messages.push({ role: "user", content: ticket.body });
  const chunks = await openai.chat.completions.create({ model: "gpt-5-mini", messages, stream: true });
  return streamText(c, async (stream) => {
    for await (const chunk of chunks) await stream.write(chunk.choices[0]?.delta.content ?? "");
  });
});
