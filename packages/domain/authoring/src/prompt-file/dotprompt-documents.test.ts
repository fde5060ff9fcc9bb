/** Documents of the kinds that Dotprompt describes: which are read, and with which sentence the others are refused. */
import { describe, expect, it } from "vitest";
import { printPromptFile } from "./print-prompt-file.ts";
import { readPromptFile } from "./read-prompt-file.ts";

const place = { name: "doc.prompt", key: "doc" };

interface DotpromptDocument {
  readonly title: string;
  readonly source: string;
}

interface ReadDocument extends DotpromptDocument {
  /** What its text holds among others. */
  readonly text: object;
}

interface RefusedDocument extends DotpromptDocument {
  readonly sentences: readonly string[];
}

const READ: readonly ReadDocument[] = [
  {
    title: "a greeting",
    source: `---
model: googleai/gemini-1.5-pro
config:
  temperature: 0.9
  topK: 20
  maxOutputTokens: 400
  stopSequences:
    - STOP
input:
  schema:
    location: string
    style?: string
    name?: string
---

You greet guests of a restaurant at {{location}}.
{{#if name}}The guest is named {{name}}.{{/if}}
{{#if style}}Speak like {{style}}.{{/if}}
`,
    text: {
      model: {
        provider: "googleai",
        id: "gemini-1.5-pro",
        parameters: { temperature: 0.9, topK: 20, maxOutputTokens: 400, stopSequences: ["STOP"] },
      },
      body: expect.stringMatching(/^\nYou greet/),
      input: { required: ["location"], properties: { style: { type: ["string", "null"] } } },
    },
  },
  {
    title: "an extraction into JSON",
    source: `---
model: googleai/gemini-1.5-flash
input:
  schema:
    text: string
output:
  format: json
  schema:
    name?: string, the full name of the person
    age?: number, the age of the person
    occupation?: string, the person's occupation
---
Extract what the text says of the person, and leave out what it does not say.

Text: {{text}}
`,
    text: {
      output: {
        type: "object",
        properties: { age: { type: ["number", "null"], description: "the age of the person" } },
        additionalProperties: false,
      },
    },
  },
  {
    title: "all of Picoschema",
    source: `---
model: gemini-1.5-flash
output:
  schema:
    product:
      id: string, Unique identifier for the product
      description?: string, Optional detailed description of the product
      price: number, Current price of the product
      inStock: integer, Number of items in stock
      isActive: boolean, Whether the product is currently available
      category(enum, Main category of the product): [ELECTRONICS, CLOTHING, BOOKS, HOME]
      tags(array, List of tags associated with the product): string
      primaryImage:
        url: string, URL of the primary product image
        altText: string, Alternative text for the image
      attributes(object, Custom attributes of the product):
        (*): any, Allow any attribute name with any value
      variants?(array, List of product variant objects):
        id: string, Unique identifier for the variant
        price: number, Price of the variant
---
Invent a product.
`,
    text: {
      output: {
        required: ["product"],
        properties: {
          product: {
            required: [
              "attributes",
              "category",
              "id",
              "inStock",
              "isActive",
              "price",
              "primaryImage",
              "tags",
            ],
            properties: {
              category: { enum: ["ELECTRONICS", "CLOTHING", "BOOKS", "HOME"] },
              attributes: {
                properties: {},
                additionalProperties: { description: "Allow any attribute name with any value" },
                description: "Custom attributes of the product",
              },
              variants: { type: ["array", "null"], items: { required: ["id", "price"] } },
            },
          },
        },
      },
    },
  },
  {
    title: "JSON Schema in YAML",
    source: `---
model: gemini-1.5-flash
output:
  schema:
    type: object
    properties:
      field1: { type: number, minimum: 20 }
---
Answer.
`,
    text: { output: { type: "object", properties: { field1: { type: "number", minimum: 20 } } } },
  },
  {
    title: "messages of several roles, the history among them",
    source: `---
model: gemini-1.5-flash
input:
  schema: { question: string }
---
{{role "system"}}
You are a helpful assistant.
{{history}}
{{role "model"}}
Ask me.
{{role "user"}}
{{question}}
`,
    text: { body: expect.stringContaining("assistant.\n{{history}}\n") },
  },
  {
    title: "a list, its items and a partial",
    source: `---
model: gemini-1.5-flash
input:
  schema:
    orders(array):
      id: integer
      items(array): string
---
{{>_style}}
{{#each orders}}
Order {{id}}: {{#each items}}{{this}}{{#unless @last}}, {{/unless}}{{/each}}
{{else}}
No orders.
{{/each}}
{{json orders}}
`,
    text: { input: { properties: { orders: { items: { properties: { id: { type: "integer" } } } } } } },
  },
  {
    title: "a tool defined in the file, after a license header",
    source: `# Copyright of somebody
# Some license

---
model: gemini-1.5-flash
toolDefs:
  - name: timeOfDay
    description: Says what time it is.
    inputSchema: { zone?: string }
tools: [timeOfDay]
---
What time is it?
`,
    text: {
      tools: [{ name: "timeOfDay", input: { properties: { zone: { type: ["string", "null"] } } } }],
    },
  },
];

