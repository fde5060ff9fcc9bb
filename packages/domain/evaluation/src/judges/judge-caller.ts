/** The port through which judges are asked: whoever fills it records each call with purpose `judge`. */
import type { Message, ModelAnswer } from "@colophon/kernel";
import type { Judge } from "./judge.ts";

export interface JudgeQuestion {
  readonly judge: Judge;
  readonly messages: readonly Message[];
  /** Tells apart questions that are asked more than once on purpose: 0, 1, 2, … */
  readonly draw: number;
}

export type JudgeReply =
  | { readonly ok: true; readonly answer: ModelAnswer }
  /** Why there is no answer, as a sentence. */
  | { readonly ok: false; readonly error: string };

export interface JudgeCaller {
  ask(question: JudgeQuestion): Promise<JudgeReply>;
}
