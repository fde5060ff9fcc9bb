/** Answers from what tools returned: their values in a sentence, or the leading sentences of their text. */

import { wordsOfName } from "./extract-value.ts";
import type { MindMessage } from "./mind-request.ts";
import { summarise } from "./summarise.ts";

const MAX_VALUES = 6;

function valuesIn(value: unknown, name: string): readonly string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((each) => valuesIn(each, name));
  if (typeof value === "object")
    return Object.entries(value).flatMap(([key, each]) => valuesIn(each, wordsOfName(key).toLowerCase()));
  return [name === "" ? String(value) : `the ${name} is ${String(value)}`];
}

function tellResult(text: string): string {
  try {
    const values = valuesIn(JSON.parse(text), "").slice(0, MAX_VALUES);
    const sentence = `${values.join(", ")}.`;
    return values.length === 0 ? text : sentence.charAt(0).toUpperCase() + sentence.slice(1);
  } catch {
    return summarise(text, 2);
  }
}

/** The results that came in since the user last spoke. */
export function resultsSince(messages: readonly MindMessage[]): readonly string[] {
  const start = messages.findLastIndex((message) => message.role === "user");
  return messages
    .slice(start + 1)
    .filter((message) => message.role === "tool")
    .map((message) => message.text);
}

export function tellResults(results: readonly string[]): string {
  return results.map(tellResult).join(" ");
}
