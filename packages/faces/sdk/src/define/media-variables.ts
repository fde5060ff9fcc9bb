/** Media variables: declared beside the input schema, since no schema library can describe bytes as JSON Schema. */
import {
  filled,
  invalidPrompt,
  isMedium,
  type JsonSchema,
  MEDIA_SCHEMAS,
  type MediaForm,
  type MediaValue,
  mapFields,
  mediaProblem,
  say,
  words,
} from "@colophon/kernel";
import type { SchemaCheck } from "@colophon/runtime";
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

/** What the contract with media depends on. */
interface Declared {
  readonly key: string;
  readonly media?: MediaOptions;
  readonly bind?: object;
  readonly untrusted?: readonly string[];
}

interface Fields extends JsonSchema {
  readonly properties?: object;
  readonly required?: readonly string[];
}

/**
 * The contract with its media variables.
 *
 * @throws HarnessError `prompt-invalid` for media that cannot be meant.
 */
export function contractWithMedia(input: JsonSchema, declared: Declared): JsonSchema {
  const { key, bind = {}, untrusted } = declared;
  const media = filled({ ...declared.media });
  if (!media) return input;
  const { type, $ref, properties, additionalProperties: open, required = [] } = input as Fields;
  if (type !== "object" || $ref !== undefined || (properties === undefined && open !== undefined)) {
    throw invalidPrompt(
      say`${key} has media beside an input that names no variables; give it an object schema.`,
    );
  }
  const schemas = mapFields(media, (form, name) => {
    if (!Object.hasOwn(MEDIA_SCHEMAS, form)) {
      throw invalidPrompt(say`${key} has the medium ${name} ${words(() => noForm(form))}.`);
    }
    if (Object.hasOwn(properties ?? {}, name)) {
      throw invalidPrompt(say`${key} has ${name} in input and in media; keep it in media.`);
    }
    if (untrusted?.includes(name)) {
      throw invalidPrompt(say`${key} marks ${name} as untrusted, which is a medium; only texts are fenced.`);
    }
    if (Object.hasOwn(bind, name)) {
      throw invalidPrompt(say`${key} binds ${name}, which is a medium; pass it with the call.`);
    }
    return MEDIA_SCHEMAS[form];
  });
  const needed = Object.keys(schemas).filter((name) => media[name] !== "optional");
  return { ...input, properties: { ...properties, ...schemas }, required: [...required, ...needed] };
}

function noForm(form: string): string {
  return `as "${form}"; write ${Object.keys(MEDIA_SCHEMAS).join(", ")}`;
}

/** A check that looks at media itself and leaves the other variables to the schema. */
export function checkWithMedia(check: SchemaCheck, declared?: MediaOptions): SchemaCheck {
  const media = filled({ ...declared });
  if (!media) return check;
  return (given) => {
    const rest = { ...(given as Record<string, unknown>) };
    const found: Record<string, unknown> = {};
    for (const [name, form] of Object.entries(media)) {
      const value = rest[name];
      delete rest[name];
      if (value === undefined && form === "optional") continue;
      found[name] = value;
      const items = form === "list" ? value : [value];
      if (Array.isArray(items) && items.every(isMedium)) continue;
      return { issues: [{ path: [name], message: words(() => `it ${whyNot(value, form)}`) }] };
    }
    const result = check(rest);
    return result instanceof Promise || result.issues
      ? result
      : { value: { ...(result.value as object), ...found } };
  };
}

function whyNot(value: unknown, form: MediaForm): string {
  if (form !== "list") return `${mediaProblem(value)}`;
  if (!Array.isArray(value)) return "is no list of media";
  const wrong = value.findIndex((item) => !isMedium(item));
  return `is a list whose item ${wrong} ${mediaProblem(value[wrong])}`;
}
