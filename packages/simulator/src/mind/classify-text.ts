/** Classifies: chooses one of the labels a prompt offers and writes it down as asked. */

import { chooseLabel, type LabelChoice } from "./choose-label.ts";
import { extractField } from "./extract-fields.ts";
import { fillSchema } from "./fill-schema.ts";
import { findDefinitions } from "./find-definitions.ts";
import type { SchemaNode } from "./mind-request.ts";
import { phraseLabel, reasonFor } from "./phrase-label.ts";
import { summarise } from "./summarise.ts";
import { conditionsOf, randomOf, type TaskAnswer, type Thought } from "./thought.ts";
import { weighLabels } from "./weigh-labels.ts";

function choose(thought: Thought): LabelChoice {
  const { data, labels, examples } = thought.reading;
  const weights = weighLabels({ data, labels, examples, profile: thought.profile });
  return chooseLabel(weights, conditionsOf(thought, "label"));
}

/** Another choice in the same schema is classified by itself, on the same text and instructions. */
export function classifyAmong(thought: Thought, path: string, options: readonly string[]): string {
  const { reading, profile } = thought;
  const labels = findDefinitions(reading.instructions, options);
  const weights = weighLabels({ data: reading.data, labels, examples: [], profile });
  return chooseLabel(weights, conditionsOf(thought, `choice ${path}`)).label;
}

/** The schema filled, with the label where its choice stands. */
export function fillWith(thought: Thought, schema: SchemaNode, choice: LabelChoice | undefined): string {
  const { reading } = thought;
  const own = reading.labels.map((label) => label.label).join("\u0000");
  const value = fillSchema({
    root: schema,
    data: reading.data,
    choose: (path, options) =>
      choice !== undefined && options.join("\u0000") === own
        ? choice.label
        : classifyAmong(thought, path, options),
    extract: (path, field) => extractField(thought, path, field),
    reason: choice === undefined ? summarise(reading.data, 1) : reasonFor({ choice, data: reading.data }),
    confidence: choice === undefined ? 0.5 : (choice.probabilities[choice.label] ?? 0),
  });
  return JSON.stringify(value);
}

export function classifyText(thought: Thought): TaskAnswer {
  const { request, reading, profile } = thought;
  const { format, data } = reading;
  const choice = choose(thought);
  const { label, probabilities } = choice;
  const text =
    request.format.kind === "schema" || format.kind === "schema"
      ? fillWith(thought, request.format.kind === "schema" ? request.format.schema : {}, choice)
      : phraseLabel(format, { choice, data, profile, random: randomOf(thought, "phrase") });
  return { text, label, probabilities, reason: reasonFor({ choice, data }) };
}
