/** Small programs and the prompts that are traced in them. */
import { expect, test } from "vitest";
import { type Program, shown, tracedFindings } from "../scan-program.fixture.ts";

function found(program: Program): readonly string[] {
  return tracedFindings(program).map(shown);
}

const OPENAI = `import OpenAI from "openai";\nconst client = new OpenAI();\n`;

/** Each call with the text in it, and what is to be found: client, role, text. */
const CALLS: readonly (readonly [file: string, source: string, expected: readonly string[]])[] = [
  [
    "chat.ts",
    `${OPENAI}client.chat.completions.create({ messages: [{ role: "developer", content: "Be brief, please." }] });`,
    [`chat.ts:3 openai.chat system "Be brief, please."`],
  ],
  [
    "responses.ts",
    `${OPENAI}client.responses.create({ instructions: "Be very brief.", input: \`Say hello to \${name}.\` });`,
    [
      `responses.ts:3 openai.responses system "Be very brief."`,
      `responses.ts:3 openai.responses user "Say hello to {{name}}."`,
    ],
  ],
  [
    "parts.ts",
    `${OPENAI}client.chat.completions.create({ messages: [{ role: "user", content: [{ type: "text", text: "What do you see here?" }, { type: "image_url", image_url: { url } }] }] });`,
    [`parts.ts:3 openai.chat user "What do you see here?"`],
  ],
  [
    "groq.ts",
    `import Groq from "groq-sdk";\nnew Groq().chat.completions.create({ messages: [{ role: "system", content: "Be very brief." }] });`,
    [`groq.ts:2 groq.chat system "Be very brief."`],
  ],
  [
    "anthropic.ts",
    `import Anthropic from "@anthropic-ai/sdk";\nconst a = new Anthropic();\na.messages.stream({ system: [{ type: "text", text: "You sort mail for us." }], messages: [{ role: "user", content: mail }] });`,
    [`anthropic.ts:3 anthropic.messages system "You sort mail for us."`],
  ],
  [
    "gemini.ts",
    `import { GoogleGenAI } from "@google/genai";\nconst ai = new GoogleGenAI({});\nai.models.generateContent({ model: "gemini-2.5-flash", contents: "Why is the sky blue?", config: { systemInstruction: "Answer like a child." } });`,
    [
      `gemini.ts:3 google.generateContent user "Why is the sky blue?"`,
      `gemini.ts:3 google.generateContent system "Answer like a child."`,
    ],
  ],
  [
    "older.js",
    `const { GoogleGenerativeAI } = require("@google/generative-ai");\nconst model = new GoogleGenerativeAI(key).getGenerativeModel({ model: "gemini-1.5-pro", systemInstruction: "You are a good cat." });\nmodel.generateContent(\`Tell me about \${topic}, please.\`);`,
    [
      `older.js:2 google.generateContent system "You are a good cat."`,
      `older.js:3 google.generateContent user "Tell me about {{topic}}, please."`,
    ],
  ],
  [
    "ai.ts",
    `import { streamText } from "ai";\nimport { openai } from "@ai-sdk/openai";\nstreamText({ model: openai("gpt-5"), system: "You know all of Rome.", prompt: \`Where is \${place} today?\` });`,
    [
      `ai.ts:3 ai.streamText system "You know all of Rome."`,
      `ai.ts:3 ai.streamText user "Where is {{place}} today?"`,
    ],
  ],
  [
    "agent.ts",
    `import { Agent } from "@openai/agents";\nexport const a = new Agent({ name: "x", instructions: "Hand over what you cannot do.", handoffDescription: "Knows all about refunds" });`,
    [`agent.ts:2 openai-agents.Agent system "Hand over what you cannot do."`],
  ],
  [
    "mastra.ts",
    `import { Agent } from "@mastra/core/agent";\nnew Agent({ instructions: "Cook what the fridge has." });`,
    [`mastra.ts:2 mastra.Agent system "Cook what the fridge has."`],
  ],
  [
    "genkit.ts",
    `import { genkit } from "genkit";\nconst ai = genkit({});\nai.definePrompt({ name: "x" , prompt: "Name a dish with {{thing}} in it." });`,
    [`genkit.ts:3 genkit.definePrompt user "Name a dish with {{thing}} in it."`],
  ],
  [
    "dynamic.ts",
    `import { Agent } from "@openai/agents";\nAgent.create({ name: "x", instructions: ({ context }) => \`Route \${context.name} with care.\` });`,
    [`dynamic.ts:2 openai-agents.Agent system "Route {{contextName}} with care."`],
  ],
  [
    "graded.ts",
    `import { ChatOpenAI } from "@langchain/openai";\nconst structured = new ChatOpenAI({ model: "gpt-5" }).withStructuredOutput(Grade);\nstructured.invoke(\`Is this of use for \${question}?\`);`,
    [`graded.ts:3 langchain.invoke user "Is this of use for {{question}}?"`],
  ],
  [
    "mustache.ts",
    `import Mustache from "mustache";\nimport { generateText } from "ai";\nconst FACTS = "Facts on {{topic}} for {{audience}}.";\ngenerateText({ model, prompt: Mustache.render(FACTS, { topic, audience: "kids" }) });`,
    [`mustache.ts:3 ai.generateText user "Facts on {{topic}} for {{audience}}."`],
  ],
  [
    "handlebars.ts",
    `import Handlebars from "handlebars";\nimport OpenAI from "openai";\nconst quiz = Handlebars.compile("Quiz on {{topic}}, of {{n}} items.");\nnew OpenAI().responses.create({ input: quiz({ topic, n: 3 }) });`,
    [`handlebars.ts:3 openai.responses user "Quiz on {{topic}}, of {{n}} items."`],
  ],
  [
    "filled.ts",
    `${OPENAI}const fill = (text: string, values) => text.replace(/\\{\\{(\\w+)\\}\\}/g, (_, key) => values[key]);\nclient.responses.create({ input: fill("Rumours on {{topic}}, please.", { topic }) });`,
    [`filled.ts:4 openai.responses user "Rumours on {{topic}}, please."`],
  ],
  [
    "cloned.ts",
    `import { cloneDeep } from "lodash";\n${OPENAI}const request = { model: "gpt-5", messages: [{ role: "system", content: "Get to the point." }] };\nclient.chat.completions.create(cloneDeep(request));`,
    [`cloned.ts:4 openai.chat system "Get to the point."`],
  ],
  [
    "table.js",
    `const Groq = require("groq-sdk");\nconst PROMPTS = { tldr: (text) => \`TLDR of this: \${text}\` };\nnew Groq().chat.completions.create({ messages: [{ role: "user", content: PROMPTS[kind](input) }] });`,
    [`table.js:2 groq.chat user "TLDR of this: {{text}}"`],
  ],
  [
    "compiled.js",
    `const ai_1 = require("ai");\n(0, ai_1.generateText)({ model, prompt: "Say where ".concat(place, " is, and ").concat(more, ".") });`,
    [`compiled.js:2 ai.generateText user "Say where {{place}} is, and {{more}}."`],
  ],
  [
    "chain.ts",
    `import { ChatPromptTemplate } from "@langchain/core/prompts";\nChatPromptTemplate.fromMessages([["system", "You speak {language} only."], ["human", "{input}"]]);`,
    [`chain.ts:2 langchain.ChatPromptTemplate system "You speak {{language}} only."`],
  ],
  [
    "bedrock.ts",
    `import { ConverseCommand } from "@aws-sdk/client-bedrock-runtime";\nnew ConverseCommand({ modelId: "x.y-1", system: [{ text: "You are a quiet clerk." }], messages: [{ role: "user", content: [{ text: \`File this: \${paper}\` }] }] });`,
    [
      `bedrock.ts:2 bedrock.converse system "You are a quiet clerk."`,
      `bedrock.ts:2 bedrock.converse user "File this: {{paper}}"`,
    ],
  ],
  [
    "post.ts",
    `await fetch("https://api.openai.com/v1/chat/completions", { method: "POST", body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "system", content: "Speak in rhymes only." }] }) });`,
    [`post.ts:1 openai.chat system "Speak in rhymes only."`],
  ],
  [
    "chat.py",
    `from openai import OpenAI\nclient = OpenAI()\nclient.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": f"Sum up {paper.title} in a line."}])`,
    [`chat.py:3 openai.chat user "Sum up {{paperTitle}} in a line."`],
  ],
  [
    "lite.py",
    `from litellm import completion\ncompletion(model="x", messages=[dict(role="system", content="Be kind to all.")])`,
    [`lite.py:2 litellm.completion system "Be kind to all."`],
  ],
  [
    "gen.py",
    `from google import genai\nfrom google.genai import types\nc = genai.Client()\nc.models.generate_content(model="g", contents=q, config=types.GenerateContentConfig(system_instruction="Answer in one word."))`,
    [`gen.py:4 google.generateContent system "Answer in one word."`],
  ],
  [
    "boto.py",
    `import boto3, json\nc = boto3.client("bedrock-runtime")\nc.invoke_model(modelId="m-1", body=json.dumps({"prompt": "Write a haiku about rain.", "max_tokens": 10}))`,
    [`boto.py:3 bedrock.invokeModel user "Write a haiku about rain."`],
  ],
  [
    "lang.py",
    `from langchain_core.prompts import ChatPromptTemplate, PromptTemplate\nfrom langchain_core.messages import SystemMessage\nChatPromptTemplate.from_messages([("system", "You grade essays in {subject}."), SystemMessage(content="Keep {braces} as they are.")])\nPromptTemplate(template="Name a colour like {colour}.", input_variables=["colour"])`,
    [
      `lang.py:3 langchain.ChatPromptTemplate system "You grade essays in {{subject}}."`,
      `lang.py:3 langchain.ChatPromptTemplate system "Keep {braces} as they are."`,
      `lang.py:4 langchain.PromptTemplate user "Name a colour like {{colour}}."`,
    ],
  ],
  [
    "crew.py",
    `from crewai import Agent, Task\nAgent(role="Cook", goal="Feed {guests} people well", backstory="You learned it in Lyon.")`,
    [
      `crew.py:2 crewai.Agent system "Feed {{guests}} people well"`,
      `crew.py:2 crewai.Agent system "You learned it in Lyon."`,
    ],
  ],
  [
    "pyd.py",
    `from pydantic_ai import Agent\nagent = Agent("openai:gpt-4o", system_prompt="You check facts for us.")\n@agent.system_prompt\ndef today() -> str:\n    return f"Today it is {date.today()} here."\nagent.run_sync("Who won the match?")`,
    [
      `pyd.py:2 pydantic-ai.Agent system "You check facts for us."`,
      `pyd.py:5 pydantic-ai.Agent system "Today it is {{today}} here."`,
      `pyd.py:6 pydantic-ai.run user "Who won the match?"`,
    ],
  ],
  [
    "sig.py",
    `import dspy\nclass Sort(dspy.Signature):\n    """Sort the ticket into one bin."""\n    ticket = dspy.InputField(desc="what was written to us")`,
    [`sig.py:3 dspy.Signature system "Sort the ticket into one bin."`],
  ],
  [
    "hay.py",
    `from haystack.components.builders import PromptBuilder\nPromptBuilder(template="Answer from these notes: {{ notes }}\\nQuestion: {{ question }}")`,
    [`hay.py:2 haystack.PromptBuilder user "Answer from these notes: {{notes}}\\nQuestion: {{question}}"`],
  ],
  [
    "index.py",
    `from llama_index.core.llms import ChatMessage, MessageRole\nfrom llama_index.llms.openai import OpenAI\nllm = OpenAI(model="gpt-4o")\nllm.chat([ChatMessage(role=MessageRole.SYSTEM, content="You only speak Latin.")])`,
    [`index.py:4 llamaindex.chat system "You only speak Latin."`],
  ],
  [
    "raw.py",
    `import requests\nrequests.post(f"{base}/chat/completions", json={"model": "m", "messages": [{"role": "user", "content": f"Rate this poem: {poem}"}]})`,
    [`raw.py:2 openai.chat user "Rate this poem: {{poem}}"`],
  ],
];

