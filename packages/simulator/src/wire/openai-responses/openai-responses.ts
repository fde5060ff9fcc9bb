/** The routes POST /v1/responses and GET /v1/responses/:id. */

import { Hono } from "hono";
import type { MindMessage } from "../../mind/mind-request.ts";
import { type AnswerMachine, contentOf } from "../../serve/answer-machine.ts";
import { carriedBy } from "../carried-by.ts";
import { writeOpenaiFailure } from "../openai/openai-failure.ts";
import { serveCall, type WireParts } from "../serve-call.ts";
import { found, type Read, type WireCall, type WireFormat } from "../wire-format.ts";
import { type ConversationStore, createConversationStore } from "./conversation-store.ts";
import { type ResponsesRequest, readResponsesRequest } from "./read-responses-request.ts";
import {
  endWord,
  type OutputItem,
  outputOf,
  responseId,
  type WrittenResponse,
  writeResponse,
} from "./write-response.ts";
import { writeResponseEvents } from "./write-response-events.ts";

const FORMAT: WireFormat = {
  name: "openai.responses",
  requestIdHeader: "x-request-id",
  writeFailure: writeOpenaiFailure,
};

/** An output item as a turn of the conversation; null where it holds nothing to read. */
function turnOf(item: OutputItem): MindMessage | null {
  if (item.type === "reasoning") return null;
  if (item.type === "function_call") {
    const { call_id: id, name, arguments: given } = item;
    return { role: "assistant", text: "", toolCalls: [{ id, name, arguments: given }] };
  }
  const texts = item.content.map((part) => (part.type === "refusal" ? part.refusal : part.text));
  return { role: "assistant", text: texts.join("\n") };
}

/** Responses are kept unless the request says otherwise, and with them their items. */
function keep(store: ConversationStore, { turns, body }: ResponsesRequest, response: WrittenResponse): void {
  const said = outputOf(response).map((item) => ({ id: item.id, turn: turnOf(item) }));
  if (body.store === false) return;
  for (const { id, turn } of said) store.keepItem(id, turn);
  const messages = [...turns, ...said.flatMap(({ turn }) => (turn === null ? [] : [turn]))];
  store.keep(responseId(response.reply), { messages, body: writeResponse(response) });
}

export function openaiResponses(machine: AnswerMachine, parts: WireParts): Hono {
  const store = createConversationStore();
  const readCall = (body: unknown): Read<WireCall> => {
    const read = readResponsesRequest(body, store);
    if (!read.ok) return read;
    const { request, stream } = read.value;
    return found({
      model: request.model,
      stream,
      content: contentOf(request),
      answer() {
        const reply = machine.answer(request);
        const response: WrittenResponse = { reply, asked: read.value.body };
        keep(store, read.value, response);
        return {
          ...reply,
          id: responseId(reply),
          fingerprint: null,
          whole: () => ({
            data: JSON.stringify(writeResponse(response)),
            carried: carriedBy(reply, endWord(reply)),
          }),
          stream: () => writeResponseEvents(response),
        };
      },
    });
  };
  const route = new Hono();
  route.post("/responses", (context) => serveCall(context, readCall, { format: FORMAT, parts }));
  route.get("/responses/:id", (context) => {
    const id = context.req.param("id");
    const kept = store.find(id);
    if (kept !== undefined) return context.json(kept.body);
    const message = `Response with id '${id}' not found.`;
    const failure = { status: 404, kind: "not-found" as const, message, param: null, code: null };
    return context.json(writeOpenaiFailure(failure), 404);
  });
  return route;
}
