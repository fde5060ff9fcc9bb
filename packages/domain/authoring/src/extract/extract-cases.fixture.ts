/** Small modules with a prompt each, for the codemod to be tried on; `run` makes the call. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs are written in strings here.

export interface ExtractCase {
  readonly title: string;
  /** The module. */
  readonly code: string;
  /** Further modules beside it. */
  readonly files?: Readonly<Record<string, string>>;
  /** The call as it must stand afterwards; white space aside. */
  readonly after?: string;
}

/** What every `run` gets; strings are arbitrary. */
export const INPUT = `export interface Input {
  readonly text: string;
  readonly name: string;
  readonly count: number;
  readonly flag: boolean;
  readonly maybe?: string | undefined;
  readonly none: string | null;
  readonly tags: readonly string[];
  readonly nested: { readonly body: string; readonly level: number };
  readonly loose: unknown;
}
`;

const OPENAI = `import type OpenAI from "openai";
import type { Input } from "../input.ts";
`;
const ANTHROPIC = `import type Anthropic from "@anthropic-ai/sdk";
import type { Input } from "../input.ts";
`;
const AI = `import type { LanguageModelV4 } from "@ai-sdk/provider";
import { generateObject, generateText, streamText } from "ai";
import { z } from "zod";
import type { Input } from "../input.ts";

type Provider = (id: string) => LanguageModelV4;
`;

/** A call of chat completions with these arguments. */
function chat(args: string, before = ""): string {
  return `${OPENAI}
export async function run(client: OpenAI, input: Input) {
${before}  return await client.chat.completions.create(${args});
}
`;
}

/** With one user message of this content. */
function said(content: string, before = ""): string {
  return chat(`{ model: "gpt-5-mini", messages: [{ role: "user", content: ${content} }] }`, before);
}

