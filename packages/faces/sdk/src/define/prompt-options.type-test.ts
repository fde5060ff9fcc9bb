/** Proves that `definePrompt` refuses, at the place of the mistake, what its schema does not fit. */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { definePrompt } from "./define-prompt.ts";
import type { Prompt } from "./prompt.ts";
import type { InputOf, OutputOf, StandardJsonSchema } from "./standard-schema.ts";

const model = "gpt-5-mini";
const ticket = z.object({ ticket: z.string() });
const spoken = z.object({ ticket: z.string(), lang: z.string() });
declare const dynamic: string;
/** Stands for `record` and `render`, which take what the prompt says. */
declare function accept<V>(prompt: Prompt<V>, variables: NoInfer<V>): void;

// Every kind of schema, its defaults and its transforms.
accept(definePrompt({ key: "zod", model, input: ticket, body: "Classify {{ticket}}" }), { ticket: "x" });
const withDefault = definePrompt({
  key: "default",
  model,
  input: z.object({
    ticket: z.string(),
    lang: z.string().default("en"),
    size: z.string().transform((text) => text.length),
  }),
  body: "Classify {{ticket}} ({{size}}) in {{lang}}",
});
accept(withDefault, { ticket: "x", size: "abc" });
// What the caller holds may be read-only, at every depth.
const nested = definePrompt({
  key: "read.only",
  model,
  input: z.object({
    items: z.array(z.object({ name: z.string(), tags: z.array(z.string()).optional() })),
    open: z.unknown(),
    either: z.union([z.string(), z.array(z.number())]).optional(),
  }),
  body: "{{json items}} {{json open}} {{#if either}}x{{/if}}",
});
declare const readOnly: readonly { readonly name: string; readonly tags?: readonly string[] }[];
accept(nested, { items: readOnly, open: readOnly, either: [1, 2] as const });
// @ts-expect-error a name is a text
accept(nested, { items: [{ name: 3 }], open: null });
// @ts-expect-error there is no such field
accept(nested, { items: [{ name: "a", nick: "b" }], open: null });
// @ts-expect-error the ticket has no default
accept(withDefault, { lang: "en", size: "abc" });
// @ts-expect-error the caller passes what the schema takes, not what it makes of it
accept(withDefault, { ticket: "x", size: 3 });
accept(
  definePrompt({
    key: "valibot",
    model,
    input: v.object({ ticket: v.string(), lang: v.optional(v.string(), "en") }),
    body: "{{ticket}} {{lang}}",
  }),
  { ticket: "x" },
);
accept(
  definePrompt({
    key: "arktype",
    model,
    input: type({ ticket: "string", lang: "string = 'en'" }),
    body: "{{ticket}} {{lang}}",
  }),
  { ticket: "x" },
);
accept(
  definePrompt({
    key: "valibot.json",
    model,
    input: toStandardJsonSchema(v.object({ ticket: v.string() })),
    body: "{{ticket}}",
  }),
  { ticket: "x" },
);
// @ts-expect-error lang is not in the schema
definePrompt({ key: "zod", model, input: ticket, body: "{{ticket}} {{lang}}" });
// @ts-expect-error lang is not in the schema
definePrompt({ key: "valibot", model, input: v.object({ ticket: v.string() }), body: "{{ticket}} {{lang}}" });
definePrompt({
  key: "valibot.json",
  model,
  input: toStandardJsonSchema(v.object({ ticket: v.string() })),
  // @ts-expect-error lang is not in the schema
  body: "{{ticket}} {{lang}}",
});
// @ts-expect-error lang is not in the schema
definePrompt({ key: "arktype", model, input: type({ ticket: "string" }), body: "{{ticket}} {{lang}}" });
definePrompt({
  key: "strict",
  model,
  input: z.strictObject({ ticket: z.string() }),
  // @ts-expect-error an object without an index signature has no other keys
  body: "{{ticket}} {{lang}}",
});
definePrompt({
  key: "loose",
  model,
  input: z.looseObject({ ticket: z.string() }),
  body: "{{ticket}} {{lang}}",
});
// @ts-expect-error also a loose object requires its own keys to be used
definePrompt({ key: "loose", model, input: z.looseObject({ ticket: z.string() }), body: "{{lang}}" });
definePrompt({ key: "any", model, input: z.any(), body: "{{ticket}}" });
definePrompt({
  key: "brand",
  model,
  input: z.object({ id: z.string().brand("Id"), kind: z.enum(["a", "b"]) }),
  body: "{{id}} {{kind}}",
});

