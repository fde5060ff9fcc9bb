/** Reads a whole prompt: what is asked, of which text, with which labels, examples and format. */

import { findDefinitions, type LabelReading } from "./find-definitions.ts";
import { findExamples, labelIn, type WorkedExample } from "./find-examples.ts";
import { findLabels } from "./find-labels.ts";
import type { MindMessage, RequestedFormat, SchemaNode } from "./mind-request.ts";
import { type FormatReading, readFormat } from "./read-format.ts";
import { splitText, takeFenced } from "./split-text.ts";
import { resultsSince } from "./tell-results.ts";

export interface PromptReading {
  readonly instructions: string;
  readonly data: string;
  readonly labels: readonly LabelReading[];
  readonly examples: readonly WorkedExample[];
  readonly format: FormatReading;
}

interface Parts {
  readonly system: string;
  readonly asked: string;
  readonly turns: readonly { readonly user: string; readonly assistant: string }[];
  /** What tools returned since then: data like the text that is asked about. */
  readonly results: readonly string[];
}

interface Separated {
  readonly system: string;
  readonly asked: string;
  /** What stands in fences, if anything does. */
  readonly data: string | undefined;
}

function partsOf(messages: readonly MindMessage[]): Parts {
  const asked = messages.findLast((message) => message.role === "user");
  const system = messages.filter((message) => message.role === "system").map((message) => message.text);
  const turns = messages.flatMap((message, index) => {
    const next = messages[index + 1];
    return message.role === "user" && next?.role === "assistant"
      ? [{ user: message.text, assistant: next.text }]
      : [];
  });
  return { system: system.join("\n"), asked: asked?.text ?? "", turns, results: resultsSince(messages) };
}

/** Descriptions in a schema are read like the rest of the prompt. */
function descriptionsOf(node: SchemaNode): readonly string[] {
  const own = typeof node.description === "string" ? [node.description] : [];
  const inner = Object.values(node).flatMap((child) =>
    typeof child === "object" && child !== null ? descriptionsOf(child as SchemaNode) : [],
  );
  return [...own, ...inner];
}

function turnsAsExamples(turns: Parts["turns"], labels: readonly string[]): readonly WorkedExample[] {
  return turns.flatMap(({ user, assistant }) => {
    const label = labelIn(assistant, labels);
    if (label === undefined) return [];
    const text = takeFenced(user)?.data ?? splitText(user, labels).data;
    return [{ text, label, answer: assistant.trim() }];
  });
}

/** Takes fenced text out wherever it stands; without a fence the last message holds both task and text. */
function separate(parts: Parts): Separated {
  const fenced = takeFenced(parts.asked);
  // Everyday tags in a system message are structure; only the fence made for untrusted values is surely data.
  const inSystem = /<untrusted/i.test(parts.system) ? takeFenced(parts.system) : undefined;
  const data = [inSystem?.data, fenced?.data].filter((text) => text !== undefined);
  return {
    system: inSystem?.instructions ?? parts.system,
    asked: fenced?.instructions ?? parts.asked,
    data: data.length === 0 ? undefined : data.join("\n"),
  };
}

/** Reads the messages of a request as a model would: system and task text are instructions, the rest is data. */
export function readPrompt(messages: readonly MindMessage[], requested: RequestedFormat): PromptReading {
  const parts = partsOf(messages);
  const { system, asked, data } = separate(parts);
  const described = requested.kind === "schema" ? descriptionsOf(requested.schema).join("\n") : "";
  const fromSystem = findLabels(system, requested);
  const names = fromSystem.length > 0 ? fromSystem : findLabels(asked, requested);
  const shownInSystem = findExamples(system, names);
  const shownInAsked = findExamples(asked, names);
  const split =
    data === undefined ? splitText(shownInAsked.rest, names) : { instructions: shownInAsked.rest, data };
  const instructions = [shownInSystem.rest, split.instructions, described]
    .filter((text) => text.trim() !== "")
    .join("\n");
  const examples = [
    ...shownInSystem.examples,
    ...shownInAsked.examples,
    ...turnsAsExamples(parts.turns, names),
  ];
  return {
    instructions,
    data: [split.data, ...parts.results].filter((text) => text !== "").join("\n"),
    labels: findDefinitions(instructions, names),
    examples,
    format: readFormat({
      instructions,
      labels: names,
      answers: examples.map((example) => example.answer),
      requested,
    }),
  };
}
