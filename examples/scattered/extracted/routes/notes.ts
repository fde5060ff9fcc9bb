/** Notes for the translators, from a class that keeps its words to itself. */
import type Anthropic from "@anthropic-ai/sdk";
import { Hono } from "hono";
import { claude } from "../lib/clients.ts";
import type { Ticket } from "../lib/ticket.ts";
import { colophon } from "./colophon.ts";
import { writePrompt } from "./prompts.ts";

export const notes = new Hono();

class NoteWriter {
  readonly #client: Anthropic;

  constructor(client: Anthropic) {
    this.#client = client;
  }

  async write(ticket: Ticket): Promise<string> {
    const message = await colophon.resolve(writePrompt).record(
      {
        subject: ticket.subject.toUpperCase(),
        ticketBody: ticket.body,
        customerPlanIsPro: ticket.customer.plan === "pro",
      },
      (p) => this.#client.messages.create(p.anthropic()),
    );
    const [block] = message.content;
    return block?.type === "text" ? block.text : "";
  }
}

const writer = new NoteWriter(claude);

notes.post("/tickets/note", async (c) => {
  const ticket = await c.req.json<Ticket>();
  return c.json({ note: await writer.write(ticket) });
});