test.each(CALLS)("knows where the prompts of %s stand", (file, source, expected) => {
  expect(found({ [file]: source })).toEqual(expected);
});

test("says the model, the parameters, the place of the call and the position of the message", () => {
  const [first, second] = tracedFindings({
    "a.ts": `${OPENAI}const MODEL = process.env.MODEL ?? "gpt-4o";
client.chat.completions.create({
  model: MODEL,
  temperature: 0.2,
  response_format: { type: "json_object" },
  messages: [
    { role: "system", content: "Be brief, please." },
    { role: "user", content: \`Sort this: \${text}\` },
  ],
});`,
  });
  expect(first).toMatchObject({ model: "gpt-4o", kind: "literal", confidence: 1, line: 9, endLine: 9 });
  expect(first?.uses).toEqual([
    {
      file: "a.ts",
      line: 4,
      span: { from: expect.any(Number), to: expect.any(Number) },
      client: "openai.chat",
      role: "system",
      message: 0,
      model: "gpt-4o",
      parameters: { temperature: 0.2, response_format: { type: "json_object" } },
    },
  ]);
  expect(second).toMatchObject({ kind: "template", placeholders: [{ name: "text", source: "text" }] });
  expect(second?.uses[0]?.message).toBe(1);
});

test("takes the model of what the client was made with, and null where nothing says it", () => {
  const program = (make: string): Program => ({
    "m.py": `from langchain_openai import ChatOpenAI\nllm = ${make}\nllm.invoke("Tell me a good joke.")`,
  });
  expect(tracedFindings(program('ChatOpenAI(model="gpt-4o-mini", temperature=0)'))[0]).toMatchObject({
    model: "gpt-4o-mini",
    uses: [{ parameters: { temperature: 0 } }],
  });
  expect(tracedFindings(program("ChatOpenAI()"))[0]?.model).toBeNull();
});

