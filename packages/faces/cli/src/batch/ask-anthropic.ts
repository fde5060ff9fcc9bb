/** Asks through the Anthropic client's messages. */
import type Anthropic from "@anthropic-ai/sdk";
import { type Ask, type Asking, CutAnswer, outputOf, readParts } from "./ask.ts";

type Event = Anthropic.RawMessageStreamEvent;

export function askAnthropic(client: Anthropic): Ask {
  const { messages } = client;
  return async (asking) => {
    const { record, stream, signal } = asking;
    if (stream) {
      return readEvents(
        await record((p) => messages.create(p.anthropic({ stream: true }), { signal })),
        asking,
      );
    }
    return readMessage(await record((p) => messages.create(p.anthropic(), { signal })));
  };
}

/** What of a message makes the output. */
type Said = Pick<Anthropic.Message, "content" | "stop_details">;

function readMessage({ content, stop_details }: Said): string | null {
  const texts = content.flatMap((block) => (block.type === "text" ? [block.text] : []));
  return outputOf({
    text: texts.length === 0 ? null : texts.join(""),
    refusal: stop_details?.explanation,
    toolCalls: content.filter(({ type }) => type === "tool_use"),
  });
}

async function readEvents(events: AsyncIterable<Event>, asking: Asking): Promise<string | null> {
  const blocks = new Map<number, Anthropic.ContentBlock>();
  const inputs = new Map<number, string>();
  let stop: Anthropic.RawMessageDeltaEvent.Delta | undefined;
  await readParts(events, asking, (event) => {
    switch (event.type) {
      case "content_block_start":
        blocks.set(event.index, { ...event.content_block });
        break;
      case "content_block_delta": {
        const { index, delta } = event;
        const block = blocks.get(index);
        if (delta.type === "text_delta" && block?.type === "text") block.text += delta.text;
        if (delta.type === "input_json_delta")
          inputs.set(index, (inputs.get(index) ?? "") + delta.partial_json);
        break;
      }
      case "message_delta":
        stop = event.delta;
    }
  });
  if (stop?.stop_reason == null) throw new CutAnswer();
  for (const [index, block] of blocks) {
    if (block.type === "tool_use") block.input = inputOf(inputs.get(index));
  }
  return readMessage({ content: [...blocks.values()], stop_details: stop.stop_details });
}

/** A limit of tokens may break off the arguments of a tool: they are kept as they came. */
function inputOf(json: string | undefined): unknown {
  if (!json) return {};
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
