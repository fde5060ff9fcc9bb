/** Finds the labels a prompt wants its data sorted into: from a schema, an enumeration or a bullet list. */

import { cleanLabel, strongestEnumeration } from "./find-enumerations.ts";
import type { RequestedFormat, SchemaNode } from "./mind-request.ts";

export interface LabelLine {
  readonly label: string;
  readonly definition: string;
}

const BULLET =
  /^\s*(?:[-*•]|\d+[.)])\s+["'`*]*([\p{L}\p{N}][\p{L}\p{N} _&-]{0,40}?)["'`*]*(?:\s*(?::|[–—=]|\s-\s|->|\()\s*["'`*]*\s*(\S.*)|\s*)$/u;
const CLASSIFIES =
  /\b(?:classif\w+|categor\w+|labels?|one of|which (?:kind|type|team|queue|of)|triage|route|sort|intent|topics?|sentiment|tag|into)\b/i;
const ANNOUNCES =
  /(?:one of|categor\w+|labels?|class(?:es)?|topics?|intents?|options?|queues?|teams?|into|as follows|following)[^\n]*[:.]\s*$/i;
const OTHER_TASK =
  /^(?:please )?(?:summari[sz]e|translate|rewrite|rephrase|draft|write|explain|extract|list|describe|greet)\b/im;
const OTHER_TASK_STRENGTH = 6;
const MAX_LABEL_WORDS = 4;

/** Reads one line as "- label: definition" or "- label". */
export function readLabelLine(line: string): LabelLine | undefined {
  const match = BULLET.exec(line);
  const label = cleanLabel(match?.[1] ?? "");
  if (label === "" || label.split(/\s+/).length > MAX_LABEL_WORDS) return undefined;
  return { label, definition: (match?.[2] ?? "").replace(/\)\s*$/, "") };
}

/** The first property of a schema that is a choice of strings, at any depth. */
function findSchemaChoice(schema: SchemaNode): readonly string[] | undefined {
  const choice = choiceOf(schema);
  if (choice !== undefined) return choice;
  for (const child of Object.values(schema)) {
    if (typeof child !== "object" || child === null) continue;
    const found = findSchemaChoice(child as SchemaNode);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The strings a schema node allows, where it is a choice between at least two. */
export function choiceOf(node: SchemaNode): readonly string[] | undefined {
  const alternatives = node.anyOf ?? node.oneOf;
  const values = Array.isArray(node.enum)
    ? node.enum
    : Array.isArray(alternatives)
      ? alternatives.map((each: unknown) => (each as SchemaNode | null)?.const)
      : [];
  const texts = values.filter((value): value is string => typeof value === "string");
  return texts.length >= 2 ? texts : undefined;
}

/** A list under a line that announces labels is believed before any enumeration elsewhere. */
function bulletLabels(text: string): { readonly labels: readonly string[]; readonly announced: boolean } {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const read = CLASSIFIES.test(text) ? lines.map(readLabelLine) : [];
  const labels = read.flatMap((line) => (line === undefined ? [] : [line.label]));
  const distinct = [...new Map(labels.map((label) => [label.toLowerCase(), label])).values()];
  if (distinct.length < 2) return { labels: [], announced: false };
  const before = lines[read.findIndex((line) => line !== undefined) - 1] ?? "";
  const defined = read.some((line) => (line?.definition ?? "") !== "");
  return { labels: distinct, announced: ANNOUNCES.test(before) && (defined || before.trim().endsWith(":")) };
}

/** Bullet lines define labels; enumerations inside them list examples, not answers. */
function withoutBullets(text: string): string {
  const lines = text.split("\n");
  const bullets = lines.filter((line) => (readLabelLine(line)?.definition ?? "") !== "");
  return bullets.length < 2 ? text : lines.filter((line) => !bullets.includes(line)).join("\n");
}

/** The labels a prompt offers, none when it asks for something else. */
export function findLabels(text: string, format: RequestedFormat): readonly string[] {
  const fromSchema = format.kind === "schema" ? findSchemaChoice(format.schema) : undefined;
  if (fromSchema !== undefined) return fromSchema;
  const enumeration = strongestEnumeration(withoutBullets(text));
  const bullets = bulletLabels(text);
  const otherTask = OTHER_TASK.test(text) && !CLASSIFIES.test(text);
  const weak = enumeration === undefined || (otherTask && enumeration.strength < OTHER_TASK_STRENGTH);
  if (weak) return otherTask ? [] : bullets.labels;
  const listed = enumeration.labels.map((label) => label.toLowerCase());
  const covered = bullets.labels.every((label) => listed.includes(label.toLowerCase()));
  return bullets.announced && !covered ? bullets.labels : enumeration.labels;
}
