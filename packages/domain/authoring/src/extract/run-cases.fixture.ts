/** Runs the modules of the codemod's test before and after, in a process that they may declare their prompts in. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs are written in strings here.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import OpenAI from "openai";

/** Cases that were extracted together. */
export interface CaseSet {
  /** Has both sides, `before` and `after`. */
  readonly folder: string;
  /** The module of the declarations. */
  readonly prompts: string;
  /** The modules, each with a `run`. */
  readonly cases: readonly string[];
}

/** What came of a set. */
export interface RanSet {
  /** Of each case: null where both sides send the same for any input, else what differs, with the values. */
  readonly differences: readonly (string | null)[];
  /** Of the declared prompts, by the names of their exports. */
  readonly hashes: Readonly<Record<string, string>>;
}

const sets = JSON.parse(process.argv[2] ?? "[]") as readonly CaseSet[];

/** What a model was sent: of a client the path and the body, as JSON; of a model of the AI SDK its options. */
type Sent = readonly unknown[];

const ANSWER = {
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "bug" }, finish_reason: "stop" }],
  content: [{ type: "text", text: "bug" }],
  output: [],
};
const CHUNK = { object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "bug" } }] };

let sent: unknown[] = [];

/** Stands for every provider; it writes down what it is asked, and answers the same to all. */
const server = createServer(async (request, response) => {
  const body = JSON.parse(await text(request)) as { readonly stream?: boolean };
  sent.push(inOneShape(request.url ?? "", body));
  response.setHeader("content-type", body.stream === true ? "text/event-stream" : "application/json");
  response.end(
    body.stream === true ? `data: ${JSON.stringify(CHUNK)}\n\ndata: [DONE]\n\n` : JSON.stringify(ANSWER),
  );
});

/** The official clients as one, and a provider of the AI SDK when it is called. */
function openClient(baseURL: string): unknown {
  const openai = new OpenAI({ apiKey: "none", baseURL: `${baseURL}/v1`, maxRetries: 0 });
  const anthropic = new Anthropic({ apiKey: "none", baseURL, maxRetries: 0 });
  const seen =
    <Create extends (args: never, options?: never) => unknown>(create: Create) =>
    (args: never, options?: never): unknown => {
      sent.push(Object.keys(options ?? {}));
      return create(args, options);
    };
  return Object.assign(fakeModel, {
    chat: { completions: { create: seen(openai.chat.completions.create.bind(openai.chat.completions)) } },
    responses: { create: seen(openai.responses.create.bind(openai.responses)) },
    messages: { create: seen(anthropic.messages.create.bind(anthropic.messages)) },
  });
}

function fakeModel(id: string): object {
  const see = (options: object): void => {
    sent.push(id, JSON.parse(JSON.stringify({ ...options, headers: undefined })));
  };
  const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
  const finishReason = { unified: "stop", raw: "stop" };
  return {
    specificationVersion: "v4",
    provider: "openai",
    modelId: id,
    supportedUrls: {},
    doGenerate: async (options: object) => {
      see(options);
      return { content: [{ type: "text", text: '{"label":"bug"}' }], finishReason, usage, warnings: [] };
    },
    doStream: async (options: object) => {
      see(options);
      const parts = [
        { type: "stream-start", warnings: [] },
        { type: "text-start", id: "1" },
        { type: "text-delta", id: "1", delta: "bug" },
        { type: "text-end", id: "1" },
        { type: "finish", finishReason, usage },
      ];
      return { stream: ReadableStream.from(parts) };
    },
  };
}

async function runCase(path: string, client: unknown, given: object): Promise<Sent> {
  const { run } = (await import(pathToFileURL(path).href)) as {
    readonly run: (client: unknown, given: object) => Promise<unknown>;
  };
  sent = [];
  const answer = await run(client, given);
  // A stream that nobody reads would keep its connection.
  if (typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer) {
    for await (const _ of answer as AsyncIterable<unknown>);
  }
  return sent;
}

