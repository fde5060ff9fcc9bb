/** Notes for the translators, from a class that keeps its words to itself. */
import type Anthropic from "@anthropic-ai/sdk";
import { Hono } from "hono";
import { claude } from "../lib/clients.ts";
import { TONES } from "../lib/personas.ts";
import type { Ticket } from "../lib/ticket.ts";

export const notes = new Hono();

class NoteWriter {
  static readonly MODEL = "claude-haiku-4-5";
  private readonly guide = "You write notes for translators: names of products stay as they are.";
  readonly #client: Anthropic;

  constructor(client: Anthropic) {
    this.#client = client;
  }

  async write(ticket: Ticket): Promise<string> {
    let question = this.about(ticket.subject, ticket.body);
    if (ticket.customer.plan === "pro") question += " Be thorough: the customer pays.";
    question += ` ${TONES.formal}`;
    const message = await this.#client.messages.create({
      model: NoteWriter.MODEL,
      max_tokens: 200,
      system: [{ type: "text", text: this.guide, cache_control: { type: "ephemeral" } }],
      messages: [{ role: "user", content: question }],
    });
    const [block] = message.content;
    return block?.type === "text" ? block.text : "";
  }

  private about(subject: string, body: string): string {
    const title = subject.toUpperCase();
    return `What has to be known of "${title}"?\n\n${body}\n\nOne sentence.`;
  }
}

const writer = new NoteWriter(claude);

notes.post("/tickets/note", async (c) => {
  const ticket = await c.req.json<Ticket>();
  return c.json({ note: await writer.write(ticket) });
});
