/** Ends an execution with what its stream or answer said: whole, failed at the provider's, or cut. */
import { type Answer, NO_ANSWER, type StreamReader } from "./answer.ts";
import type { Ending } from "./recording.ts";

/** Ends with a whole answer; one that only tells of the provider's error is an error. */
export function endAnswer(run: Ending, answer: Answer): void {
  const { failure } = answer;
  if (typeof failure === "string") run.fail(failureOf(failure), answer);
  else run.end("ok", answer);
}

/** Ends with what a stream carried until it was over. */
export function endStream(run: Ending, reader: StreamReader | undefined): void {
  const answer = reader?.answer() ?? NO_ANSWER;
  if (reader?.isWhole?.() === false) run.abort(answer);
  else endAnswer(run, answer);
}

/** Ends with what a stream carried until the application left it. */
export function leaveStream(run: Ending, reader: StreamReader | undefined): void {
  if (reader?.isWhole?.() === true) endAnswer(run, reader.answer());
  else run.abort(reader?.answer() ?? NO_ANSWER);
}

/** Names the error of the row; nobody else sees it. */
export function failureOf(code: string): Error {
  return Object.assign(new Error(), { name: "ProviderFailure", code });
}
