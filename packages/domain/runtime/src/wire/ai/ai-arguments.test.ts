/** Tests what the AI SDK is given, and that both versions of it read it as it is meant. */
import { buildText, type Message, type TextParts } from "@colophon/kernel";
import { asSchema } from "ai";
import { asSchema as asSchema6 } from "ai-6";
import { describe, expect, it } from "vitest";
import { type AiWriterOptions, aiArguments } from "./ai-arguments.ts";

const LABEL = { type: "object", properties: { label: { type: "string" } }, required: ["label"] };

function written(
  messages: readonly Message[],
  parts: Partial<TextParts> = {},
  options?: AiWriterOptions,
): ReturnType<typeof aiArguments> {
  const text = buildText({ body: "x", model: "gpt-5-mini", ...parts });
  return aiArguments({ messages, model: text.model, text, recording: null }, options);
}

const user: Message = { role: "user", content: "It crashes" };
const system: Message = { role: "system", content: "Be brief." };

describe("the words", () => {
  it("are messages and a name for the global provider where no provider is given", () => {
    expect(written([user])).toMatchObject({
      model: "openai/gpt-5-mini",
      messages: [{ role: "user", content: "It crashes" }],
    });
    expect(written([user])).not.toHaveProperty("instructions");
    expect(written([user])).not.toHaveProperty("allowSystemInMessages");
  });

  it("name the system messages in front as version 6 and as version 7 does", () => {
    const { instructions, system: also, messages } = written([system, user]);
    expect(instructions).toBe("Be brief.");
    expect(also).toBe("Be brief.");
    expect(messages).toEqual([user]);
    expect(written([system, system, user]).instructions).toEqual([system, system]);
  });

  it("keep a system message between others where it stands", () => {
    const { instructions, messages, allowSystemInMessages } = written([system, user, system]);
    expect(instructions).toBe("Be brief.");
    expect(messages).toEqual([user, system]);
    expect(allowSystemInMessages).toBe(true);
  });

  it("are instructions alone where there are only system messages", () => {
    expect(written([system])).toMatchObject({ instructions: "Be brief.", messages: [] });
  });

  it("say where Anthropic's cache may end", () => {
    const here = { anthropic: { cacheControl: { type: "ephemeral" } } };
    const cached = written([system, system, user, user], { cache: ["system", 2] });
    expect(cached.instructions).toEqual([system, { ...system, providerOptions: here }]);
    expect(cached.messages).toEqual([{ ...user, providerOptions: here }, user]);
    expect(written([system, user], { cache: ["system"] }).system).toEqual([
      { ...system, providerOptions: here },
    ]);
  });

  it("carry media as files, an uploaded one as the specification of the model has it", () => {
    const bytes = new Uint8Array([1, 2]);
    const media = { name: "scan", filename: null, mediaType: null };
    const parts: Message["parts"] = [
      { type: "text", text: "See " },
      { type: "media", media: { ...media, source: { url: "https://files.example/a.png" } } },
      {
        type: "media",
        media: { ...media, source: { bytes }, mediaType: "application/pdf", filename: "a.pdf" },
      },
      { type: "media", media: { ...media, source: { fileId: "file-7" } } },
    ];
    const content = (model: object | undefined): unknown =>
      written([{ ...user, parts }], {}, { provider: model as never }).messages[0]?.content;
    expect(content(undefined)).toEqual([
      { type: "text", text: "See " },
      { type: "file", data: "https://files.example/a.png", mediaType: "image/*" },
      { type: "file", data: bytes, mediaType: "application/pdf", filename: "a.pdf" },
      { type: "file", data: "file-7", mediaType: "image/*" },
    ]);
    expect((content({ specificationVersion: "v4" }) as unknown[])[3]).toEqual({
      type: "file",
      data: { type: "reference", reference: { openai: "file-7" } },
      mediaType: "image/*",
    });
  });
});

describe("media that the AI SDK cannot take", () => {
  const media = { name: "scan", filename: null, mediaType: null };
  const of =
    (url: string, role: Message["role"] = "user"): (() => unknown) =>
    () =>
      written([
        { role, content: "[scan]", parts: [{ type: "media", media: { ...media, source: { url } } }] },
      ]);

  it("are refused before anything is sent, in the words of the variable", () => {
    expect(of("https://files.example/a.docx")).toThrowError(
      /^\{\{scan\}\} is a medium without a media type by its url, which the AI SDK cannot take/,
    );
    expect(of("https://files.example/a.png", "system")).toThrowError(
      expect.objectContaining({ code: "variable-type" }),
    );
  });

  it("are not sound and film, whose kind their names tell", () => {
    const content = (url: string): unknown => (of(url)() as ReturnType<typeof written>).messages[0]?.content;
    expect(content("https://files.example/a.mp3")).toMatchObject([{ mediaType: "audio/*" }]);
    expect(content("https://files.example/a.mp4?x=1")).toMatchObject([{ mediaType: "video/*" }]);
  });
});