/** How a text gets to the call, and where it is found then. */
const ROUTES: readonly (readonly [title: string, program: Program, expected: readonly string[]])[] = [
  [
    "a constant of another file, renamed on the way",
    {
      "src/texts.ts": `export const SYSTEM = "You are a kind clerk.";`,
      "src/index.ts": `export { SYSTEM as TEXT } from "./texts.js";`,
      "src/a.ts": `${OPENAI}import * as texts from ".";\nclient.responses.create({ instructions: texts.TEXT });`,
    },
    [`src/texts.ts:1 openai.responses system "You are a kind clerk."`],
  ],
  [
    "a default export and a path alias",
    {
      "src/texts.ts": `export default { triage: "Sort what comes in." };`,
      "app/a.ts": `${OPENAI}import texts from "@/texts";\nclient.responses.create({ instructions: texts.triage });`,
    },
    [`src/texts.ts:1 openai.responses system "Sort what comes in."`],
  ],
  [
    "a CommonJS module",
    {
      "texts.js": `module.exports = { triage: "Sort what comes in." };`,
      "a.js": `const OpenAI = require("openai");\nconst { triage } = require("./texts");\nnew OpenAI().responses.create({ instructions: triage });`,
    },
    [`texts.js:1 openai.responses system "Sort what comes in."`],
  ],
  [
    "a Python package with a star import",
    {
      "app/__init__.py": "",
      "app/prompts/__init__.py": "from .triage import *",
      "app/prompts/triage.py": `TRIAGE = "Sort what comes in."`,
      "app/run.py": `from openai import OpenAI\nfrom .prompts import TRIAGE\nOpenAI().responses.create(instructions=TRIAGE)`,
    },
    [`app/prompts/triage.py:1 openai.responses system "Sort what comes in."`],
  ],
  [
    "a function of one's own around the client",
    {
      "llm.ts": `${OPENAI}export async function ask(system: string, { user }: { user: string }) {
  return client.chat.completions.create({ messages: [{ role: "system", content: system }, { role: "user", content: user }] });
}`,
      "a.ts": `import { ask as model } from "./llm";\nmodel("Answer in three words.", { user: \`What is \${thing} for?\` });`,
    },
    [
      `a.ts:2 openai.chat system "Answer in three words."`,
      `a.ts:2 openai.chat user "What is {{thing}} for?"`,
    ],
  ],
  [
    "a method of a class that was made elsewhere",
    {
      "llm.py": `import anthropic\nclass Llm:\n    def __init__(self, system="Answer only in verse."):\n        self.client = anthropic.Anthropic()\n        self.system = system\n    def ask(self, text):\n        return self.client.messages.create(system=self.system, messages=[{"role": "user", "content": text}])`,
      "a.py": `from llm import Llm\nbot = Llm("Answer only in prose.")\nbot.ask("Who wrote this book?")`,
    },
    [
      `a.py:2 anthropic.messages system "Answer only in prose."`,
      `a.py:3 anthropic.messages user "Who wrote this book?"`,
      `llm.py:3 anthropic.messages system "Answer only in verse."`,
    ],
  ],
  [
    "what a function returns",
    {
      "a.ts": `${OPENAI}const build = (name: string) => \`Greet \${name} warmly, please.\`;\nclient.responses.create({ input: build(user.name) });`,
    },
    [`a.ts:3 openai.responses user "Greet {{name}} warmly, please."`],
  ],
  [
    "a choice and a table",
    {
      "a.ts": `${OPENAI}const BY = { a: "Write it in red.", b: "Write it in blue." };\nclient.responses.create({ instructions: BY[kind], input: x ? "Tell it very short." : "Tell it very long." });`,
    },
    [
      `a.ts:3 openai.responses system "Write it in red."`,
      `a.ts:3 openai.responses system "Write it in blue."`,
      `a.ts:4 openai.responses user "Tell it very short."`,
      `a.ts:4 openai.responses user "Tell it very long."`,
    ],
  ],
  [
    "a list that is filled step by step",
    {
      "a.py": `import openai\nmessages = [{"role": "system", "content": "You play a game."}]\nif hint:\n    messages.append({"role": "user", "content": "Give me a hint."})\nopenai.chat.completions.create(messages=messages)`,
    },
    [`a.py:2 openai.chat system "You play a game."`, `a.py:4 openai.chat user "Give me a hint."`],
  ],
  [
    "a helper that makes messages, and a list that is spread",
    {
      "a.ts": `${OPENAI}const msg = (role: string, content: string) => ({ role, content });\nconst FIRST = [msg("system", "You know the rules.")];\nclient.chat.completions.create({ messages: [...FIRST, ...history, msg("user", "Who has the ball?")] });`,
    },
    [`a.ts:4 openai.chat system "You know the rules."`, `a.ts:5 openai.chat user "Who has the ball?"`],
  ],
  [
    "settings that cannot be followed",
    {
      "settings.py": `AI = {"DESCRIPTION_PROMPT": "Describe {name} in a line."}`,
      "a.py": `from django.conf import settings\nimport openai\nopenai.responses.create(input=settings.AI["DESCRIPTION_PROMPT"].format(name=product.name))`,
    },
    [`settings.py:1 openai.responses user "Describe {{name}} in a line."`],
  ],
  [
    "a class that is extended",
    {
      "a.py": `import openai\nclass Base:\n    system = "You are the first."\n    def run(self):\n        return openai.responses.create(instructions=self.system)\nclass Other(Base):\n    system = "You are the second."`,
    },
    [
      `a.py:3 openai.responses system "You are the first."`,
      `a.py:7 openai.responses system "You are the second."`,
    ],
  ],
];

