/** Texts to be reviewed, for tests. */
import {
  type Body,
  buildText,
  type JsonSchema,
  type ReviewFinding,
  type ReviewSeverity,
  type VersionText,
} from "@colophon/kernel";
import type { CompiledPolicy } from "./review-policy.ts";
import { reviewText } from "./review-text.ts";
import type { ReviewSubject } from "./reviewed-text.ts";

/** A model with a date, so that its name says nothing. */
const MODEL = "gpt-5-mini-2025-08-07";

export interface Written extends Partial<Omit<VersionText, "body" | "model">> {
  readonly body?: Body;
  readonly model?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly partials?: never;
}

/** Each name a text that has to be there. */
export function contract(...names: readonly string[]): JsonSchema {
  const properties = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  return { type: "object", properties, required: names, additionalProperties: false };
}

/** The contract is what the body reads, unless one is given. */
export function textOf({ body = "Sort it.", model = MODEL, ...more }: Written): VersionText {
  const names = [
    ...JSON.stringify(body).matchAll(/\{\{(?:json )?(?!role|history|else|this)([a-z]\w*)/gi),
  ].map(([, name = ""]) => name);
  return buildText({ input: contract(...new Set(names)), ...more, body, model });
}

export function subjectOf(written: Written | string, more: Partial<ReviewSubject> = {}): ReviewSubject {
  const text = textOf(typeof written === "string" ? { body: written } : written);
  return { key: "support.triage", text, partials: new Map(), metadata: {}, cases: null, ...more };
}

export function findingsOf(
  written: Written | string,
  more: Partial<ReviewSubject> = {},
  policy: CompiledPolicy | null = null,
): readonly ReviewFinding[] {
  return reviewText(subjectOf(written, more), policy).map(({ finding }) => finding);
}

/** Rules with their severities, such as `high secret`. */
export function saidOf(written: Written | string, more: Partial<ReviewSubject> = {}): readonly string[] {
  return findingsOf(written, more).map(({ severity, rule }) => `${severity} ${rule}`);
}

export function finding(id: string, severity: ReviewSeverity, rule = "secret"): ReviewFinding {
  const words = { place: "body, line 1", message: "It is there.", advice: "Take it out." };
  return { id, severity, rule, ...words };
}