describe("the settings", () => {
  it("are the version's parameters under the names of the AI SDK", () => {
    const parameters = {
      temperature: 0,
      top_p: 0.5,
      topK: 3,
      max_output_tokens: 9,
      seed: 7,
      stop: "END",
      presence_penalty: 1,
      frequency_penalty: 2,
    };
    expect(written([user], { parameters })).toMatchObject({
      temperature: 0,
      topP: 0.5,
      topK: 3,
      maxOutputTokens: 9,
      seed: 7,
      stopSequences: ["END"],
      presencePenalty: 1,
      frequencyPenalty: 2,
    });
    expect(written([user], { parameters })).not.toHaveProperty("providerOptions");
    expect(written([user], { parameters: { max_completion_tokens: 5 } }).maxOutputTokens).toBe(5);
    expect(written([user], { parameters: { max_tokens: 6 } }).maxOutputTokens).toBe(6);
  });

  it("hand the rest to the provider, in the words of its own options", () => {
    const openai = {
      reasoning_effort: "low",
      verbosity: "high",
      metadata: { trace_id: "a_b" },
      logit_bias: { "50": 1 },
    };
    expect(written([user], { parameters: openai }).providerOptions).toEqual({
      openai: {
        reasoningEffort: "low",
        textVerbosity: "high",
        metadata: { trace_id: "a_b" },
        logitBias: { "50": 1 },
      },
    });
    const responses = { reasoning: { effort: "low", summary: "auto" }, text: { verbosity: "low" } };
    expect(written([user], { parameters: responses }).providerOptions).toEqual({
      openai: { reasoningEffort: "low", reasoningSummary: "auto", textVerbosity: "low" },
    });
    const thinking = { thinking: { type: "enabled", budget_tokens: 1024 } };
    expect(written([user], { model: "claude-opus-4-5", parameters: thinking }).providerOptions).toEqual({
      anthropic: { thinking: { type: "enabled", budgetTokens: 1024 } },
    });
  });
});

describe("tools and output", () => {
  const tools = [
    { name: "lookup", description: "Finds an order.", input: LABEL },
    { name: "stop", input: LABEL },
  ];

  it("are schemas that each version sends word for word", async () => {
    const { tools: made, schema } = written([user], { tools, output: LABEL });
    for (const read of [asSchema, asSchema6]) {
      expect(await read(schema).jsonSchema).toEqual(LABEL);
      expect(await read(made?.lookup?.inputSchema).jsonSchema).toEqual(LABEL);
    }
    expect(made?.lookup?.description).toBe("Finds an order.");
    expect(made?.lookup).not.toHaveProperty("execute");
    expect(made?.stop).not.toHaveProperty("description");
  });

  it("ask for any JSON where the version has no output contract", async () => {
    expect(await asSchema(written([user]).schema).jsonSchema).toEqual({});
  });

  it("are a Standard Schema to whoever does not know the AI SDK's own kind", async () => {
    const standard = written([user], { output: LABEL }).schema["~standard"];
    expect(standard.jsonSchema.input()).toEqual(LABEL);
    expect(standard.validate({ label: 3 })).toEqual({ value: { label: 3 } });
  });

  it("give each call a copy, since clients write into what they are given", async () => {
    const text = buildText({ body: "x", model: "gpt-5-mini", output: LABEL });
    const { schema } = aiArguments({ messages: [user], model: text.model, text, recording: null });
    Object.assign(await asSchema(schema).jsonSchema, { additionalProperties: false });
    expect(text.output).not.toHaveProperty("additionalProperties");
  });

  it("do what the application says that they do", () => {
    const execute = { lookup: () => "order 7" };
    const { tools: made } = written([user], { tools }, { execute });
    expect(made?.lookup?.execute?.({}, {})).toBe("order 7");
    expect(made?.stop).not.toHaveProperty("execute");
  });

  it("say which tool is to be called", () => {
    expect(written([user], { tools, toolChoice: "required" }).toolChoice).toBe("required");
    expect(written([user], { tools, toolChoice: { tool: "stop" } }).toolChoice).toEqual({
      type: "tool",
      toolName: "stop",
    });
  });

  it("tell OpenAI that a schema is not strict, unless it is or the version decides", () => {
    const options = (output: object, parameters = {}): unknown =>
      written([user], { output: { ...output }, parameters }).providerOptions;
    expect(options(LABEL)).toEqual({ openai: { strictJsonSchema: false } });
    expect(options(LABEL, { strictJsonSchema: true })).toEqual({ openai: { strictJsonSchema: true } });
    const closed = { ...LABEL, additionalProperties: false };
    expect(options(closed)).toBeUndefined();
    expect(options({ ...closed, required: [] })).toEqual({ openai: { strictJsonSchema: false } });
    const nested = { type: "array", items: { anyOf: [closed, LABEL] } };
    expect(options({ ...closed, properties: { list: nested }, required: ["list"] })).toEqual({
      openai: { strictJsonSchema: false },
    });
    expect(written([user], { model: "claude-opus-4-5", output: LABEL }).providerOptions).toBeUndefined();
  });
});

describe("the model", () => {
  const model = { specificationVersion: "v4", provider: "x.chat", modelId: "m" };

  it("is what the provider makes of the version's model id", () => {
    const asked: string[] = [];
    const make = (id: string): typeof model => {
      asked.push(id);
      return model;
    };
    expect(written([user], {}, { provider: make }).model).toBe(model);
    expect(written([user], {}, { provider: { languageModel: make } }).model).toBe(model);
    expect(asked).toEqual(["gpt-5-mini", "gpt-5-mini"]);
  });

  it("is asked of a registry by its provider's name too", () => {
    const asked: string[] = [];
    class Registry {
      readonly separator = " > ";
      languageModel(id: string): typeof model {
        asked.push(id);
        return model;
      }
    }
    expect(written([user], {}, { provider: new Registry() }).model).toBe(model);
    expect(asked).toEqual(["openai > gpt-5-mini"]);
  });

  it("is the model itself where one is given", () => {
    expect(written([user], {}, { provider: model }).model).toBe(model);
  });
});

it("hands on the signal of the record", () => {
  const { signal } = new AbortController();
  expect(written([user], {}, { signal }).abortSignal).toBe(signal);
  expect(written([user])).not.toHaveProperty("abortSignal");
});
