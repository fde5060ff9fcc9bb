/** The service: a ticket comes in, a model sorts it and drafts an answer, a person says whether it was right. */
import type { Colophon, ExecutionId } from "colophon";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type OpenAI from "openai";
import { z } from "zod";
import { page } from "./page.ts";
import { reply, triage } from "./prompts.ts";

const Ticket = z.object({ ticket: z.string().min(1), user: z.string().optional() });
const Feedback = z.object({ right: z.boolean() });

interface Parts {
  readonly colophon: Colophon;
  readonly client: OpenAI;
  /** Said on the page when no real model answers. */
  readonly simulated?: boolean;
}

export function createApp({ colophon, client, simulated = false }: Parts): Hono {
  const app = new Hono();

  async function sort(ticket: string, user: string | undefined) {
    const call = colophon.resolve(triage, { user });
    const answer = await call.record({ ticket }, (p) => client.chat.completions.create(p.openai()));
    const label = answer.choices[0]?.message.content ?? "other";
    return { label, version: call.version, execution: call.executionId };
  }

  app.get("/", (c) => c.html(page(simulated)));

  app.post("/tickets", async (c) => {
    const { data } = Ticket.safeParse(await c.req.json());
    if (data === undefined) return c.json({ error: "Send { ticket, user? }." }, 400);
    return c.json(await sort(data.ticket, data.user));
  });

  // Two calls that belong together: both rows get the same trace, so that the ledger shows them as one.
  app.post("/tickets/answer", async (c) => {
    const { data } = Ticket.safeParse(await c.req.json());
    if (data === undefined) return c.json({ error: "Send { ticket, user? }." }, 400);
    const { ticket, user } = data;
    return streamSSE(c, (events) =>
      colophon.trace("answer-ticket", async () => {
        const sorted = await sort(ticket, user);
        await events.writeSSE({ event: "sorted", data: JSON.stringify(sorted) });
        const call = colophon.resolve(reply, { user });
        const chunks = await call.record({ ticket, label: sorted.label }, (p) =>
          client.chat.completions.create(p.openai({ stream: true })),
        );
        for await (const chunk of chunks) {
          const text = chunk.choices[0]?.delta.content;
          if (text) await events.writeSSE({ event: "text", data: JSON.stringify(text) });
        }
        await events.writeSSE({ event: "done", data: JSON.stringify({ execution: call.executionId }) });
      }),
    );
  });

  app.post("/executions/:id/feedback", async (c) => {
    const { data } = Feedback.safeParse(await c.req.json());
    if (data === undefined) return c.json({ error: "Send { right: true } or { right: false }." }, 400);
    colophon.outcome(c.req.param("id") as ExecutionId, { name: "thumbs", value: data.right });
    return c.body(null, 204);
  });

  return app;
}
