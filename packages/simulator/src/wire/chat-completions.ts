/** The route POST /v1/chat/completions: reads, answers, waits, fails on demand, logs. */

import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { type AnswerMachine, contentOf, type SimulatorReply } from "../serve/answer-machine.ts";
import { chooseFault, FAULT_HEADER, type Fault } from "../serve/choose-fault.ts";
import type { OccurrenceCounter } from "../serve/occurrence-counter.ts";
import type { CallEnd, CallLog, ServedCall } from "../serve/served-call.ts";
import type { SimulatorSettings } from "../serve/simulator-options.ts";
import { type ChatRequest, readChatRequest } from "./read-chat-request.ts";
import { sendBody } from "./send-body.ts";
import { badRequest, errorResponse, rateLimited, serverError, type WireError } from "./wire-error.ts";
import { writeChatChunks, writeChatCompletion } from "./write-chat-completion.ts";

/** What every wire format of the simulator works with. */
export interface WireParts {
  readonly machine: AnswerMachine;
  readonly attempts: OccurrenceCounter;
  readonly log: CallLog;
  readonly settings: SimulatorSettings;
}

const WIRE = "chat.completions";

interface Ending {
  readonly end: CallEnd;
  readonly status: number;
  readonly model: string;
  readonly stream: boolean;
  readonly reply?: SimulatorReply;
}

function entryOf(at: number, { end, status, model, stream, reply }: Ending): ServedCall {
  return {
    wire: WIRE,
    at,
    end,
    status,
    model,
    stream,
    id: reply === undefined ? undefined : `chatcmpl-${reply.id}`,
    label: reply?.label,
    finishReason: reply?.finishReason,
    usage: reply?.usage,
    latencyMs: reply?.latencyMs,
  };
}

async function readBody(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}

function piecesOf(
  reply: SimulatorReply,
  { stream, includeUsage }: ChatRequest,
  cut: boolean,
): readonly string[] {
  if (stream) {
    const events = writeChatChunks(reply, includeUsage).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
    return [...events, "data: [DONE]\n\n"];
  }
  const json = JSON.stringify(writeChatCompletion(reply));
  const half = Math.floor(json.length / 2);
  return cut ? [json.slice(0, half), json.slice(half)] : [json];
}

function failWith(fault: Exclude<Fault, { kind: "none" | "cut" }>, model: string): Response {
  if (fault.kind === "500") return errorResponse(serverError);
  return errorResponse(rateLimited(model), { "retry-after": String(fault.retryAfterSeconds) });
}

/** Hangs up on the client, where a real connection carries the request. */
function connectionOf(context: Context): (() => void) | undefined {
  const { outgoing } = (context.env ?? {}) as Partial<HttpBindings>;
  return outgoing === undefined ? undefined : () => setImmediate(() => outgoing.destroy());
}

/** The chat completions route. */
export function chatCompletions({ machine, attempts, log, settings }: WireParts): Hono {
  const route = new Hono();
  route.post("/chat/completions", async (context) => {
    const at = settings.now();
    const refuse = (error: WireError, model: string): Response => {
      log.add(entryOf(at, { end: "refused", status: error.status, model, stream: false }));
      return errorResponse(error);
    };
    const read = readChatRequest(await readBody(context));
    if (!read.ok) return refuse(read.error, "");
    const { request, stream } = read.value;
    const { model } = request;
    const header = context.req.header(FAULT_HEADER);
    const fault = chooseFault({ header, content: contentOf(request), settings, attempts });
    if (fault === undefined) {
      return refuse(
        badRequest(
          `Cannot read the header X-Simulator-Fault: '${header}'. Write none, 429, 500 or cut, then perhaps ';times=2' and ';retry-after=1'.`,
          null,
        ),
        model,
      );
    }
    if (fault.kind === "429" || fault.kind === "500") {
      log.add(entryOf(at, { end: "failed", status: Number(fault.kind), model, stream }));
      return failWith(fault, model);
    }
    const reply = machine.answer(request);
    const cut = fault.kind === "cut";
    const body = sendBody({
      pieces: piecesOf(reply, read.value, cut),
      latencyMs: reply.latencyMs,
      cut,
      hangUp: connectionOf(context),
      signal: context.req.raw.signal,
      sleep: settings.sleep,
      onEnd: (end) => log.add(entryOf(at, { end, status: 200, model, stream, reply })),
    });
    const type = stream ? "text/event-stream; charset=utf-8" : "application/json";
    return new Response(body, {
      headers: { "content-type": type, "cache-control": "no-cache", "x-request-id": reply.id },
    });
  });
  return route;
}
