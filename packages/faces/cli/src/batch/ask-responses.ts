/** Asks through the OpenAI client's responses. */
import type OpenAI from "openai";
import { type Ask, type Asking, CutAnswer, outputOf, readParts } from "./ask.ts";

type Response = OpenAI.Responses.Response;
type Event = OpenAI.Responses.ResponseStreamEvent;

export function askResponses(client: OpenAI): Ask {
  const { responses } = client;
  return async (asking) => {
    const { record, stream, signal } = asking;
    if (stream) {
      return readEvents(
        await record((p) => responses.create(p.responses({ stream: true }), { signal })),
        asking,
      );
    }
    return readResponse(await record((p) => responses.create(p.responses(), { signal })));
  };
}

/** The last event has the whole response. */
async function readEvents(events: AsyncIterable<Event>, asking: Asking): Promise<string | null> {
  let whole: Response | undefined;
  await readParts(events, asking, (event) => {
    switch (event.type) {
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        whole = event.response;
        break;
      case "error":
        throw failure(event);
    }
  });
  if (whole === undefined) throw new CutAnswer();
  return readResponse(whole);
}

/** @throws Error with the provider's code, where it put an error in the answer's place. */
function readResponse({ status, error, output }: Response): string | null {
  if (status === "failed") throw failure(error ?? { code: null, message: "The response failed." });
  const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
  const texts = parts.flatMap((part) => (part.type === "output_text" ? [part.text] : []));
  const refusals = parts.flatMap((part) => (part.type === "refusal" ? [part.refusal] : []));
  return outputOf({
    text: joined(texts),
    refusal: joined(refusals),
    toolCalls: output.filter(({ type }) => type === "function_call" || type === "custom_tool_call"),
  });
}

function joined(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join("");
}

function failure({ code, message }: { readonly code: string | null; readonly message: string }): Error {
  return Object.assign(new Error(message), { code });
}