const REFUSED: readonly RefusedDocument[] = [
  {
    title: "every field at once",
    source: `---
name: greetingPrompt
variant: formal
model: googleai/gemini-1.5-flash
tools:
  - timeOfDay
config:
  temperature: 0.7
input:
  default:
    name: Guest
  schema:
    name: string
    language?: string
output:
  format: json
  schema:
    greeting: string, the greeting to provide to the guest
metadata:
  customKey:
    customValue: 123
---
Hello {{name}}.
`,
    sentences: [
      "doc.prompt:3:1: variant is not read here: a variant is a version of the same prompt, or a prompt of its own with its own name; take it out.",
      'doc.prompt:6:5: tools[0] is "timeOfDay": toolDefs defines no such tool: write its name, description and inputSchema there.',
      "doc.prompt:10:3: input.default is not read: nothing fills in what a call leaves out, so it would be lost; write {{#if x}}{{x}}{{else}}…{{/if}} in the body, or pass the value in code.",
      "doc.prompt:19:1: metadata is not read here: write what Colophon knows as colophon.owner, colophon.tags and the like, and take the rest out.",
    ],
  },
  {
    title: "a slip of YAML, which the reference reader makes a prompt of",
    source: "---\nmodel: googleai/gemini-1.5-flash\nconfig:\n  topK: 20\n  topP 0.8\n---\nHello.\n",
    sentences: [
      "doc.prompt:5:3: Implicit map keys need to be followed by map values; correct the YAML there.",
    ],
  },
  {
    title: "a field of another tool",
    source: "---\nmodel: m\nmyext.lane: x\n---\nHello.\n",
    sentences: ["doc.prompt:3:1: myext.lane is no field here: use name, description, model, config, "],
  },
  {
    title: "a schema that has its name elsewhere",
    source: "---\nmodel: m\noutput:\n  schema: MySchema\n---\nHello.\n",
    sentences: [
      'doc.prompt:4:3: output.schema is "MySchema": the types are string, number, integer, boolean, null, any, with a description after a comma; a schema that has a name elsewhere is written out here.',
    ],
  },
  {
    title: "media",
    source: "---\nmodel: m\n---\nDescribe this:\n{{media url=photoUrl}}\n",
    sentences: [
      "doc.prompt:5:1: {{media url=photoUrl}} is not supported: a medium is a variable: mark it with x-media: true in a JSON Schema under input.schema, and write {{photo}}.",
    ],
  },
  {
    title: "a section",
    source: '---\nmodel: m\n---\n{{section "instructions"}}\n',
    sentences: [
      'doc.prompt:4:1: {{section "instructions"}} is not supported: there are no sections; write the text, or a partial such as {{> shared.tone}}, where it belongs.',
    ],
  },
  {
    title: "a comparison",
    source: '---\nmodel: m\n---\n{{#ifEquals tone "formal"}}Be formal.{{/ifEquals}}\n',
    sentences: [
      'doc.prompt:4:1: {{#ifEquals tone "formal"}} is not supported: there are no comparisons; compute the answer in code, pass it in as a variable and write {{#if x}} or {{#unless x}}.',
    ],
  },
  {
    title: "a value of the context",
    source: "---\nmodel: m\n---\nYou speak with {{@auth.email}}.\n",
    sentences: [
      "doc.prompt:4:16: {{@auth.email}} is not supported: values that begin with @ are not passed in; make them variables.",
    ],
  },
  {
    title: "a partial with arguments",
    source: '---\nmodel: m\n---\n{{>_style name="x"}}\n',
    sentences: [
      'doc.prompt:4:1: {{>_style name="x"}} is not supported: a partial takes no arguments; it reads the variables where it stands.',
    ],
  },
  {
    title: "a comment",
    source: "---\nmodel: m\n---\n{{! Keep this short. }}\nHello.\n",
    sentences: ["doc.prompt:4:1: {{! Keep this short. }} is not supported: there are no comments; "],
  },
  {
    title: "a template without front matter",
    source: "Hello {{name}}.\n",
    sentences: ["doc.prompt:1:1: the front matter is missing: write --- alone on a line, "],
  },
];

describe("a document of Dotprompt", () => {
  it.each(READ)("with $title is read, and comes back from its own print", ({ source, text }) => {
    const spec = readPromptFile(source, place);
    expect(readPromptFile(printPromptFile(spec), place)).toEqual(spec);
    expect(spec.text).toMatchObject(text);
  });

  it.each(REFUSED)("with $title is refused", ({ source, sentences }) => {
    let message = "";
    try {
      readPromptFile(source, place);
    } catch (error) {
      message = (error as Error).message;
    }
    const lines = message.replace(/^doc\.prompt is no valid prompt:\n- /, "").split("\n- ");
    expect(lines).toEqual(sentences.map((sentence) => expect.stringContaining(sentence)));
  });
});
