/** Arbitrary prompts for property tests: every field, odd texts, templates that the language takes. */
import {
  type Body,
  buildText,
  type ChatPart,
  type JsonSchema,
  modelChoice,
  RISKS,
  ROLES,
  templatePartials,
} from "@colophon/kernel";
import fc from "fast-check";
import type { PromptSpec } from "../read-prompt-spec.ts";

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/);
const odd = fc.constantFrom(
  "__proto__",
  "constructor",
  "<<",
  "null",
  "1",
  "1.0",
  "a b",
  "a(b",
  "a?",
  "(*)",
  "# a",
  "- a",
  "a: b",
  "a\nb",
  "ü",
  "*a",
  "&a",
  "!a",
  "type",
  "properties",
  "yes",
  "~",
  "'",
  '"',
  "x".repeat(1_100),
);
const unicode = fc.string({ unit: "binary", maxLength: 12 });
const fieldName = fc.oneof(
  { weight: 4, arbitrary: name },
  odd,
  unicode.filter((text) => text.trim() !== ""),
);
/** What a reader takes for a text: not blank. */
const words = fc.oneof(
  fc.lorem({ maxCount: 5 }),
  fc.constantFrom(
    "yes",
    "null",
    "1",
    "2024-01-01",
    "- a",
    "a: b",
    "---",
    "a\n---\nb",
    "x #y",
    "'",
    '"',
    "a\r",
    " a ",
    "a\n\n",
  ),
  unicode.filter((text) => text.trim() !== ""),
);

const pieces = fc.constantFrom(
  "Hello",
  " ",
  "  ",
  "\t",
  "\n",
  "\n\n",
  "\r",
  "\r\n",
  "---",
  "\n---\n",
  "# x",
  "{{name}}",
  "{{ a.b }}",
  "{{#if a}}\nyes\n{{else}}\nno\n{{/if}}",
  "{{#each list}}{{this}}{{/each}}",
  "{{json a}}",
  "{{> shared.tone}}",
  "{{> shared.tone@v3}}",
  "\\{{x}}",
  "\\\\{{x}}",
  "\\",
  '\\{{role "user"}}',
  "{",
  "}",
  '{"a": 1}',
  "\uFEFF",
  "\u2028",
  "\u0085",
  "\u{1F600}",
);
const template = fc
  .array(fc.oneof({ weight: 5, arbitrary: pieces }, unicode), { maxLength: 8 })
  .map((texts) => texts.join("").replaceAll("\0", "").replaceAll(/\r+\n/g, "\n"))
  .filter(isTemplate);

function isTemplate(body: Body): boolean {
  try {
    templatePartials(body);
    return true;
  } catch {
    return false;
  }
}

const withRoles = fc
  .array(
    fc.oneof(template, fc.constantFrom('{{role "system"}}', "{{role 'model'}}\n", '\n{{role "user"}}\n')),
    {
      maxLength: 6,
    },
  )
  .map((texts) => texts.join(""))
  .filter((body) => body.trim() !== "" && !body.includes("\r\n") && isTemplate(body));

const message = fc.record({
  role: fc.constantFrom(...ROLES),
  content: template.filter((content) => isTemplate([{ role: "user", content }])),
});
/** With the slot for history at one place, or without. */
const anyMessages: fc.Arbitrary<readonly ChatPart[]> = fc
  .tuple(fc.array(message, { minLength: 1, maxLength: 5 }), fc.option(fc.nat(5)))
  .map(([list, slot]): readonly ChatPart[] =>
    slot === null ? list : [...list.slice(0, slot), "history", ...list.slice(slot)],
  );

const body: fc.Arbitrary<Body> = fc.oneof(
  template.filter((text) => text.trim() !== ""),
  withRoles,
  anyMessages,
);

const json = fc.jsonValue({ maxDepth: 3, stringUnit: "binary" });
const jsonObject = fc.dictionary(fieldName, json, { maxKeys: 4 });

const description = fc.oneof(fc.lorem({ maxCount: 4 }), words);
const scalarType = fc.constantFrom("string", "number", "integer", "boolean", "null");

/** Schemas of the kind that Picoschema can say, and others near to them. */
const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type: scalarType, description }, { requiredKeys: ["type"] }),
    fc.record({ type: scalarType.map((type) => [type, "null"]), description }, { requiredKeys: ["type"] }),
    fc.record({ description }, { requiredKeys: [] }),
    fc.record({
      enum: fc.array(fc.oneof(words, fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 3 }),
    }),
    fc.record(
      { type: fc.constantFrom("array", ["array", "null"]), items: tie("schema"), description },
      { requiredKeys: ["type", "items"] },
    ),
    objectSchema(tie("schema")),
    fc.tuple(tie("schema"), jsonObject).map(([inner, more]) => ({ ...inner, "x-more": more })),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
  ),
}));

function objectSchema(inner: fc.Arbitrary<JsonSchema>): fc.Arbitrary<JsonSchema> {
  return fc
    .record(
      {
        type: fc.constantFrom("object", ["object", "null"]),
        properties: fc.dictionary(fieldName, inner, { maxKeys: 4 }),
        additionalProperties: fc.oneof(fc.constantFrom(false, false, true, {}), inner),
        description,
        picks: fc.array(fc.boolean(), { maxLength: 4 }),
      },
      { requiredKeys: ["type", "properties", "picks"] },
    )
    .map(({ picks, ...rest }) => ({
      ...rest,
      required: Object.keys(rest.properties).filter((_, index) => picks[index] === true),
    }));
}