// The place of the mistake is the text.
definePrompt({
  key: "missing",
  model,
  input: ticket,
  // @ts-expect-error lang is not in the schema
  body: "Classify {{ticket}} in {{lang}}",
});
definePrompt({
  key: "unused",
  model,
  input: spoken,
  // @ts-expect-error lang is never read
  body: "Classify {{ticket}}",
});
definePrompt({
  key: "optional",
  model,
  input: z.object({ ticket: z.string(), lang: z.string().optional() }),
  // @ts-expect-error lang may be absent
  body: "Classify {{ticket}} in {{lang}}",
});
definePrompt({
  key: "nullable",
  model,
  input: z.object({ lang: z.string().nullable() }),
  // @ts-expect-error lang may be null
  body: "in {{lang}}",
});
definePrompt({
  key: "guarded",
  model,
  input: z.object({ ticket: z.string(), lang: z.string().optional() }),
  body: "Classify {{ticket}}{{#if lang}} in {{lang}}{{/if}}",
});
definePrompt({
  key: "dotted",
  model,
  input: z.object({ user: z.object({ name: z.string(), address: z.object({ city: z.string() }) }) }),
  // @ts-expect-error the city is below address
  body: "Hi {{user.name}} from {{user.city}}",
});
definePrompt({
  key: "list",
  model,
  input: z.object({ items: z.array(z.object({ name: z.string() })) }),
  // @ts-expect-error an item has a name and no title
  body: "{{#each items}}{{title}}{{/each}}",
});
definePrompt({
  key: "object",
  model,
  input: z.object({ user: z.object({ name: z.string() }) }),
  // @ts-expect-error an object prints only through json
  body: "{{user}}",
});

// What the compiler cannot read is left to the run time.
definePrompt({ key: "file", model, input: ticket, body: dynamic });
definePrompt({ key: "partly", model, input: spoken, body: `Classify {{ticket}} ${dynamic}` });
// @ts-expect-error what it can read is still checked
definePrompt({ key: "partly", model, input: ticket, body: `In {{lang}} {{ticket}} ${dynamic}` });
definePrompt({ key: "partial", model, input: spoken, body: "{{> shared.tone@v3}} {{ticket}}" });

// Chat messages.
definePrompt({
  key: "chat",
  model,
  input: spoken,
  messages: [
    { role: "system", content: "Answer in {{lang}}" },
    "history",
    { role: "user", content: "{{ticket}}" },
  ],
  cache: ["system", 0],
});
definePrompt({
  key: "chat.missing",
  model,
  input: ticket,
  // @ts-expect-error lang is not in the schema
  messages: [
    { role: "system", content: "Answer in {{lang}}" },
    { role: "user", content: "{{ticket}}" },
  ],
});
definePrompt({
  key: "chat.unused",
  model,
  input: spoken,
  // @ts-expect-error lang is never read
  messages: [{ role: "user", content: "{{ticket}}" }],
});
// @ts-expect-error nobody speaks as a boss
definePrompt({ key: "chat.role", model, input: ticket, messages: [{ role: "boss", content: "{{ticket}}" }] });
definePrompt({
  key: "both",
  model,
  input: ticket,
  body: "{{ticket}}",
  // @ts-expect-error one text, not two
  messages: [{ role: "user", content: "{{ticket}}" }],
});
// @ts-expect-error a text is needed
definePrompt({ key: "neither", model, input: ticket });
// @ts-expect-error a model is needed
definePrompt({ key: "no.model", input: ticket, body: "{{ticket}}" });

// Translations.
definePrompt({
  key: "locales",
  model,
  input: ticket,
  body: "{{ticket}}",
  defaultLocale: "en",
  locales: { de: "Hier: {{ticket}}", fr: [{ role: "user", content: "{{ticket}}" }] },
});
definePrompt({
  key: "locales.missing",
  model,
  input: ticket,
  body: "{{ticket}}",
  locales: {
    fr: "{{ticket}}",
    // @ts-expect-error a slip of the translator
    de: "{{tiket}}",
  },
});
definePrompt({
  key: "locales.chat",
  model,
  input: ticket,
  body: "{{ticket}}",
  // @ts-expect-error a slip of the translator
  locales: { de: [{ role: "user", content: "{{tiket}}" }] },
});