export const EXTRACT_CASES: readonly ExtractCase[] = [
  {
    title: "puts a text of words alone into a declaration, with what the model is asked beside it",
    code: chat(`{
    model: "gpt-5-mini",
    temperature: 0,
    max_completion_tokens: 20,
    stop: ["\\n"],
    messages: [
      { role: "system", content: "You sort tickets." },
      { role: "user", content: "Is it billing or bug?" },
    ],
  }`),
    after: `  return await colophon.resolve(CASEPrompt).record({}, (p) => client.chat.completions.create(p.openai()));`,
  },
  {
    title: "makes variables of what is inserted, with the types that are annotated",
    code: said("`Sort this for ${input.name} (${input.count}, ${input.flag}):\n\n${input.nested.body}`"),
    after: `  return await colophon.resolve(CASEPrompt).record(
    {
      inputName: input.name,
      inputCount: input.count,
      inputFlag: input.flag,
      nestedBody: input.nested.body,
    },
    (p) => client.chat.completions.create(p.openai()),
  );`,
  },
  {
    title: "passes what may be missing, and what nobody knows the type of, as the text had it",
    code: said("`Sort ${input.maybe}, ${input.none} and ${input.loose} please.`"),
    after: `  return await colophon.resolve(CASEPrompt).record(
    { inputMaybe: String(input.maybe), inputNone: String(input.none), inputLoose: String(input.loose) },
    (p) => client.chat.completions.create(p.openai()),
  );`,
  },
  {
    title: "follows constants through files, into texts, objects and lists",
    code: `${OPENAI}import { SYSTEM, TONES, MODEL } from "./words.ts";

const RULES = ["Be brief.", "Be kind."];

export async function run(client: OpenAI, input: Input) {
  return await client.chat.completions.create({
    model: MODEL,
    messages: [
      { role: "system", content: \`\${SYSTEM} \${TONES.formal}\\n\${RULES.join("\\n")}\` },
      { role: "user", content: input.text },
    ],
  });
}
`,
    files: {
      "words.ts": `const PERSONA = "You are an expert.";
export const SYSTEM = PERSONA + " Answer in English.";
export const TONES = { formal: "Write formally.", plain: "Write plainly." } as const;
export const MODEL = "gpt-5-mini";
`,
    },
  },
  {
    title: "adds numbers before it adds texts",
    code: said(
      'input.count + input.nested.level + " tickets of " + input.name + " wait: " + (1 + input.count)',
    ),
    after: `  return await colophon.resolve(CASEPrompt).record(
    {
      inputCount: input.count + input.nested.level,
      inputName: input.name,
      inputCount2: 1 + input.count,
    },
    (p) => client.chat.completions.create(p.openai()),
  );`,
  },
  {
    title: "makes a condition of a ternary between words",
    code: said(
      '"Sort this. " + (input.flag ? "Be quick." : "Take your time.") + `\n${input.count > 3 ? "Many wait." : ""}${input.text}`',
    ),
    after: `  return await colophon.resolve(CASEPrompt).record(
    { inputFlag: input.flag, hasInputCount: input.count > 3, inputText: input.text },
    (p) => client.chat.completions.create(p.openai()),
  );`,
  },
  {
    title: "keeps a ternary whole where its lines would not stay as they are",
    code: said('`Sort this.\n${input.flag ? "\\nBe quick.\\n" : "\\nNo hurry.\\n"}\n${input.text}`'),
  },
  {
    title: "reads the values of a branch only where it is taken",
    code: said(
      '"Sort this." + (input.maybe !== undefined ? ` It came from ${input.maybe.trim()}.` : "") + (input.none ? "" : " Nobody is known.")',
    ),
  },
  {
    title: "leaves what is mapped over a list as a value",
    code: said(
      '`Sort these tickets:\n${input.tags.map((tag) => `- ${tag}`).join("\\n")}\nIn all ${input.tags.length}.`',
    ),
    after: `  return await colophon.resolve(CASEPrompt).record(
    {
      inputTags: input.tags.map((tag) => \`- \${tag}\`).join("\\n"),
      tagsLength: input.tags.length,
    },
    (p) => client.chat.completions.create(p.openai()),
  );`,
  },
  {
    title: "sees through functions that only put a text together",
    code: `${OPENAI}
function header(subject: string, level: number, tone: string): string {
  return \`Subject: \${subject.toUpperCase()} (\${level})\\nTone: \${tone}\`;
}
const prompt = (ticket: Input) => \`Sort this ticket.\\n\${header(ticket.name, ticket.nested.level, "kind")}\\n\${ticket.text}\`;

export async function run(client: OpenAI, input: Input) {
  const content = prompt(input);
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content }] });
}
`,
  },
  {
    title: "takes messages that are pushed one by one",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  messages.push({ role: "system", content: "You sort tickets." });
  const { text } = input;
  messages.push({ role: "user", content: \`Ticket: \${text}\` }, { role: "assistant", content: "bug" });
  messages.push({ role: "user", content: input.name });
  return await client.chat.completions.create({ model: "gpt-5-mini", messages });
}
`,
    after: `export async function run(client: OpenAI, input: Input) {
  const { text } = input;
  return await colophon.resolve(CASEPrompt).record(
    { text, inputName: input.name },
    (p) => client.chat.completions.create(p.openai()),
  );
}`,
  },
  {
    title: "leaves a stream a stream, and the options of the request where they are",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  const signal = AbortSignal.timeout(60_000);
  const stream = await client.chat.completions.create(
    {
      model: "gpt-5-mini",
      stream: true,
      messages: [{ role: "user", content: "Sort this: " + input.text }],
    },
    { signal, maxRetries: 1 },
  );
  return stream;
}
`,
    after: `  const stream = await colophon.resolve(CASEPrompt).record({ inputText: input.text }, (p) =>
    client.chat.completions.create({ ...p.openai(), stream: true }, { signal, maxRetries: 1 }),
  );`,
  },
  {
    title: "passes on what only code can say: tools, formats that are built, values of the moment",
    code: `import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
${OPENAI}
const Answer = z.object({ label: z.string() });

export async function run(client: OpenAI, input: Input) {
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    temperature: input.count / 100,
    user: input.name,
    seed: 7,
    response_format: zodResponseFormat(Answer, "answer"),
    tools: [{ type: "function", function: { name: "look", parameters: { type: "object" } } }],
    messages: [{ role: "user", content: \`Sort this: \${input.text}\` }],
  });
}
`,
  },
  {
    title: "keeps the turns of a conversation behind what is said first",
    code: `import type OpenAI from "openai";
import type { Input } from "../input.ts";

export async function run(client: OpenAI, input: Input) {
  const history: OpenAI.ChatCompletionMessageParam[] = input.tags.map((content) => ({ role: "user", content }));
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [{ role: "system", content: \`You help \${input.name}.\` }, ...history, { role: "user", content: input.text }],
  });
}
`,
    after: `  return await colophon.resolve(CASEPrompt).record({ inputName: input.name }, (p) =>
    client.chat.completions.create({
      ...p.openai(),
      messages: [...p.openai().messages, ...history, { role: "user", content: input.text }],
    }),
  );`,
  },
  {
    title: "takes the system text and the turns of Anthropic's messages",
    code: `${ANTHROPIC}
const SYSTEM_PROMPT = "You sort tickets.";

export async function run(client: Anthropic, input: Input) {
  return await client.messages.create({
    model: "claude-haiku-4-5",
    max_tokens: 100,
    system: \`\${SYSTEM_PROMPT} You work for \${input.name}.\`,
    messages: [
      { role: "user", content: input.text },
      { role: "assistant", content: "The label is" },
    ],
  });
}
`,
  },
  {
    title: "keeps a conversation with Anthropic's model in the code",
    code: `${ANTHROPIC}
export async function run(client: Anthropic, input: Input) {
  const messages: Anthropic.MessageParam[] = input.tags.map((content) => ({ role: "user", content }));
  return await client.messages.create({ model: "claude-haiku-4-5", max_tokens: input.tags.length + 1, system: "You sort tickets.", messages });
}
`,
    after: `  return await colophon.resolve(CASEPrompt).record({}, (p) =>
    client.messages.create({ ...p.anthropic(), messages, max_tokens: input.tags.length + 1 }),
  );`,
  },
  {
    title: "takes instructions and input of responses",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  return await client.responses.create({
    model: "gpt-5-mini",
    instructions: "You sort tickets.",
    input: \`Ticket \${input.count}: \${input.text}\`,
    max_output_tokens: 50,
    store: false,
  });
}
`,
  },
  {
    title: "takes system and prompt of the AI SDK",
    code: `${AI}
export async function run(provider: Provider, input: Input) {
  return await generateText({
    model: provider("gpt-5-mini"),
    system: "You sort tickets.",
    prompt: \`Ticket: \${input.text}\`,
    maxOutputTokens: 50,
    temperature: 0.5,
    maxRetries: 0,
  });
}
void [generateObject, streamText, z];
`,
    after: `  return await colophon.resolve(CASEPrompt).record({ inputText: input.text }, (p) =>
    generateText({ ...p.ai(provider), maxRetries: 0 }),
  );`,
  },
  {
    title: "keeps the schema of an object that the AI SDK generates",
    code: `${AI}
export async function run(provider: Provider, input: Input) {
  const { object } = await generateObject({
    model: provider("gpt-5-mini"),
    schema: z.object({ label: z.string() }),
    messages: [{ role: "user", content: \`Sort this: \${input.text}\` }],
  });
  return object.label.length;
}
void [generateText, streamText];
`,
  },
  {
    title: "keeps the messages of a chat that the AI SDK streams",
    code: `${AI}
export async function run(provider: Provider, input: Input) {
  const messages = [...input.tags, input.text].map((content) => ({ role: "user" as const, content }));
  const result = streamText({ model: provider("gpt-5-mini"), system: \`You help \${input.name}.\`, messages });
  return await result.text;
}
void [generateText, generateObject, z];
`,
  },
  {
    title: "says braces and backslashes so that they stay what they are",
    code: said(
      '`Fill {{slots}} and {{{raw}}} like {"n": ${input.count}} or {${input.name}}, {{${input.text}}}, C:\\\\${input.nested.body} and \\\\ ${input.text}{{`',
    ),
  },
  {
    title: "reads what has effects as often, and in the order, as before",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  const rest = [...input.tags, "a", "b", "c"];
  let count = 0;
  const next = () => \`\${(count += 1)}\${rest.shift()}\`;
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [
      { role: "system", content: \`First \${next()}, then \${next()}.\` },
      { role: "user", content: \`At last \${next()}, and \${input.text} \${input.text}\` },
    ],
  });
}
`,
  },
  {
    title: "awaits outside of what is sent",
    code: `${OPENAI}
async function fetchOrders(name: string): Promise<string> {
  return \`orders of \${name}\`;
}

export async function run(client: OpenAI, input: Input) {
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [{ role: "user", content: \`Sort this by \${await fetchOrders(input.name)}: \${input.text}\` }],
  });
}
`,
    after: `  return await colophon.resolve(CASEPrompt).record(
    { orders: await fetchOrders(input.name), inputText: input.text },
    (p) => client.chat.completions.create(p.openai()),
  );`,
  },
  {
    title: "leaves this what it is",
    code: `${OPENAI}
class Desk {
  readonly #client: OpenAI;
  readonly tone: string = "kind";
  constructor(client: OpenAI) {
    this.#client = client;
  }
  sort(input: Input) {
    return this.#client.chat.completions.create({
      model: "gpt-5-mini",
      messages: [{ role: "user", content: \`Be \${this.tone} and sort this: \${input.text}\` }],
    });
  }
}

export const run = (client: OpenAI, input: Input) => new Desk(client).sort(input);
`,
  },
  {
    title: "finds other names where the file has these for something else",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  const colophon = input.name;
  const p = { client };
  const answer = await p.client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [{ role: "user", content: \`Sort this for \${colophon}: \${input.text}\` }],
  });
  return answer;
}
`,
    after: `  const answer = await colophon2.resolve(CASEPrompt).record(
    { colophon, inputText: input.text },
    (prepared) => p.client.chat.completions.create(prepared.openai()),
  );`,
  },
  {
    title: "names a model whole that has a slash in its name",
    code: chat(
      `{ model: "meta-llama/llama-4", messages: [{ role: "user", content: "Sort this: " + input.text }] }`,
    ),
  },
  {
    title: "trims words, and leaves a constant that is used elsewhere",
    code: `${OPENAI}
const LABELS = "billing or bug";
export const labels = LABELS.split(" or ");

export async function run(client: OpenAI, input: Input) {
  const prompt = \`
    Is this \${LABELS}? \${input.text}
    Answer.
  \`.trim();
  if (prompt.length === 0) return null;
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: prompt }] });
}
`,
  },
  {
    title: "joins what may be missing as a list does",
    code: said(
      '["Sort this.", input.none, input.text, input.count, input.loose as string | undefined].join("\\n")',
    ),
  },
  {
    title: "leaves a function in place that says no words",
    code: `${OPENAI}
const tidy = (input: Input) => [input.text.trim(), input.name].join(" / ");

export async function run(client: OpenAI, input: Input) {
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [{ role: "user", content: "Sort this: " + tidy(input) }],
  });
}
`,
    after: `record({ tidy: String(tidy(input)) }, (p) =>`,
  },
  {
    title: "reads a sum of a hundred texts",
    code: said(
      Array.from({ length: 100 }, (_, index) => (index % 9 === 4 ? "input.name" : `"part ${index} "`)).join(
        " + ",
      ),
    ),
  },
  {
    title: "leaves to other files what only they can see",
    code: `${OPENAI}import { footer, SIGNATURE, wrap } from "./words.ts";

export async function run(client: OpenAI, input: Input) {
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [
      { role: "system", content: "You sort tickets. " + footer() },
      { role: "user", content: \`Sort: \${wrap(input.tags, input.name)} \${SIGNATURE}\` },
    ],
  });
}
`,
    files: {
      "words.ts": `const SHOP = ["the", "shop"];
const IS_BIG = SHOP.length > 1;
const [BIG, SMALL] = ["We are big.", "We are small."];
export const footer = () => \`Work for \${SHOP.join(" ")}. \${IS_BIG ? BIG : SMALL}\`;
export const SIGNATURE = \`Yours, \${SHOP.join(" ")}, \${IS_BIG ? "big" : "small"}\`;
export const wrap = (tags: readonly string[], name: string) => \`\${tags.map((tag) => tag + name).join(", ")} for \${name}\`;
`,
    },
  },
  {
    title: "does not let a name of the text's function hide one of the call",
    code: `${OPENAI}
const list = (tags: readonly string[], prefix: string) =>
  \`Sort these:\\n\${tags.map((tag) => prefix + tag).join("\\n")}\`;

export async function run(client: OpenAI, input: Input) {
  const tag = input.name;
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [{ role: "user", content: list(input.tags, tag) + " Be brief." }],
  });
}
`,
  },
  {
    title: "takes words and a model from members of the class, and from the one above it",
    code: `${OPENAI}import { Agent } from "./agent.ts";

class Triage extends Agent {
  private readonly system = "You sort tickets.";
  static readonly RULES = "Answer with one word.";
  readonly #tone: string = "kind";
  protected readonly tail = "Sign as the shop.";

  sort(client: OpenAI, input: Input) {
    return client.chat.completions.create({
      model: this.model,
      temperature: Agent.HEAT,
      messages: [
        { role: "system", content: \`\${this.system} \${Triage.RULES} \${this.head}\` },
        { role: "user", content: this.ask(input.name, this.#tone) + " " + this.tail },
      ],
    });
  }

  private ask(name: string, tone: string): string {
    const subject = \`Ticket of \${name}\`;
    return \`\${subject} for \${this.shop}, in a \${tone} tone.\`;
  }

  private readonly shop: string = "Acme".repeat(1);
}

export const run = (client: OpenAI, input: Input) => new Triage().sort(client, input);
`,
    files: {
      "agent.ts": `export abstract class Agent {
  static readonly HEAT = 0;
  protected readonly model = "gpt-5-mini";
  get head() {
    return "Be brief.";
  }
}
`,
    },
    after: `  sort(client: OpenAI, input: Input) {
    return colophon.resolve(CASEPrompt).record(
      { inputName: input.name, shop: this.shop },
      (p) => client.chat.completions.create(p.openai()),
    );
  }`,
  },
  {
    title: "takes words from objects, modules and exports of other files, however they are reached",
    code: `${OPENAI}import CATALOGUE, { PROMPTS as shelf } from "./shelf.ts";
import * as texts from "./texts.ts";

const { closing } = texts.ENDS;

export async function run(client: OpenAI, input: Input) {
  return await client.chat.completions.create({
    model: texts.MODELS.small,
    messages: [
      { role: "system", content: shelf.support.triage + " " + texts.TONE + " " + CATALOGUE["brief"] },
      { role: "user", content: shelf.ask({ subject: input.name, count: input.count }) + closing + texts.more.LAST },
    ],
  });
}
`,
    files: {
      "shelf.ts": `export * from "./texts.ts";
export const PROMPTS = Object.freeze({
  support: { triage: "You sort tickets.", other: "You write." },
  ask: ({ subject, count }: { subject: string; count: number }) => \`Ticket \${count} of \${subject}: what is it?\`,
});
export default { brief: "Be brief." };
`,
      "texts.ts": `export const TONE = "Be kind.";
export const MODELS = { small: "gpt-5-mini", large: "gpt-5" } as const;
export const ENDS = { closing: " Answer in one word." };
export * as more from "./more.ts";
`,
      "more.ts": `export const LAST = " Do not explain.";
`,
    },
  },
  {
    title: "names a route where a condition chooses the model",
    code: chat(
      `{ model: input.flag ? "gpt-5" : "gpt-5-mini", temperature: 0, messages: [{ role: "user", content: "Sort: " + input.text }] }`,
    ),
    after: `  return await colophon
    .resolve(CASEPrompt, input.flag ? { route: "gpt-5" } : {})
    .record({ inputText: input.text }, (p) => client.chat.completions.create(p.openai()));`,
  },
  {
    title: "keeps the role of a developer, before a conversation too",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  const history: OpenAI.ChatCompletionMessageParam[] = input.tags.map((content) => ({ role: "user", content }));
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: "developer", content: \`You help \${input.name}.\` },
    { role: "user", content: input.text },
  ];
  await client.chat.completions.create({ model: "o4-mini", messages });
  return await client.chat.completions.create({
    model: "o4-mini",
    messages: [{ role: "developer", content: "You sort tickets." }, ...history],
  });
}
`,
    after: `      messages: [
        ...p.openai().messages.map((one) => (one.role === "system" ? { ...one, role: "developer" as const } : one)),
        ...history,
      ]`,
  },
  {
    title: "takes a message of one part as its text",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  await client.responses.create({
    model: "gpt-5-mini",
    input: [{ role: "user", content: [{ type: "input_text", text: \`Sort this: \${input.text}\` }] }],
  });
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    messages: [
      { role: "system", content: [{ type: "text", text: "You sort tickets." }] },
      { role: "user", content: [{ type: "text", text: input.text }] },
    ],
  });
}
`,
  },
  {
    title: "takes Anthropic's blocks, and the marks where its cache may end",
    code: `${ANTHROPIC}
const GUIDE = "A long guide about the shop.";

export async function run(client: Anthropic, input: Input) {
  return await client.messages.create({
    model: "claude-haiku-4-5",
    max_tokens: 100,
    system: [
      { type: "text", text: "You sort tickets." },
      { type: "text", text: GUIDE, cache_control: { type: "ephemeral" } },
    ],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: \`Orders of \${input.name}\`, cache_control: { type: "ephemeral" } },
          { type: "text", text: input.text },
        ],
      },
    ],
  });
}
`,
  },
  {
    title: "takes the cache marks of the AI SDK",
    code: `${AI}
export async function run(provider: Provider, input: Input) {
  return await generateText({
    model: provider("claude-haiku-4-5"),
    messages: [
      { role: "user", content: [{ type: "text", text: "A long guide." }], providerOptions: { anthropic: { cacheControl: { type: "ephemeral" } } } },
      { role: "assistant", content: "I have read it." },
      { role: "user", content: \`Ticket: \${input.text}\` },
    ],
    maxRetries: 0,
  });
}
void [generateObject, streamText, z];
`,
  },
  {
    title: "takes arguments that stand in a constant before the call",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  const request: OpenAI.ChatCompletionCreateParamsNonStreaming = {
    model: "gpt-5-mini",
    user: input.name,
    messages: [{ role: "user", content: \`Sort this: \${input.text}\` }],
  };
  try {
    return await client.chat.completions.create(request);
  } finally {
    input.tags.at(0);
  }
}
`,
    after: `export async function run(client: OpenAI, input: Input) {
  try {
    return await colophon.resolve(CASEPrompt).record({ inputText: input.text }, (p) =>
      client.chat.completions.create({ ...p.openai(), user: input.name }),
    );
  } finally {`,
  },
  {
    title: "takes a text that grows in steps before the call",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  let prompt = \`Sort the ticket of \${input.name}.\`;
  const { text } = input;
  if (input.flag) prompt += " Be quick.";
  if (input.maybe !== undefined) {
    prompt += \` It came from \${input.maybe}.\`;
    prompt += " Say so.";
  } else {
    prompt += " Nobody knows from where.";
  }
  // At the end stands the ticket.
  prompt += "\\n\\n" + text;
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: prompt }] });
}
`,
    after: `export async function run(client: OpenAI, input: Input) {
  const { text } = input;
  return await colophon.resolve(CASEPrompt).record(
    {
      inputName: input.name,
      inputFlag: input.flag,
      hasInputMaybe: input.maybe !== undefined,
      inputMaybe: input.maybe !== undefined ? String(input.maybe) : "",
      text,
    },`,
  },
  {
    title: "keeps a step whole whose lines would not stay as they are",
    code: `${OPENAI}
export async function run(client: OpenAI, input: Input) {
  let prompt = "Sort this ticket.\\n";
  if (input.flag) {
    prompt += \`\\nBe quick, says \${input.name}.\\n\`;
  }
  prompt += \`\\n\${input.text}\`;
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: prompt }] });
}
`,
  },
  {
    title: "keeps the turns of a chat of the AI SDK behind what is said first",
    code: `${AI}
export async function run(provider: Provider, input: Input) {
  const history = input.tags.map((content) => ({ role: "user" as const, content }));
  const result = streamText({
    model: provider("gpt-5-mini"),
    messages: [{ role: "system", content: "You sort tickets." }, { role: "user", content: \`I am \${input.name}.\` }, ...history],
    allowSystemInMessages: true,
    maxRetries: 0,
  });
  return (await result.text).length;
}
void [generateObject, generateText, z];
`,
    after: `(p) => {
      const prepared = p.ai(provider);
      return streamText({
        ...prepared,
        messages: [...prepared.messages, ...history],
        allowSystemInMessages: true,
        maxRetries: 0,
      });
    }`,
  },
  {
    title: "leaves a list that grows, a text that calls itself, and what may be no number, as they are",
    code: `${OPENAI}
interface Tree {
  readonly name: string;
  readonly left: Tree | null;
  readonly right: Tree | null;
}

const STOP = ["one"];
STOP.push("two");

function draw(tree: Tree): string {
  return tree.left && tree.right ? \`Of \${tree.name} come (\${draw(tree.left)}) and (\${draw(tree.right)}).\` : \`It is \${tree.name}.\`;
}

export async function run(client: OpenAI, input: Input) {
  const parcel = JSON.parse('{ "length": "10 cm" }');
  const tree = { name: input.name, left: null, right: null };
  return await client.chat.completions.create({
    model: "gpt-5-mini",
    stop: STOP,
    messages: [{ role: "user", content: \`Sort this: \${draw(tree)} \${parcel.length}, \${Number(input.text)}, \${input.count / input.tags.length}, \${input.tags.length}\` }],
  });
}
`,
    after: `    {
      draw: draw(tree),
      parcelLength: String(parcel.length),
      inputText: String(Number(input.text)),
      inputCount: String(input.count / input.tags.length),
      tagsLength: input.tags.length,
    },
    (p) => client.chat.completions.create({ ...p.openai(), stop: STOP })`,
  },
  {
    title: "takes what a module says itself before what it passes on under the same name",
    code: `${OPENAI}import { SYSTEM } from "./all.ts";

export async function run(client: OpenAI, input: Input) {
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: SYSTEM + input.text }] });
}
`,
    files: {
      "all.ts": `export * from "./words.ts";\nexport const SYSTEM = "You are kind: ";\n`,
      "words.ts": `export const SYSTEM = "You sort tickets: ";\n`,
    },
  },
  {
    title: "keeps comments, and writes as the file does",
    code: `import type OpenAI from 'openai'
import type { Input } from '../input.ts'

/** Sorts a ticket. */
export async function run(client: OpenAI, input: Input) {
	// The label goes to the page.
	const answer = await client.chat.completions.create({
		model: 'gpt-5-mini', // cheap
		messages: [
			// Do not say more: the page shows it.
			{ role: 'user', content: 'It\\'s a ticket, sort it: ' + input.text /* as it came */ },
		],
	})
	return answer // at last
}
`,
    after: `/** Sorts a ticket. */
export async function run(client: OpenAI, input: Input) {
	// The label goes to the page.
	const answer = await colophon.resolve(CASEPrompt).record({ inputText: input.text }, (p) =>
		client.chat.completions.create(p.openai()),
	)
	return answer // at last
}`,
  },
];

/** The same in CommonJS. */
export const COMMON_CASES: readonly ExtractCase[] = [
  {
    title: "requires what it needs, and loses what it no longer does",
    code: `"use strict";
const { SYSTEM, OTHER } = require("./words");
const config = require("./config");

/**
 * @param {import("openai").OpenAI} client
 * @param {import("../input").Input} input
 */
async function run(client, input) {
  const done = await client.chat.completions.create({
    model: config.MODELS.small,
    temperature: 0,
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content: \`Ticket \${input.count}:\n\${input.text}\` },
    ],
  });
  return done.choices[0]?.message.content ?? OTHER;
}

module.exports = { run };
`,
    files: {
      "words.js": `// What the desk says.
const SYSTEM = "You sort tickets.";

module.exports = {
  SYSTEM,
  OTHER: "other",
};
`,
      "config.js": `exports.MODELS = { small: "gpt-5-mini", large: "gpt-5" };
exports.EXPERT = "You are an expert.";
`,
    },
    after: `"use strict";
const { colophon } = require("../colophon");
const { CASEPrompt } = require("../prompts");
const { OTHER } = require("./words");

/**`,
  },
  {
    title: "takes words that a class keeps and other files put together",
    code: `const config = require("../common0/config.js");

class Replier {
  /** @param {import("@anthropic-ai/sdk").Anthropic} client */
  constructor(client) {
    this.client = client;
    this.model = "claude-haiku-4-5";
    this.system = config.EXPERT + " Sign as the shop.";
  }

  /** @param {import("../input").Input} input */
  reply(input) {
    return this.client.messages.create({
      model: this.model,
      max_tokens: 100,
      system: [{ type: "text", text: this.system, cache_control: { type: "ephemeral" } }],
      messages: [{ role: "user", content: require("./build").ask({ name: input.name, body: input.text }) }],
    });
  }
}

/**
 * @param {import("@anthropic-ai/sdk").Anthropic} client
 * @param {import("../input").Input} input
 */
exports.run = (client, input) => new Replier(client).reply(input);
`,
    files: {
      "build.js": `const TONE = "Be kind.";
/** @param {{ name: string, body: string }} ticket */
exports.ask = ({ name, body }) => {
  const head = \`Answer \${name}.\`;
  return \`\${head} \${TONE}\\n\\n\${body}\`;
};
`,
    },
    after: `  constructor(client) {
    this.client = client;
  }`,
  },
  {
    title: "keeps the role of a developer without types",
    code: `/**
 * @param {import("openai").OpenAI} client
 * @param {import("../input").Input} input
 */
module.exports.run = (client, input) =>
  client.chat.completions.create({
    model: input.flag ? "o4-mini" : "o3",
    messages: [{ role: "developer", content: "You sort tickets." }, { role: "user", content: input.text }],
  });
`,
  },
];

export interface RefusedCase {
  readonly title: string;
  readonly code: string;
  readonly reason: RegExp;
}

/** Calls that must stay as they are, and why. */
export const REFUSED_CASES: readonly RefusedCase[] = [
  {
    title: "words that come in through a parameter",
    code: `${OPENAI}
export async function ask(client: OpenAI, system: string) {
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "system", content: system }] });
}
`,
    reason: /come in through the parameter system/,
  },
  {
    title: "messages that come in through a parameter",
    code: `${OPENAI}
export async function ask(client: OpenAI, messages: OpenAI.ChatCompletionMessageParam[]) {
  return await client.chat.completions.create({ model: "gpt-5-mini", messages });
}
`,
    reason: /messages comes in through the parameter messages/,
  },
  {
    title: "a message that is added under a condition",
    code: `${OPENAI}
export async function ask(client: OpenAI, input: Input) {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "system", content: "You sort tickets." }];
  if (input.flag) messages.push({ role: "user", content: "Be quick." });
  return await client.chat.completions.create({ model: "gpt-5-mini", messages });
}
`,
    reason: /put together at run time/,
  },
  {
    title: "a value that may change between the text and the call",
    code: `${OPENAI}
export async function ask(client: OpenAI, input: { text: string }, redact: (input: { text: string }) => void) {
  const content = \`Sort this ticket: \${input.text}\`;
  redact(input);
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content }] });
}
`,
    reason: /content is put together at .*:\d+ from input\.text, which would be read at another time/,
  },
  {
    title: "a text that grows in a loop",
    code: said(
      "content",
      `  let content = "Sort these tickets: ";\n  for (const tag of input.tags) content += tag;\n`,
    ),
    reason: /at run time/,
  },
  {
    title: "a text that grows while something else happens",
    code: said(
      "content",
      `  let content = \`Sort this: \${input.nested.body}\`;\n  content += await Promise.resolve("Be kind.");\n`,
    ),
    reason: /at run time/,
  },
  {
    title: "a text that is read before it is sent",
    code: said(
      "content",
      `  let content = "Sort this ticket: ";\n  content += input.text;\n  console.log(content);\n`,
    ),
    reason: /at run time/,
  },
  {
    title: "a model that only the environment knows",
    code: `${OPENAI}
const MODEL = process.env.OPENAI_MODEL ?? "gpt-5-mini";
export async function ask(client: OpenAI) {
  return await client.chat.completions.create({ model: MODEL, messages: [{ role: "user", content: "Sort this." }] });
}
`,
    reason:
      /its model \(process\.env\.OPENAI_MODEL \?\? "gpt-5-mini" of src\/app\.ts:4\) is decided at run time, .*write "gpt-5-mini" there, run extract again, .*colophon release --model/,
  },
  {
    title: "a model that comes in through a parameter",
    code: `${OPENAI}
export async function ask(client: OpenAI, model: string) {
  return await client.chat.completions.create({ model, messages: [{ role: "user", content: "Sort this." }] });
}
`,
    reason: /its model \(model\) is decided at run time, .*give each caller a prompt of its own/,
  },
  {
    title: "a model whose choice does something",
    code: chat(
      `{ model: input.tags.includes(input.text) && Math.random() > 0.5 ? "gpt-5" : "gpt-5-mini", messages: [{ role: "user", content: "Sort this." }] }`,
    ),
    reason: /decided at run time/,
  },
  ...[
    [
      "a class below says too",
      "protected readonly system: string = SYSTEM;",
      "class Loud extends Desk { protected override readonly system = 'Shout.'; }",
    ],
    [
      "a method changes",
      "private system: string = SYSTEM;",
      "export const change = (desk: Desk) => desk.shout();",
    ],
    [
      "anybody may change",
      "system: string = SYSTEM;",
      "export const change = (desk: Desk) => { desk.system = 'Shout.'; };",
    ],
    ["a decorator may set", "@inject system: string = SYSTEM;", "declare const inject: any;"],
    ["the constructor takes", "constructor(private readonly system: string = SYSTEM) {}", ""],
  ].map(([what, member, more]) => ({
    title: `words of a member that ${what}`,
    code: `${OPENAI}
const SYSTEM = "You sort tickets.";
export class Desk {
  ${member}
  shout() { ${what === "a method changes" ? "this.system = 'Shout.';" : ""} }
  sort(client: OpenAI) {
    return client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: this.system }] });
  }
}
${more}
`,
    reason: /it has no words of its own|put together at run time/,
  })),
  {
    title: "words of an object that is assigned to as a whole",
    code: `${OPENAI}
const PROMPTS = { triage: "You sort tickets." };
export const load = (own: object) => Object.assign(PROMPTS, own);
export async function ask(client: OpenAI) {
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: PROMPTS.triage }] });
}
`,
    reason: /put together at run time|no words of its own/,
  },
  {
    title: "words of an object that another line changes",
    code: `${OPENAI}
const PROMPTS = { triage: "You sort tickets." };
export const shout = () => { PROMPTS.triage = "SORT."; };
export async function ask(client: OpenAI) {
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: PROMPTS.triage }] });
}
`,
    reason: /put together at run time|no words of its own/,
  },
  ...[
    ["by another name for it", 'const all: Record<string, string> = PROMPTS; all["triage"] = "SORT.";'],
    [
      "by a function that is handed it",
      "const shout = (all: { triage: string }) => { all.triage = 'SORT.'; };\nshout(PROMPTS);",
    ],
    ["in a list of targets", '[PROMPTS.triage] = ["SORT."];'],
    ["by a package", 'import { merge } from "lodash";\nmerge(PROMPTS, { triage: "SORT." });'],
  ].map(([how, line]) => ({
    title: `words of an object that is changed ${how}`,
    code: `${OPENAI}
const PROMPTS = { triage: "You sort tickets." };
${line}
export async function ask(client: OpenAI) {
  return await client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: PROMPTS.triage }] });
}
`,
    reason: /put together at run time|no words of its own/,
  })),
  ...[
    'Object.assign(new Desk(), { system: "Shout." })',
    'Object.defineProperty(new Desk(), "system", { value: "Shout." })',
  ].map((made) => ({
    title: `words of a member that is set from outside: ${made}`,
    code: `${OPENAI}
export class Desk {
  system = "You sort tickets.";
  sort(client: OpenAI) {
    return client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: this.system }] });
  }
}
export const desk = ${made};
`,
    reason: /put together at run time|no words of its own/,
  })),
  ...[
    ["next()", "next()"],
    ["String(count)", "(count += 1)"],
  ].map(([user, value]) => ({
    title: `an argument that would be read after a value that it has to do with: ${user}`,
    code: chat(
      `{ model: "gpt-5-mini", user: ${user}, messages: [{ role: "user", content: \`Sort number \${${value}} of \${input.text}\` }] }`,
      "  let count = 0;\n  const next = () => String((count += 1));\n",
    ),
    reason: /is read before a value of the text that may change it/,
  })),
  {
    title: "options that are spread from anywhere",
    code: chat(
      `{ model: "gpt-5-mini", ...(input.loose as object), messages: [{ role: "user", content: "Sort this." }] }`,
    ),
    reason: /\.\.\.\(input\.loose as object\) may say anything/,
  },
  {
    title: "arguments that are not written at the call",
    code: chat(
      "request",
      `  const request = { model: "gpt-5-mini", messages: [{ role: "user" as const, content: "Sort." }] };\n  console.log(request);\n`,
    ),
    reason: /not written at the call/,
  },
  {
    title: "a role that a prompt does not have",
    code: chat(
      `{ model: "gpt-5-mini", messages: [{ role: "tool", tool_call_id: "1", content: "You sort tickets." }] }`,
    ),
    reason: /put together at run time|the role tool/,
  },
  {
    title: "a developer of responses",
    code: `${OPENAI}
export async function ask(client: OpenAI) {
  return await client.responses.create({ model: "gpt-5-mini", input: [{ role: "developer", content: "You sort tickets." }] });
}
`,
    reason: /the role developer, .*write what it says as instructions/,
  },
  {
    title: "both the roles system and developer",
    code: chat(
      `{ model: "gpt-5-mini", messages: [{ role: "developer", content: "You sort." }, { role: "system", content: "Be kind." }] }`,
    ),
    reason: /both roles, system and developer/,
  },
  {
    title: "an argument beside the prompt that awaits",
    code: chat(
      `{ model: "gpt-5-mini", user: await Promise.resolve(input.name), messages: [{ role: "user", content: "Sort this." }] }`,
    ),
    reason: /awaits/,
  },
  {
    title: "a client that is awaited at the call",
    code: `${OPENAI}
export async function ask(client: () => Promise<OpenAI>) {
  return (await client()).chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "Sort." }] });
}
`,
    reason: /its client is awaited/,
  },
  {
    title: "a message that is made of several parts",
    code: chat(
      `{ model: "gpt-5-mini", messages: [{ role: "user", content: [{ type: "text", text: "What is" }, { type: "text", text: " this?" }] }] }`,
    ),
    reason: /made of several parts/,
  },
  {
    title: "a message with an image in it",
    code: chat(
      `{ model: "gpt-5-mini", messages: [{ role: "user", content: [{ type: "text", text: "What is this?" }, { type: "image_url", image_url: { url: input.text } }] }] }`,
    ),
    reason: /holds more than texts/,
  },
  {
    title: "a cache mark that says how long",
    code: `${ANTHROPIC}
export async function ask(client: Anthropic) {
  return await client.messages.create({
    model: "claude-haiku-4-5",
    max_tokens: 9,
    system: [{ type: "text", text: "You sort tickets.", cache_control: { type: "ephemeral", ttl: "1h" } }],
    messages: [{ role: "user", content: "Hello" }],
  });
}
`,
    reason: /a cache mark says more/,
  },
  {
    title: "a call inside of another",
    code: said(
      '`Sort this: ${(await client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "Sum it up: " + input.text }] })).choices[0]?.message.content}`',
    ),
    reason: /another call of a model stands inside/,
  },
  {
    title: "generated code",
    code: `// Code generated by a tool. DO NOT EDIT.\n${said('"Sort this."')}`,
    reason: /generated/,
  },
  {
    title: "a file that is no module",
    code: `const client: any = (globalThis as any).client;
client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: "Sort this." }] });
`,
    reason: /its file is no module/,
  },
];
