/** Runs the modules of the codemod's test before and after, in a process that they may declare their prompts in. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs are written in strings here.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";

const [folder = "", count = "0"] = process.argv.slice(2);

/** What a client was sent, as JSON: a value that JSON leaves out is one that is not sent. */
type Sent = readonly unknown[];

function openFake(): { readonly sent: unknown[]; readonly client: unknown } {
  const sent: unknown[] = [];
  const answer = {
    choices: [{ message: { role: "assistant", content: "bug" }, finish_reason: "stop" }],
    content: [{ type: "text", text: "bug" }],
  };
  const create = (args: unknown, options?: object): Promise<unknown> => {
    sent.push(JSON.parse(JSON.stringify(args)), Object.keys(options ?? {}));
    return Promise.resolve(answer);
  };
  // One stands for every client, and for a provider of the AI SDK when it is called.
  const model = (id: string): object => {
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
  };
  const client = Object.assign(model, {
    chat: { completions: { create } },
    responses: { create },
    messages: { create },
  });
  return { sent, client };
}

async function runCase(side: "before" | "after", index: number, input: object): Promise<Sent> {
  const path = pathToFileURL(join(folder, side, `case${index}`, "app.ts")).href;
  const { run } = (await import(path)) as {
    readonly run: (client: unknown, input: object) => Promise<unknown>;
  };
  const { sent, client } = openFake();
  await run(client, input);
  return sent.map(inOneShape);
}

/** Two pairs of shapes mean the same to the provider: a system text and one block of it, a bare input and one message. */
function inOneShape(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { system, input, ...others } = value as Record<string, unknown>;
  return {
    ...others,
    ...(system === undefined
      ? {}
      : { system: typeof system === "string" ? [{ type: "text", text: system }] : system }),
    ...(input === undefined
      ? {}
      : { input: typeof input === "string" ? [{ role: "user", content: input }] : input }),
  };
}

/** Never blank: a message of nothing but white space is none, which docs/extract.md says. */
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("{{name}}", "{{#if x}}", "${x}", "\\{{y}}", "}}}", "{", "a\nb", "\u0000", "Ω\u{1f600}"),
  )
  .map((one) => `x${one}`);

const input = fc.record({
  text,
  name: text,
  count: fc.integer(),
  flag: fc.boolean(),
  maybe: fc.option(text, { nil: undefined }),
  none: fc.option(text, { nil: null }),
  tags: fc.array(text, { maxLength: 3 }),
  nested: fc.record({ body: text, level: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  loose: fc.oneof(text, fc.integer(), fc.constant(null), fc.constant(undefined), fc.constant({ a: 1 })),
});

/** Null where both sides send the same for any input; else what differs, with the values. */
async function difference(index: number): Promise<string | null> {
  try {
    const property = fc.asyncProperty(input, async (given) => {
      const [before, after] = [await runCase("before", index, given), await runCase("after", index, given)];
      if (!isDeepStrictEqual(before, after)) {
        throw new Error(`${JSON.stringify(before)} became ${JSON.stringify(after)}`);
      }
      return before.length > 0;
    });
    await fc.assert(property, { numRuns: 15 });
    return null;
  } catch (error) {
    return String(error);
  }
}

/** The hashes of the declared prompts by the names of their exports. */
async function declaredHashes(): Promise<Readonly<Record<string, string>>> {
  const prompts = (await import(pathToFileURL(join(folder, "after", "prompts.ts")).href)) as Record<
    string,
    { readonly hash: string }
  >;
  return Object.fromEntries(Object.entries(prompts).map(([name, { hash }]) => [name, hash]));
}

const differences: (string | null)[] = [];
for (let index = 0; index < Number(count); index += 1) differences.push(await difference(index));
process.stdout.write(JSON.stringify({ differences, hashes: await declaredHashes() }));
