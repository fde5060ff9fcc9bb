/** Asks through the OpenAI client's chat completions, which many other servers speak too. */
import type OpenAI from "openai";
import { type Ask, type Asking, CutAnswer, outputOf, readParts } from "./ask.ts";

export function askChat(client: OpenAI): Ask {
  const { completions } = client.chat;
  return async (asking) => {
    const { record, stream, signal } = asking;
    if (stream) {
      return readChat(
        await record((p) => completions.create(p.openai({ stream: true }), { signal })),
        asking,
      );
    }
    const { choices } = await record((p) => completions.create(p.openai(), { signal }));
    const { content, refusal, tool_calls: toolCalls } = choices[0]?.message ?? {};
    return outputOf({ text: content, refusal, toolCalls });
  };
}

type Chunk = OpenAI.ChatCompletionChunk;

interface GrowingCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

async function readChat(chunks: AsyncIterable<Chunk>, asking: Asking): Promise<string | null> {
  const said: { text: string | null; refusal: string | null } = { text: null, refusal: null };
  const calls: GrowingCall[] = [];
  let isWhole = false;
  await readParts(chunks, asking, ({ choices, usage }) => {
    const [choice] = choices;
    // Servers that give no reason still count when they are done.
    if (choice?.finish_reason || usage) isWhole = true;
    const { content, refusal, tool_calls: pieces = [] } = choice?.delta ?? {};
    if (content) said.text = (said.text ?? "") + content;
    if (refusal) said.refusal = (said.refusal ?? "") + refusal;
    for (const piece of pieces ?? []) grow(calls, piece);
  });
  if (!isWhole) throw new CutAnswer();
  return outputOf({ ...said, toolCalls: calls.filter((call) => call !== undefined) });
}

/** Only the first piece of a call has its id and name. */
function grow(calls: GrowingCall[], piece: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall): void {
  const call = calls[piece.index] ?? { id: "", type: "function", function: { name: "", arguments: "" } };
  calls[piece.index] = call;
  if (piece.id) call.id = piece.id;
  if (piece.function?.name) call.function.name = piece.function.name;
  call.function.arguments += piece.function?.arguments ?? "";
}