interface Turn {
  readonly role: string;
  readonly content: string | readonly unknown[];
}

/** Shapes that mean the same to the endpoint become one, as docs/extract.md says of each. */
function inOneShape(path: string, body: object): unknown {
  const { system, input, messages, ...others } = body as {
    readonly system?: string | readonly unknown[];
    readonly input?: string | readonly Turn[];
    readonly messages?: readonly Turn[];
  };
  const isAnthropic = path.endsWith("/messages");
  return {
    path,
    ...others,
    ...(system === undefined ? {} : { system: blocksOf(system) }),
    ...(input === undefined
      ? {}
      : { input: (typeof input === "string" ? [{ role: "user", content: input }] : input).map(withoutPart) }),
    ...(messages === undefined
      ? {}
      : { messages: isAnthropic ? joinedTurns(messages) : messages.map(withoutPart) }),
  };
}

function blocksOf(content: Turn["content"]): readonly unknown[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** One part is its text. */
function withoutPart(turn: Turn): Turn {
  const [only, ...more] =
    typeof turn.content === "string" ? [] : (turn.content as readonly { readonly text?: string }[]);
  return only?.text === undefined || more.length > 0 ? turn : { ...turn, content: only.text };
}

/** Anthropic joins turns of one role. */
function joinedTurns(messages: readonly Turn[]): readonly Turn[] {
  const turns: { role: string; content: unknown[] }[] = [];
  for (const { role, content } of messages) {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocksOf(content));
    else turns.push({ role, content: [...blocksOf(content)] });
  }
  return turns;
}

/** Never blank: a message of nothing but white space is none, which docs/extract.md says. */
const words = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("{{name}}", "{{#if x}}", "${x}", "\\{{y}}", "}}}", "{", "a\nb", "\u0000", "Ω\u{1f600}"),
  )
  .map((one) => `x${one}`);

const input = fc.record({
  text: words,
  name: words,
  count: fc.integer(),
  flag: fc.boolean(),
  maybe: fc.option(words, { nil: undefined }),
  none: fc.option(words, { nil: null }),
  tags: fc.array(words, { maxLength: 3 }),
  nested: fc.record({ body: words, level: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  loose: fc.oneof(words, fc.integer(), fc.constant(null), fc.constant(undefined), fc.constant({ a: 1 })),
});

async function difference(folder: string, path: string, client: unknown): Promise<string | null> {
  try {
    const property = fc.asyncProperty(input, async (given) => {
      const before = await runCase(join(folder, "before", path), client, given);
      const after = await runCase(join(folder, "after", path), client, given);
      if (!isDeepStrictEqual(before, after)) {
        throw new Error(`${JSON.stringify(before)} became ${JSON.stringify(after)}`);
      }
      return before.length > 0;
    });
    await fc.assert(property, { numRuns: 8 });
    return null;
  } catch (error) {
    const { message, cause } = error as Error;
    return `${message}\n${String(cause)}`;
  }
}

async function declaredHashes(folder: string, module: string): Promise<RanSet["hashes"]> {
  const prompts = (await import(pathToFileURL(join(folder, "after", module)).href)) as Record<
    string,
    { readonly hash?: string }
  >;
  return Object.fromEntries(
    Object.entries(prompts).flatMap(([name, { hash }]) => (hash === undefined ? [] : [[name, hash]])),
  );
}

async function runSet({ folder, prompts, cases }: CaseSet, client: unknown): Promise<RanSet> {
  const differences: (string | null)[] = [];
  for (const path of cases) differences.push(await difference(folder, path, client));
  return { differences, hashes: await declaredHashes(folder, prompts) };
}

await once(server.listen(0, "127.0.0.1"), "listening");
const client = openClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
const ran: RanSet[] = [];
for (const set of sets) ran.push(await runSet(set, client));
process.stdout.write(JSON.stringify(ran), () => process.exit());
