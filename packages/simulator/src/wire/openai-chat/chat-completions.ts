/** The route POST /v1/chat/completions. */

import { Hono } from "hono";
import { type AnswerMachine, contentOf } from "../../serve/answer-machine.ts";
import { writeOpenaiFailure } from "../openai/openai-failure.ts";
import { serveCall, type WireParts } from "../serve-call.ts";
import { found, type Read, type WireCall, type WireFormat } from "../wire-format.ts";
import { readChatRequest } from "./read-chat-request.ts";
import { writeChatChunks, writeChatCompletion } from "./write-chat-completion.ts";

const FORMAT: WireFormat = {
  name: "openai.chat",
  requestIdHeader: "x-request-id",
  writeFailure: writeOpenaiFailure,
};

export function chatCompletions(machine: AnswerMachine, parts: WireParts): Hono {
  const readCall = (body: unknown): Read<WireCall> => {
    const read = readChatRequest(body);
    if (!read.ok) return read;
    const { request, stream, includeUsage } = read.value;
    return found({
      model: request.model,
      stream,
      content: contentOf(request),
      answer() {
        const reply = machine.answer(request);
        return {
          ...reply,
          id: `chatcmpl-${reply.id}`,
          whole: () => writeChatCompletion(reply),
          stream: () => writeChatChunks(reply, includeUsage),
        };
      },
    });
  };
  const route = new Hono();
  route.post("/chat/completions", (context) => serveCall(context, readCall, { format: FORMAT, parts }));
  return route;
}