/** A field of an object in Picoschema: its schema where it is required, and where it is not. */
type PicoField = readonly [required: JsonSchema, optional: JsonSchema];

const oneLine = fc.lorem({ maxCount: 4 });
const described = fc.record({ description: oneLine }, { requiredKeys: [] });

/** What Picoschema can say of a value, and of a field. */
const pico = fc.letrec<{ value: JsonSchema; field: PicoField; object: JsonSchema }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(scalarType, described).map(([type, more]) => ({ type, ...more })),
    described,
    tie("object"),
  ),
  object: fc
    .tuple(
      fc.dictionary(name, fc.tuple(tie("field"), fc.boolean()), { maxKeys: 4 }),
      fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, tie("value")),
    )
    .map(([fields, additionalProperties]) => {
      const required = Object.keys(fields).filter((key) => fields[key]?.[1] === true);
      return {
        type: "object",
        properties: Object.fromEntries(
          Object.entries(fields).map(([key, [[strict, loose], isRequired]]) => [
            key,
            isRequired ? strict : loose,
          ]),
        ),
        ...(required.length > 0 && { required: required.sort() }),
        additionalProperties,
      };
    }),
  field: fc.oneof(
    fc.tuple(tie("value"), described).map(([value, more]): PicoField => {
      const schema = value.type === "object" ? { ...value, ...more } : value;
      const isNullable = schema.type !== undefined && schema.type !== "null";
      return [schema, isNullable ? { ...schema, type: [schema.type, "null"] } : schema];
    }),
    fc.tuple(tie("value"), described).map(
      ([items, more]): PicoField => [
        { type: "array", items, ...more },
        { type: ["array", "null"], items, ...more },
      ],
    ),
    fc.tuple(fc.array(fc.oneof(words, fc.integer()), { minLength: 1, maxLength: 3 }), described).map(
      ([values, more]): PicoField => [
        { enum: values, ...more },
        { enum: [...values, null], ...more },
      ],
    ),
  ),
}));

/** What Picoschema can say. */
export const picoSchema: fc.Arbitrary<JsonSchema> = pico.object.filter(({ properties }) => {
  const { type, properties: inner } = properties as JsonSchema;
  return type === undefined && inner === undefined;
});

export const anySchema: fc.Arbitrary<JsonSchema> = fc.oneof(schema, pico.object, pico.value);
/** Of variables or arguments. */
const anyObjectSchema: fc.Arbitrary<JsonSchema> = fc.oneof(
  objectSchema(schema).map((one) => ({ ...one, type: "object" })),
  pico.object,
  fc.constant({}),
  fc.record({ $ref: fc.constant("#/$defs/a"), $defs: fc.constant({ a: { type: "object" } }) }),
);

const model = fc.oneof(
  fc.constantFrom("gpt-5-mini", "claude-haiku-4-5", "house-1", "azure/gpt-5", "openai/gpt-5"),
  fc.record({ id: words, provider: words }),
  fc.record({ id: words, provider: name, parameters: jsonObject }),
);

const metadata = fc.record(
  {
    purpose: fc.option(words),
    owner: fc.option(words),
    risk: fc.constantFrom(...RISKS),
    tags: fc.array(words, { maxLength: 3 }),
    evalSet: fc.option(words),
    backup: fc.array(model, { maxLength: 2 }),
    routes: fc.dictionary(fieldName, model, { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);

const toolChoice = fc.oneof(
  fc.constantFrom("auto" as const, "none" as const, "required" as const),
  fc.record({ tool: words }),
);
const tool = fc.record(
  { name: words, description: words, input: anyObjectSchema },
  { requiredKeys: ["name", "input"] },
);

const parts = fc.record(
  {
    body,
    model,
    parameters: jsonObject,
    input: anyObjectSchema,
    output: anySchema,
    tools: fc.array(tool, { maxLength: 2 }),
    toolChoice,
    untrusted: fc.array(words, { maxLength: 2 }),
    cache: fc.array(fc.oneof(fc.nat(5), fc.constant("system" as const)), { maxLength: 2 }),
    locales: fc.dictionary(fieldName, body, { maxKeys: 2 }),
    defaultLocale: words,
  },
  { requiredKeys: ["body", "model"] },
);

export const anyKey = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,20}$/);

/** Prompts as `readPromptSpec` would give them. */
export const anySpec: fc.Arbitrary<PromptSpec> = fc
  .tuple(anyKey, parts, metadata)
  .map(([key, given, facts]) => {
    const { backup, routes, ...rest } = facts;
    return {
      key,
      text: buildText(given),
      metadata: {
        ...rest,
        ...(backup && { backup: backup.map((one) => modelChoice(one)) }),
        ...(routes && {
          routes: Object.fromEntries(Object.entries(routes).map(([route, one]) => [route, modelChoice(one)])),
        }),
      },
    };
  });
