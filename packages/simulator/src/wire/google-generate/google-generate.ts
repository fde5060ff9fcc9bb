/** The routes POST /v1beta/models/{model}:generateContent, :streamGenerateContent and :countTokens. */

import { type Context, Hono } from "hono";
import { type AnswerMachine, contentOf, countRequestTokens } from "../../serve/answer-machine.ts";
import { asObject } from "../json-object.ts";
import { serveCall, type WireParts } from "../serve-call.ts";
import { found, type Read, refuse, type WireCall, type WireFormat } from "../wire-format.ts";
import { writeGoogleFailure } from "./google-failure.ts";
import { readGenerateRequest } from "./read-generate-request.ts";
import { writeGenerated, writeGeneratedChunks } from "./write-generated.ts";

const FORMAT: WireFormat = {
  name: "google.generate",
  requestIdHeader: "x-request-id",
  writeFailure: writeGoogleFailure,
};

interface Asked {
  readonly model: string;
  readonly stream: boolean;
}

function readCall(machine: AnswerMachine, { model, stream }: Asked, body: unknown): Read<WireCall> {
  const read = readGenerateRequest(model, body);
  if (!read.ok) return read;
  const { request, showThoughts } = read.value;
  return found({
    model,
    stream,
    content: contentOf(request),
    answer() {
      const reply = machine.answer(request);
      const content = { reply, showThoughts };
      return {
        ...reply,
        fingerprint: null,
        whole: () => writeGenerated(content),
        stream: () => writeGeneratedChunks(content),
      };
    },
  });
}

async function countTokens(context: Context, model: string): Promise<Response> {
  const body: unknown = await context.req.json().catch(() => undefined);
  const { generateContentRequest: inner } = asObject(body);
  const read = readGenerateRequest(model, inner ?? body);
  if (read.ok) return context.json({ totalTokens: countRequestTokens(read.value.request) });
  return context.json(writeGoogleFailure(read.failure), 400);
}

export function googleGenerate(machine: AnswerMachine, parts: WireParts): Hono {
  const route = new Hono();
  route.post("/models/:call", (context, next) => {
    const [model = "", method] = context.req.param("call").split(":");
    if (method === "countTokens") return countTokens(context, model);
    const stream = method === "streamGenerateContent";
    if (!stream && method !== "generateContent") return next();
    // The other form of the stream, one long JSON array, is not spoken here.
    const unspoken = stream && context.req.query("alt") !== "sse";
    const read = (body: unknown): Read<WireCall> =>
      unspoken
        ? refuse("This simulator streams server-sent events only; ask with ?alt=sse.", "alt")
        : readCall(machine, { model, stream }, body);
    return serveCall(context, read, { format: FORMAT, parts });
  });
  return route;
}
