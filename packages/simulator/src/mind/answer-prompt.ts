/** The mind: reads a prompt and answers it, by nothing but the words it was sent and seeded noise. */

import { findProfile, type ModelProfile } from "../profiles.ts";
import { chooseTools } from "./choose-tools.ts";
import { classifyAmong, classifyText, fillWith } from "./classify-text.ts";
import { asksForFields, extractFields, fieldsAsked } from "./extract-fields.ts";
import { judgeAnswers } from "./judge-answers.ts";
import type { Effort, MindReply, MindRequest, NoiseSource, WantedCall } from "./mind-request.ts";
import { readJudging } from "./read-judging.ts";
import { readPrompt } from "./read-prompt.ts";
import { refuseHarm } from "./refuse-harm.ts";
import { summarise } from "./summarise.ts";
import { summariseText } from "./summarise-text.ts";
import { resultsSince, tellResults } from "./tell-results.ts";
import { conditionsOf, subjectOf, type TaskAnswer, type Thought } from "./thought.ts";

/** Tokens of hidden reasoning that each effort costs; none unless the request asks for it. */
const REASONING_TOKENS: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 0,
  low: 64,
  medium: 192,
  high: 512,
  xhigh: 1024,
};

function callTools(thought: Thought): readonly WantedCall[] {
  const { request } = thought;
  return chooseTools({
    request,
    text: request.messages.findLast((message) => message.role === "user")?.text ?? "",
    conditions: (purpose) => conditionsOf(thought, purpose),
    choose: (path, options) => classifyAmong(thought, path, options),
  });
}

/** The task by what the prompt holds: answers to judge, labels, a schema, fields, results of tools, else a text. */
function doTask(thought: Thought): TaskAnswer {
  const { request, reading } = thought;
  const judging = readJudging(request.messages);
  if (judging !== undefined) return judgeAnswers(thought, judging);
  if (reading.labels.length > 0) return classifyText(thought);
  if (request.format.kind === "schema")
    return { reason: "", text: fillWith(thought, request.format.schema, undefined) };
  if (reading.format.kind === "json") {
    const fields = fieldsAsked(thought);
    return extractFields(thought, fields.length > 0 ? fields : ["summary"]);
  }
  const results = resultsSince(request.messages);
  if (results.length > 0) return { reason: "", text: tellResults(results) };
  const fields = asksForFields(thought) ? fieldsAsked(thought) : [];
  return fields.length > 0 ? extractFields(thought, fields) : summariseText(thought);
}

/** What the model says it thought, from what it read. */
function reasonAloud(thought: Thought, reason: string): string {
  const options = thought.reading.labels.map((label) => label.label).join(", ");
  const weighed = options === "" ? "" : ` The options are ${options}.`;
  return `The text says: ${summarise(subjectOf(thought), 1)}${weighed}${reason === "" ? "" : ` ${reason}`}`;
}

/** Answers a request; equal requests with equal noise get equal answers. */
export function answerPrompt(
  request: MindRequest,
  noise: NoiseSource,
  profile: ModelProfile = findProfile(request.model),
): MindReply {
  const reading = readPrompt(request.messages, request.format);
  const thought: Thought = { request, reading, profile, noise };
  const base: MindReply = {
    text: "",
    label: undefined,
    probabilities: {},
    reasoningTokens: REASONING_TOKENS[request.effort],
    reasoning: "",
    refusal: undefined,
    toolCalls: [],
  };
  const asked = request.messages.filter((message) => message.role === "user").map(({ text }) => text);
  const refusal = refuseHarm(asked, profile, noise);
  if (refusal !== undefined) return { ...base, refusal };
  const toolCalls = callTools(thought);
  if (toolCalls.length > 0) return { ...base, toolCalls, reasoning: reasonAloud(thought, "") };
  const { text, label, probabilities = {}, reason } = doTask(thought);
  return { ...base, text, label, probabilities, reasoning: reasonAloud(thought, reason) };
}
