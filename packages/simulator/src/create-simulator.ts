/** Builds a simulator as a web-standard app: no port, no process, so that tests can call it directly. */

import { Hono } from "hono";
import { homePage } from "./home-page.ts";
import { type AnswerMachine, createAnswerMachine } from "./serve/answer-machine.ts";
import { createOccurrenceCounter } from "./serve/occurrence-counter.ts";
import { createCallLog, type ServedCall } from "./serve/served-call.ts";
import { checkOptions, type SimulatorOptions } from "./serve/simulator-options.ts";
import { chatCompletions } from "./wire/chat-completions.ts";
import { models } from "./wire/models.ts";
import { errorResponse, serverError } from "./wire/wire-error.ts";

export interface Simulator {
  readonly app: Hono;
  /** The latest calls that came in over the wire, oldest first. */
  readonly requests: readonly ServedCall[];
  /** Answers without the wire, the wait and the log; it counts as an occurrence like any other. */
  readonly answer: AnswerMachine["answer"];
}

function addFallbacks(app: Hono): void {
  app.notFound((context) => {
    const { method, path } = context.req;
    const hint = /^\/(?:chat|models|responses)/.test(path) ? " The base URL of this server ends in /v1." : "";
    const message = `Invalid URL (${method} ${path}).${hint}`;
    return errorResponse({ status: 404, message, type: "invalid_request_error", param: null, code: null });
  });
  app.onError(() => errorResponse(serverError));
}

/**
 * Creates a simulator. The same seed and the same requests give the same answers, in whatever order and
 * however many at once they arrive.
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const settings = checkOptions(options);
  const machine = createAnswerMachine(settings);
  const log = createCallLog(settings.logLimit);
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.res.headers.set("x-colophon-simulator", "simulation");
  });
  app.get("/", (context) => context.html(homePage(settings.seed)));
  app.route("/v1", models());
  app.route("/v1", chatCompletions({ machine, attempts: createOccurrenceCounter(), log, settings }));
  addFallbacks(app);
  return { app, requests: log.calls, answer: machine.answer };
}
