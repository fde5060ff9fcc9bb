/** Builds a simulator as a web-standard app: no port, no process, so that tests can call it directly. */

import { Hono } from "hono";
import { homePage } from "./home-page.ts";
import { type AnswerMachine, createAnswerMachine } from "./serve/answer-machine.ts";
import { createFaultSchedule, type FaultSchedule } from "./serve/fault-schedule.ts";
import { createLineUp } from "./serve/model-line-up.ts";
import { createOccurrenceCounter } from "./serve/occurrence-counter.ts";
import { createCallLog, type ServedCall } from "./serve/served-call.ts";
import { checkOptions, type SimulatorOptions } from "./serve/simulator-options.ts";
import { simulatorRoutes } from "./simulator-routes.ts";
import { anthropicMessages } from "./wire/anthropic-messages/anthropic-messages.ts";
import { googleGenerate } from "./wire/google-generate/google-generate.ts";
import { modelLists } from "./wire/model-lists.ts";
import { chatCompletions } from "./wire/openai-chat/chat-completions.ts";
import { embeddings } from "./wire/openai-embeddings/embeddings.ts";
import { openaiResponses } from "./wire/openai-responses/openai-responses.ts";
import type { WireParts } from "./wire/serve-call.ts";
import { unexpectedError, unknownRoute } from "./wire/unknown-route.ts";

export interface Simulator {
  readonly app: Hono;
  /** The latest calls that came in over the wire, in the order in which they ended. */
  readonly requests: readonly ServedCall[];
  /** The same as a list of its own, which later calls do not change. */
  served(): readonly ServedCall[];
  /** Answers without the wire, the wait and the log; it counts as an occurrence like any other. */
  readonly answer: AnswerMachine["answer"];
  /** Has the next request fail, as in `failNext("429;times=3;retry-after=1")`. */
  readonly failNext: FaultSchedule["add"];
}

/**
 * Creates a simulator. The same seed and the same requests give the same answers, in whatever order and
 * however many at once they arrive.
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const settings = checkOptions(options);
  const lineUp = createLineUp(options);
  const machine = createAnswerMachine(settings, lineUp);
  const log = createCallLog(settings.logLimit);
  const schedule = createFaultSchedule(settings.faults.schedule);
  let requestCount = 0;
  const nextRequestId = (): string => {
    requestCount += 1;
    return `req_sim-${requestCount}`;
  };
  const parts: WireParts = {
    attempts: createOccurrenceCounter(),
    schedule,
    lineUp,
    log,
    settings,
    nextRequestId,
  };
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.res.headers.set("x-colophon-simulator", "simulation");
  });
  app.get("/", (context) => context.html(homePage(settings.seed)));
  app.route("/simulator", simulatorRoutes(log, schedule));
  app.route("/", modelLists(parts));
  app.route("/v1", chatCompletions(machine, parts));
  app.route("/v1", openaiResponses(machine, parts));
  app.route("/v1", embeddings(parts));
  app.route("/v1", anthropicMessages(machine, parts));
  app.route("/v1beta", googleGenerate(machine, parts));
  app.notFound(unknownRoute);
  app.onError(unexpectedError);
  return {
    app,
    requests: log.calls,
    served: () => [...log.calls],
    answer: machine.answer,
    failNext: schedule.add,
  };
}
