/** Media variables: declared beside the input schema, since no schema library can describe bytes as JSON Schema. */
import {
  HarnessError,
  type JsonSchema,
  MEDIA_FORMS,
  type MediaForm,
  type MediaValue,
  mediaProblem,
  mediaSchema,
  say,
  words,
} from "@colophon/kernel";
import type { SchemaCheck, SchemaIssue, SchemaResult } from "@colophon/runtime";
import type { OutputOf, StandardSchema } from "./standard-schema.ts";

/** Media variables by name, and what each holds: one medium, perhaps one, or a list of them. */
export type MediaOptions = Readonly<Record<string, MediaForm>>;

/** What the caller passes for them. */
export type MediaInput<X extends MediaOptions> = {
  readonly [P in keyof X as X[P] extends "optional" ? never : P]: X[P] extends "list"
    ? readonly MediaValue[]
    : MediaValue;
} & { readonly [P in keyof X as X[P] extends "optional" ? P : never]?: MediaValue | undefined };

/** What a text sees: what the schema hands out, and for each medium something to print. */
export type Seen<S extends StandardSchema, X extends MediaOptions> = [X] extends [never]
  ? S
  : unknown extends OutputOf<S>
    ? S
    : StandardSchema<unknown, Flat<Named<OutputOf<S>> & MediaSeen<X>>>;

type MediaSeen<X extends MediaOptions> = {
  readonly [P in keyof X as X[P] extends "optional" ? never : P]: X[P] extends "list" ? string[] : string;
} & { readonly [P in keyof X as X[P] extends "optional" ? P : never]?: string };

/** An object without properties is written as one whose every property is never, which would take in the media too. */
export type Named<T> = string extends keyof T ? ([T[keyof T]] extends [never] ? unknown : T) : T;

type Flat<T> = T extends unknown ? { [K in keyof T]: T[K] } : never;

/** Where media are declared, for messages. */
interface Declared {
  readonly key: string;
  readonly media: MediaOptions;
  readonly bound: readonly string[];
  readonly untrusted: readonly string[];
}

/**
 * The contract with its media variables.
 *
 * @throws HarnessError `prompt-invalid` for media that cannot be meant.
 */
export function contractWithMedia(input: JsonSchema, { key, media, bound, untrusted }: Declared): JsonSchema {
  const names = Object.keys(media);
  if (names.length === 0) return input;
  const { properties = {}, required = [] } = input as {
    readonly properties?: JsonSchema;
    readonly required?: readonly string[];
  };
  const open = input.properties === undefined && input.additionalProperties !== undefined;
  if (input.type !== "object" || open || input.$ref !== undefined) {
    throw invalid(say`${key} has media beside an input that names no variables; give it an object schema.`);
  }
  for (const name of names) {
    const form = media[name] as MediaForm;
    if (!MEDIA_FORMS.includes(form)) {
      throw invalid(
        say`${key} has the medium ${name} as "${form}"; write ${words(() => MEDIA_FORMS.join(", "))}.`,
      );
    }
    if (name in properties) throw invalid(say`${key} has ${name} in input and in media; keep it in media.`);
    if (untrusted.includes(name)) {
      throw invalid(say`${key} marks ${name} as untrusted, which is a medium; only texts are fenced.`);
    }
    if (bound.includes(name))
      throw invalid(say`${key} binds ${name}, which is a medium; pass it with the call.`);
  }
  const schemas = names.map((name) => [name, mediaSchema(media[name] as MediaForm)]);
  return {
    ...input,
    properties: { ...properties, ...Object.fromEntries(schemas) },
    required: [...required, ...names.filter((name) => media[name] !== "optional")],
  };
}

function invalid(sentence: string): HarnessError {
  return new HarnessError("prompt-invalid", sentence);
}

/** A check that looks at media itself and leaves the other variables to the schema. */
export function checkWithMedia(check: SchemaCheck, media: MediaOptions): SchemaCheck {
  const forms = Object.entries(media);
  if (forms.length === 0) return check;
  return (given) => {
    const rest: Record<string, unknown> = { ...(given as object) };
    const found: Record<string, unknown> = {};
    const issues: SchemaIssue[] = [];
    for (const [name, form] of forms) {
      const value = rest[name];
      delete rest[name];
      if (value === undefined && form === "optional") continue;
      found[name] = value;
      issues.push(...issuesOf(name, value, form));
    }
    if (issues.length > 0) return { issues };
    const result = check(rest);
    return result instanceof Promise ? result : withFound(result, found);
  };
}

function withFound(result: SchemaResult, found: object): SchemaResult {
  return result.issues === undefined ? { value: { ...(result.value as object), ...found } } : result;
}

function issuesOf(name: string, value: unknown, form: MediaForm): readonly SchemaIssue[] {
  if (form !== "list") return issueOf([name], mediaProblem(value));
  if (!Array.isArray(value)) return issueOf([name], say`is no list of media`);
  return value.flatMap((item, index) => issueOf([name, String(index)], mediaProblem(item)));
}

function issueOf(path: readonly string[], problem: string | undefined): readonly SchemaIssue[] {
  return problem === undefined ? [] : [{ message: say`it ${problem}`, path }];
}
