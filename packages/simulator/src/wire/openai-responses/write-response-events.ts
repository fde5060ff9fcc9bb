/** Writes a response as the events of a stream, numbered in their order. */

import type { Carried } from "../../serve/served-call.ts";
import type { JsonObject } from "../json-object.ts";
import { streamWords } from "../stream-words.ts";
import type { Piece } from "../wire-format.ts";
import {
  type CallItem,
  endWord,
  isIncomplete,
  type MessageItem,
  type OutputItem,
  outputOf,
  type ReasoningItem,
  textPart,
  type WrittenResponse,
  writeResponse,
  writeStarted,
} from "./write-response.ts";

/** An event before it has its number. */
interface Event {
  readonly type: string;
  readonly fields: JsonObject;
  readonly carried?: Carried;
}

type Place = { readonly item_id: string; readonly output_index: number };

function reasoningEvents({ summary }: ReasoningItem, at: Place): readonly Event[] {
  return summary.flatMap(({ text }, index): readonly Event[] => {
    const place = { ...at, summary_index: index };
    const part = { type: "summary_text", text };
    return [
      { type: "response.reasoning_summary_part.added", fields: { ...place, part: { ...part, text: "" } } },
      ...streamWords(text).map((delta) => ({
        type: "response.reasoning_summary_text.delta",
        fields: { ...place, delta },
        carried: { reasoning: delta },
      })),
      { type: "response.reasoning_summary_text.done", fields: { ...place, text } },
      { type: "response.reasoning_summary_part.done", fields: { ...place, part } },
    ];
  });
}

function messageEvents({ content }: MessageItem, at: Place): readonly Event[] {
  return content.flatMap((part, index): readonly Event[] => {
    const place = { ...at, content_index: index };
    const refused = part.type === "refusal";
    const said = refused ? part.refusal : part.text;
    const name = refused ? "response.refusal" : "response.output_text";
    const logged = refused ? {} : { logprobs: [] };
    const empty = refused ? { type: "refusal", refusal: "" } : textPart("");
    return [
      { type: "response.content_part.added", fields: { ...place, part: empty } },
      ...streamWords(said).map((delta) => ({
        type: `${name}.delta`,
        fields: { ...place, delta, ...logged },
        carried: refused ? { refusal: delta } : { text: delta },
      })),
      { type: `${name}.done`, fields: { ...place, ...logged, [refused ? "refusal" : "text"]: said } },
      { type: "response.content_part.done", fields: { ...place, part } },
    ];
  });
}

function callEvents(item: CallItem, at: Place): readonly Event[] {
  const { call_id: id, name, arguments: given } = item;
  const call = { id, name, arguments: given };
  return [
    ...streamWords(given).map(
      (delta): Event => ({
        type: "response.function_call_arguments.delta",
        fields: { ...at, delta },
        carried: { toolStart: true },
      }),
    ),
    {
      type: "response.function_call_arguments.done",
      fields: { ...at, name, arguments: given },
      carried: { toolCalls: [call] },
    },
  ];
}

/** An item as it is announced, before anything of it is said. */
function announced(item: OutputItem): JsonObject {
  if (item.type === "message") return { ...item, status: "in_progress", content: [] };
  if (item.type === "function_call") return { ...item, status: "in_progress", arguments: "" };
  return { ...item, summary: [] };
}

function partEvents(item: OutputItem, at: Place): readonly Event[] {
  if (item.type === "message") return messageEvents(item, at);
  return item.type === "function_call" ? callEvents(item, at) : reasoningEvents(item, at);
}

function itemEvents(item: OutputItem, index: number): readonly Event[] {
  return [
    { type: "response.output_item.added", fields: { output_index: index, item: announced(item) } },
    ...partEvents(item, { item_id: item.id, output_index: index }),
    { type: "response.output_item.done", fields: { output_index: index, item } },
  ];
}

/** All events from `response.created` to `response.completed` or `response.incomplete`. */
export function writeResponseEvents(response: WrittenResponse): readonly Piece[] {
  const { reply } = response;
  const started = writeStarted(response);
  const end: Event = {
    type: isIncomplete(reply) ? "response.incomplete" : "response.completed",
    fields: { response: writeResponse(response) },
    carried: { finishReason: reply.finishReason, finishWord: endWord(reply), usage: reply.usage },
  };
  const events: readonly Event[] = [
    { type: "response.created", fields: { response: started } },
    { type: "response.in_progress", fields: { response: started } },
    ...outputOf(response).flatMap(itemEvents),
    end,
  ];
  return events.map(({ type, fields, carried = {} }, index) => ({
    data: `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: index, ...fields })}\n\n`,
    carried,
  }));
}