// Bound variables: in the schema and in the text, but not passed by the caller.
const toned = z.object({ ticket: z.string(), tone: z.string() });
const bound = definePrompt({
  key: "bound",
  model,
  input: toned,
  body: "{{ticket}} {{tone}}",
  bind: { tone: async (context) => ({ value: context.user ?? "warm", choice: context.key }) },
});
accept(bound, { ticket: "x" });
// @ts-expect-error the tone comes from its resolver
accept(bound, { ticket: "x", tone: "warm" });
definePrompt({
  key: "bound.plain",
  model,
  input: toned,
  body: "{{ticket}} {{tone}}",
  bind: { tone: () => "warm" },
});
definePrompt({
  key: "bound.missing",
  model,
  input: toned,
  body: "{{ticket}} {{tone}}",
  // @ts-expect-error tome is not in the schema
  bind: { tome: async () => "warm" },
});
definePrompt({
  key: "bound.value",
  model,
  input: toned,
  body: "{{ticket}} {{tone}}",
  // @ts-expect-error the tone is a string
  bind: { tone: async () => 3 },
});
definePrompt({
  key: "bound.list",
  model,
  input: z.object({ ticket: z.string(), examples: z.array(z.string()) }),
  body: "{{ticket}} {{#each examples}}{{this}}{{/each}}",
  bind: { examples: async () => ({ value: ["a", "b"] }) },
});
definePrompt({
  key: "bound.list.bare",
  model,
  input: z.object({ ticket: z.string(), examples: z.array(z.string()) }),
  body: "{{ticket}} {{#each examples}}{{this}}{{/each}}",
  // @ts-expect-error a list comes as { value }, so that it is told from a choice
  bind: { examples: async () => ["a", "b"] },
});

// The rest of the argument.
definePrompt({
  key: "whole",
  input: ticket,
  body: "{{ticket}}",
  model: { id: "gpt-5-mini", provider: "openai", parameters: { temperature: 0 } },
  parameters: { seed: 1 },
  purpose: "Sorts tickets",
  owner: "support",
  risk: "high",
  tags: ["triage"],
  evalSet: "tickets",
  output: z.object({ label: z.string() }),
  tools: [
    { name: "find", description: "Finds an order", input: z.object({ order: z.string() }) },
    { name: "close", input: { type: "object" } },
  ],
  toolChoice: { tool: "find" },
  backup: ["anthropic/claude-haiku", { id: "mistral-small" }],
  routes: { cheap: "gpt-5-nano" },
  providers: ["azure"],
  untrusted: ["ticket"],
  capture: {
    mode: "redacted",
    redact: ({ variables, output }) => ({ variables: Object.keys(variables), output: output?.slice(0, 9) }),
    sample: 0.1,
    days: 30,
  },
});
// @ts-expect-error only variables of the schema can be untrusted
definePrompt({ key: "untrusted", model, input: ticket, body: "{{ticket}}", untrusted: ["tiket"] });
// @ts-expect-error not a risk
definePrompt({ key: "risk", model, input: ticket, body: "{{ticket}}", risk: "huge" });
definePrompt({
  key: "capture",
  model,
  input: ticket,
  body: "{{ticket}}",
  // @ts-expect-error nothing is kept that could be redacted
  capture: { mode: "none", days: 3 },
});

// Which schemas describe themselves as JSON Schema: all but valibot's own.
const describing = (_schema: StandardJsonSchema): void => undefined;
describing(ticket);
describing(type({ ticket: "string" }));
describing(toStandardJsonSchema(v.object({ ticket: v.string() })));
// @ts-expect-error a valibot schema needs its converter
describing(v.object({ ticket: v.string() }));

const sized = z.object({
  size: z
    .string()
    .default("a")
    .transform((text) => text.length),
});
export const taken: InputOf<typeof sized> = {};
export const made: OutputOf<typeof sized> = { size: 3 };
