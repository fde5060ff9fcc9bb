/** Serves one call of any wire format: reads, answers, waits, fails on demand, logs what went out. */

import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import { chooseFault, FAULT_HEADER, type Fault } from "../serve/choose-fault.ts";
import type { FaultSchedule } from "../serve/fault-schedule.ts";
import type { ModelLineUp } from "../serve/model-line-up.ts";
import type { OccurrenceCounter } from "../serve/occurrence-counter.ts";
import { FAULT_SYNTAX } from "../serve/read-fault.ts";
import type { CallEnd, CallLog } from "../serve/served-call.ts";
import type { SimulatorSettings } from "../serve/simulator-options.ts";
import { type CallRecord, startRecord } from "./call-record.ts";
import { sendBody } from "./send-body.ts";
import type { Piece, Read, WireCall, WireFailure, WireFormat, WrittenAnswer } from "./wire-format.ts";

/** What every wire format of the simulator works with. */
export interface WireParts {
  readonly attempts: OccurrenceCounter;
  readonly schedule: FaultSchedule;
  readonly lineUp: ModelLineUp;
  readonly log: CallLog;
  readonly settings: SimulatorSettings;
  /** A new id for a request. */
  readonly nextRequestId: () => string;
}

type ReadCall = (body: unknown) => Read<WireCall>;

interface Serving {
  readonly context: Context;
  readonly format: WireFormat;
  readonly parts: WireParts;
  readonly record: CallRecord;
  readonly requestId: string;
}

async function readBody(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}

function outgoingOf(context: Context): HttpBindings["outgoing"] | undefined {
  return ((context.env ?? {}) as Partial<HttpBindings>).outgoing;
}

/** Hangs up on the client, where a real connection carries the request. */
function connectionOf(context: Context): (() => void) | undefined {
  const outgoing = outgoingOf(context);
  return outgoing === undefined ? undefined : () => setImmediate(() => outgoing.destroy());
}

/** Closes the connection before a single header went out; without one the body ends in an error at once. */
function hangUp(context: Context): Response {
  const outgoing = outgoingOf(context);
  if (outgoing === undefined) {
    const cause = new Error("The simulator hung up before its answer, as it was told to.");
    return new Response(new ReadableStream({ start: (controller) => controller.error(cause) }));
  }
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

function fail(serving: Serving, failure: WireFailure, end: CallEnd): Response {
  const { format, record, requestId } = serving;
  const body = JSON.stringify(format.writeFailure(failure, requestId));
  record.sent({ data: body, carried: {} }, Buffer.byteLength(body));
  record.close(end, failure.status);
  const headers = { "content-type": "application/json", [format.requestIdHeader]: requestId };
  return new Response(body, { status: failure.status, headers });
}

const STATUS_FAILURES: Readonly<Record<429 | 500 | 503 | 529, Omit<WireFailure, "status">>> = {
  429: {
    kind: "rate-limited",
    message: "Rate limit reached. Please try again later.",
    param: null,
    code: "rate_limit_exceeded",
  },
  500: {
    kind: "server",
    message: "The server had an error while processing your request.",
    param: null,
    code: null,
  },
  503: {
    kind: "overloaded",
    message: "The service is overloaded. Please try again later.",
    param: null,
    code: null,
  },
  529: {
    kind: "overloaded",
    message: "The service is overloaded. Please try again later.",
    param: null,
    code: null,
  },
};

function failByFault(serving: Serving, fault: Extract<Fault, { kind: "status" }>): Response {
  const { status, retryAfterSeconds, retryAfterMs } = fault;
  const response = fail(serving, { status, ...STATUS_FAILURES[status] }, "failed");
  if (retryAfterSeconds !== undefined) response.headers.set("retry-after", String(retryAfterSeconds));
  if (retryAfterMs !== undefined) response.headers.set("retry-after-ms", String(retryAfterMs));
  return response;
}

/** A whole body goes out in two halves where something happens in its middle. */
function wholeIn(piece: Piece, fault: Fault): readonly Piece[] {
  if (fault.kind !== "cut" && fault.kind !== "stall") return [piece];
  const half = Math.floor(piece.data.length / 2);
  return [
    { data: piece.data.slice(0, half), carried: {} },
    { data: piece.data.slice(half), carried: piece.carried },
  ];
}

function send(
  serving: Serving,
  { stream }: WireCall,
  sending: { answer: WrittenAnswer; fault: Fault },
): Response {
  const { context, format, parts, record, requestId } = serving;
  const { answer, fault } = sending;
  const body = sendBody({
    pieces: stream ? answer.stream() : wholeIn(answer.whole(), fault),
    firstTokenMs: answer.firstTokenMs,
    latencyMs: answer.latencyMs,
    fault,
    hangUp: connectionOf(context),
    signal: context.req.raw.signal,
    sleep: parts.settings.sleep,
    onPiece: record.sent,
    onEnd: (end) => record.close(end, 200),
  });
  const type = stream ? "text/event-stream; charset=utf-8" : "application/json";
  return new Response(body, {
    headers: { "content-type": type, "cache-control": "no-cache", [format.requestIdHeader]: requestId },
  });
}

/** Serves the call in this context; `read` understands its body. */
export async function serveCall(
  context: Context,
  read: ReadCall,
  { format, parts }: { readonly format: WireFormat; readonly parts: WireParts },
): Promise<Response> {
  const { settings, lineUp, log } = parts;
  const requestId = parts.nextRequestId();
  const record = startRecord({ wire: format.name, requestId, now: settings.now, log });
  const serving: Serving = { context, format, parts, record, requestId };
  const call = read(await readBody(context));
  if (!call.ok) return fail(serving, call.failure, "refused");
  const { model, stream, content } = call.value;
  record.asked(model, stream);
  if (lineUp.at(model, settings.now()) === undefined) return fail(serving, modelNotFound(model), "refused");
  const header = context.req.header(FAULT_HEADER);
  const fault = chooseFault({ header, content, ...parts });
  if (fault === undefined) return fail(serving, unreadableHeader(header ?? ""), "refused");
  record.faulted(fault.kind === "status" ? String(fault.status) : fault.kind);
  if (fault.kind === "status") return failByFault(serving, fault);
  if (fault.kind === "hangup") {
    record.close("cut", 0);
    return hangUp(context);
  }
  const answer = call.value.answer();
  record.answered(answer);
  return send(serving, call.value, { answer, fault });
}

function modelNotFound(model: string): WireFailure {
  const message = `The model '${model}' does not exist or was retired.`;
  return { status: 404, kind: "not-found", message, param: "model", code: "model_not_found" };
}

function unreadableHeader(header: string): WireFailure {
  const message = `Cannot read the header X-Simulator-Fault: '${header}'. ${FAULT_SYNTAX}`;
  return { status: 400, kind: "invalid", message, param: null, code: "invalid_value" };
}