test.each(ROUTES)("follows %s", (_title, program, expected) => {
  expect(found(program)).toEqual(expected);
});

test("takes the model that a wrapper falls back on where a call leaves it out", () => {
  const program = `${OPENAI}function ask({ prompt, model = "gpt-5" }) {\n  return client.responses.create({ model, input: prompt });\n}\nask({ prompt: "Who is the first?" });\nask({ prompt: "Who is the second?", model: "gpt-5-mini" });`;
  expect(tracedFindings({ "a.js": program }).map(({ text, model }) => [text, model])).toEqual([
    ["Who is the first?", "gpt-5"],
    ["Who is the second?", "gpt-5-mini"],
  ]);
});

test("reads the model in the address of a request", () => {
  const program = `fetch(\`https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent?key=\${key}\`, { method: "POST", body: JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Why is the sky blue?" }] }] }) });`;
  expect(tracedFindings({ "a.js": program })).toMatchObject([
    { client: "google.generateContent", model: "gemini-2.5-flash" },
  ]);
});

test("says the model of the client that it names, not that of another one", () => {
  const program = `import Anthropic from "@anthropic-ai/sdk";\nimport OpenAI from "openai";\nconst PROMPT = "Say it once again.";\nnew Anthropic().messages.create({ model: chosen(), messages: [{ role: "user", content: PROMPT }] });\nnew OpenAI().responses.create({ model: "gpt-5", input: PROMPT });`;
  const [finding] = tracedFindings({ "a.js": program });
  expect(finding!.uses.find(({ client }) => client === finding!.client)?.model).toBe(finding!.model);
});

