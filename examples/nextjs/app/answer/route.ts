/** Drafts an answer, streamed as plain text. */
import { client, colophon } from "../../lib/colophon";
import { reply } from "../../lib/prompts";

export async function POST(request: Request): Promise<Response> {
  const { ticket, user } = (await request.json()) as { ticket: string; user: string };
  const call = colophon.resolve(reply, { user });
  const chunks = await call.record({ ticket }, (p) =>
    client.chat.completions.create(p.openai({ stream: true })),
  );
  const encoder = new TextEncoder();
  const reader = chunks[Symbol.asyncIterator]();
  const text = new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value.choices[0]?.delta.content ?? ""));
    },
    // A reader who leaves ends the call: its row says aborted, with what was seen.
    async cancel() {
      await reader.return?.();
    },
  });
  return new Response(text, { headers: { "content-type": "text/plain; charset=utf-8" } });
}
