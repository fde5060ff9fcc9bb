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
  return await client.messages.create({ model: "claude-haiku-4-5", max_tokens: input.count, system: "You sort tickets.", messages });
}
`,
    after: `  return await colophon.resolve(CASEPrompt).record({}, (p) =>
    client.messages.create({ ...p.anthropic(), messages, max_tokens: input.count }),
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
    title: "a text that grows",
    code: said("content", `  let content = "Sort this ticket: ";\n  content += input.text;\n`),
    reason: /at run time/,
  },
  {
    title: "a model that is chosen at run time",
    code: chat(
      `{ model: input.flag ? "gpt-5" : "gpt-5-mini", messages: [{ role: "user", content: "Sort this." }] }`,
    ),
    reason: /its model .* is decided at run time/,
  },
  {
    title: "options that are spread from anywhere",
    code: chat(
      `{ model: "gpt-5-mini", ...(input.loose as object), messages: [{ role: "user", content: "Sort this." }] }`,
    ),
    reason: /\.\.\.\(input\.loose as object\) may say anything/,
  },
  {
    title: "arguments that are not written at the call",
    code: chat("request", `  const request = { model: "gpt-5-mini", messages: [] };\n`),
    reason: /not written at the call/,
  },
  {
    title: "a role that a prompt does not have",
    code: chat(`{ model: "gpt-5-mini", messages: [{ role: "developer", content: "You sort tickets." }] }`),
    reason: /the role developer/,
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
    title: "a message that is made of parts",
    code: chat(
      `{ model: "gpt-5-mini", messages: [{ role: "user", content: [{ type: "text", text: "What is this?" }] }] }`,
    ),
    reason: /made of parts/,
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
    title: "a file that is no ES module",
    code: `const OpenAI = require("openai");
const client = new OpenAI();
client.chat.completions.create({ model: "gpt-5-mini", messages: [{ role: "user", content: "Sort this." }] });
`,
    reason: /no ES module/,
  },
];