test("reads the arguments of one call of a wrapper together", () => {
  const findings = tracedFindings({
    "a.ts": `${OPENAI}const ask = (input: string, model = "gpt-4o-mini") => client.responses.create({ input, model });
ask("Is this a cat?");
ask("Is this a very old dog?", "gpt-4o");`,
  });
  expect(findings.map(({ model }) => model)).toEqual(["gpt-4o-mini", "gpt-4o"]);
});

test("makes one finding with all its uses of a constant that goes to many calls", () => {
  const findings = tracedFindings({
    "a.ts": `${OPENAI}const S = "You are a kind clerk.";
client.responses.create({ instructions: S });
client.chat.completions.create({ messages: [{ role: "system", content: S }] });`,
  });
  expect(findings).toHaveLength(1);
  expect(findings[0]?.uses.map(({ client, line }) => `${client}:${line}`)).toEqual([
    "openai.responses:4",
    "openai.chat:5",
  ]);
  expect(findings[0]?.reason).toBe("goes to openai.responses as the system message, and to 1 more call");
  expect(findings[0]?.name).toBe("S");
});

/** What is put together of constants, and which texts are reported of it. */
const COMPOSED: readonly (readonly [title: string, source: string, expected: readonly string[]])[] = [
  [
    "reads a small constant into the text around it, and does not report it again",
    `const TONE = "Be very calm.";\nconst S = \`You answer mail for a bank. \${TONE} Sign as \${name}.\`;\n`,
    ['a.ts:4 openai.responses system "You answer mail for a bank. Be very calm. Sign as {{name}}."'],
  ],
  [
    "reports the constant that has nearly all the words, with a placeholder for it in the text around it",
    `const MAIN = "You answer mail for a bank that has many branches, and you never promise any money.";\nconst S = \`\${MAIN}\\nToday is \${day}.\`;\n`,
    [
      'a.ts:3 openai.responses system "You answer mail for a bank that has many branches, and you never promise any money."',
    ],
  ],
  [
    "reports what is put together of several constants as one text",
    'const A = "You answer mail for a bank.";\nconst B = "Never promise any money.";\nconst S = [A, B].join("\\n");\n',
    ['a.ts:5 openai.responses system "You answer mail for a bank.\\nNever promise any money."'],
  ],
  [
    "adds what is added later, and leaves open what is only added at times",
    'let S = "You answer mail.";\nif (pro) {\n  S += " Be fast.";\n}\nS += " Sign it.";\n',
    ['a.ts:3 openai.responses system "You answer mail.{{beFast}} Sign it."'],
  ],
  [
    "takes the last value where a name is set again, and each where it is set in branches",
    'let S = "This is never sent.";\nif (x) {\n  S = "You are the first.";\n} else {\n  S = "You are the second.";\n}\n',
    [
      'a.ts:3 openai.responses system "This is never sent."',
      'a.ts:5 openai.responses system "You are the first."',
      'a.ts:7 openai.responses system "You are the second."',
    ],
  ],
];

