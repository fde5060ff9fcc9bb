/** Declares measured prompts as an application's code does, with `definePrompt` and a zod schema. */
import type { Body } from "@colophon/kernel";
import { definePrompt, type Prompt } from "colophon";
import { type PromptVariables, promptInput } from "./prompt-body.ts";
import { MODEL } from "./prompt-registry.ts";

export type MeasuredPrompt = Prompt<PromptVariables>;

/** The code's own text is always another than the registry's, so that what is served comes from there. */
export function declarePrompt(key: string, body: Body): MeasuredPrompt {
  const input = promptInput;
  if (typeof body === "string")
    return definePrompt({ key, model: MODEL, input, body: `${body}\n` as string });
  const messages = [...body, { role: "user" as const, content: "Answer now." as string }];
  return definePrompt({ key, model: MODEL, input, messages });
}
