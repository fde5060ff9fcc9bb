/** The routes POST /v1/messages and /v1/messages/count_tokens. */

import { Hono } from "hono";
import { type AnswerMachine, contentOf, countRequestTokens } from "../../serve/answer-machine.ts";
import { asObject } from "../json-object.ts";
import { serveCall, type WireParts } from "../serve-call.ts";
import { found, type Read, type WireCall, type WireFormat } from "../wire-format.ts";
import { writeAnthropicFailure } from "./anthropic-failure.ts";
import { readMessagesRequest } from "./read-messages-request.ts";
import { messageId, writeMessage, writeMessageEvents } from "./write-message.ts";

const FORMAT: WireFormat = {
  name: "anthropic.messages",
  requestIdHeader: "request-id",
  writeFailure: writeAnthropicFailure,
};

export function anthropicMessages(machine: AnswerMachine, parts: WireParts): Hono {
  const readCall = (body: unknown): Read<WireCall> => {
    const read = readMessagesRequest(body);
    if (!read.ok) return read;
    const { request, stream, showThinking } = read.value;
    return found({
      model: request.model,
      stream,
      content: contentOf(request),
      answer() {
        const reply = machine.answer(request);
        const message = { reply, showThinking };
        return {
          ...reply,
          id: messageId(reply),
          fingerprint: null,
          whole: () => writeMessage(message),
          stream: () => writeMessageEvents(message),
        };
      },
    });
  };
  const route = new Hono();
  route.post("/messages", (context) => serveCall(context, readCall, { format: FORMAT, parts }));
  route.post("/messages/count_tokens", async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const read = readMessagesRequest({ max_tokens: 1, ...asObject(body) });
    if (read.ok) return context.json({ input_tokens: countRequestTokens(read.value.request) });
    return context.json(writeAnthropicFailure(read.failure, parts.nextRequestId()), 400);
  });
  return route;
}