test.each(COMPOSED)("%s", (_title, source, expected) => {
  expect(found({ "a.ts": `${OPENAI}${source}client.responses.create({ instructions: S });` })).toEqual(
    expected,
  );
});

/** Fields that a later call fills, in the words of the template language. */
const FILLED: readonly (readonly [source: string, text: string, sources: readonly string[]])[] = [
  [
    `P = "Sum up {title!r} by {who.name} as {{json}}."\nask(P.format(title=paper.title, who=author))`,
    "Sum up {{title}} by {{whoName}} as {json}.",
    ["repr(paper.title)", "author.name"],
  ],
  [
    `ask("Translate into %s, 100%% of it: %s" % (language, text))`,
    "Translate into {{language}}, 100% of it: {{text}}",
    ["language", "text"],
  ],
  [
    `P = "Greet {NAME} and her dog."\nask(P.replace("{NAME}", user.name))`,
    "Greet {{NAME}} and her dog.",
    ["user.name"],
  ],
  [
    `from string import Template\nP = Template("Greet $name for $$5 please.")\nask(P.substitute(name=user))`,
    "Greet {{name}} for $5 please.",
    ["user"],
  ],
];

test.each(FILLED)("reads the fields of %j", (source, text, sources) => {
  const [finding] = tracedFindings({
    "a.py": `import openai\ndef ask(text):\n    openai.responses.create(input=text)\n${source}`,
  });
  expect(finding?.text).toBe(text);
  expect(finding?.placeholders.map((each) => each.source)).toEqual(sources);
});

test("tells clients by type and by shape, less surely by shape", () => {
  const typed = tracedFindings({
    "a.ts": `import type { Groq } from "groq-sdk";\nexport const f = (c: Groq) => c.chat.completions.create({ messages: [{ role: "user", content: "Say hello to me." }] });`,
  });
  const shaped = tracedFindings({
    "a.ts": `export const f = (c) => c.chat.completions.create({ messages: [{ role: "user", content: "Say hello to me." }] });`,
  });
  expect(shaped[0]).toMatchObject({ client: "openai.chat", confidence: 0.94 });
  expect(typed.map(({ role }) => role)).toEqual(["user"]);
});

test("reports messages that no known call takes, and no talk that was only recorded", () => {
  expect(
    found({
      "a.ts": `own.send([{ role: "system", content: "You are a kind clerk." }, { role: "user", content: "Do you have a pen?" }]);
export const LOG = [{ role: "user", content: "Where is my parcel now?" }, { role: "assistant", content: "It is on its way." }];`,
    }).map((each) => each.replace(/^a.ts:/, "")),
  ).toEqual([`1 null system "You are a kind clerk."`, `1 null user "Do you have a pen?"`]);
});

const MADE_MESSAGES: readonly (readonly [how: string, source: string, expected: readonly string[]])[] = [
  [
    "with its role first",
    `def base(name):\n    prompt = f"You are {name}, a kind clerk."\n    yield Message("system", prompt)`,
    [`a.py:2 null system "You are {{name}}, a kind clerk."`],
  ],
  [
    "with its role by name",
    `send(ChatMessage(role=MessageRole.SYSTEM, content="You are a kind clerk."))`,
    [`a.py:1 null system "You are a kind clerk."`],
  ],
  [
    "by a method of its class",
    `ask(Message.system_message("You are a kind clerk."), Message.user_message(f"Plan the task: {task}"))`,
    [`a.py:1 null system "You are a kind clerk."`, `a.py:1 null user "Plan the task: {{task}}"`],
  ],
  ["of nobody's", `log(Message("info", "You are a kind clerk."))`, []],
];

test.each(MADE_MESSAGES)("reads a message that is made %s", (_how, source, expected) => {
  expect(found({ "a.py": source })).toEqual(expected);
});

/** Texts beside a model that are no prompts. */
const NO_PROMPTS: readonly (readonly [title: string, program: Program])[] = [
  [
    "what is embedded",
    { "a.ts": `${OPENAI}client.embeddings.create({ input: "You are a text of five words." });` },
  ],
  [
    "what tools say of themselves",
    {
      "a.ts": `${OPENAI}client.responses.create({ input, tools: [{ type: "function", name: "f", description: "Use this tool when you need the weather." }] });`,
    },
  ],
  [
    "a text without words",
    { "a.ts": `${OPENAI}client.responses.create({ input: \`\${title}\\n\${body}\` });` },
  ],
  [
    "what the program says in the name of the assistant",
    {
      "a.py": `from langchain_core.messages import AIMessage\ndef stop(n):\n    return {"messages": [AIMessage(content=f"The limit of calls is reached: {n} of them")]}`,
    },
  ],
  [
    "what a tool answers",
    {
      "a.py": `send({"role": "user", "content": [{"type": "tool_result", "content": f"Error: the tool {name} is not there"}]})`,
    },
  ],
  [
    "what masks a part of what somebody said",
    {
      "a.py": `def mask(text):\n    return f"[image {text} masked]"\nsend({"role": "user", "content": mask(said)})`,
    },
  ],
  ["a single word", { "a.ts": `${OPENAI}client.responses.create({ input: "ping" });` }],
  [
    "a message that is sent to a phone",
    {
      "a.ts": `import twilio from "twilio";\ntwilio().messages.create({ to, body: "Your parcel has come to you." });`,
    },
  ],
  [
    "a request to another service",
    {
      "a.ts": `fetch("https://shop.example/orders", { body: JSON.stringify({ prompt: "Where do we send it?" }) });`,
    },
  ],
];

test.each(NO_PROMPTS)("does not report %s", (_title, program) => {
  expect(found(program)).toEqual([]);
});

test("cuts the fields of all parts of a template that a library fills as a whole", () => {
  const source = `from langchain_core.prompts import PromptTemplate
HEAD = "You are an agent that answers about a database. Use the tools for {dialect} alone."
TAIL = "Question: {input} is what the user wants to know"
PromptTemplate.from_template("\\n\\n".join([prefix or HEAD, "{tools}", suffix or TAIL]))`;
  expect(found({ "a.py": source }).map((each) => each.replace(/^.*? user /, ""))).toEqual([
    `"You are an agent that answers about a database. Use the tools for {{dialect}} alone."`,
    `"Question: {{input}} is what the user wants to know"`,
  ]);
});

test("ends on functions that call each other, and on names that hold themselves", () => {
  expect(
    found({
      "a.ts": `${OPENAI}const a = (x: string): string => b(x);\nconst b = (x: string): string => a(x) || "You are the end.";\nlet s = s + s;\nclient.responses.create({ instructions: a(s), input: s });\nconst o = { get x() { return o.x; } };\nclient.responses.create({ input: o.x });`,
    }),
  ).toEqual([`a.ts:4 openai.responses system "You are the end."`]);
});
