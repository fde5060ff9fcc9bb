/** Calls of OpenAI's clients, and of the many that have the same shape. */
import { type ClientCall, messages, text } from "./client-call.ts";

const OPENAI = ["openai", "@azure/openai", "langfuse.openai", "@posthog/ai", "posthog.ai"];
const CHAT = [
  ...["chat.completions.create", "chat.completions.parse", "chat.completions.stream"],
  ...["chat.completions.runTools", "chat.completions.run_tools", "chat.completions.runFunctions"],
  "chat.completions.with_raw_response.create",
];

/** Clients with the calls of OpenAI, told apart by their package alone. */
const ALIKE: readonly (readonly [client: string, packages: readonly string[]])[] = [
  ["groq.chat", ["groq", "groq-sdk"]],
  ["together.chat", ["together", "together-ai"]],
  ["huggingface.chat", ["huggingface_hub", "@huggingface/inference"]],
  ["cerebras.chat", ["cerebras", "@cerebras/cerebras_cloud_sdk"]],
  ["fireworks.chat", ["fireworks"]],
  ["portkey.chat", ["portkey_ai", "portkey-ai"]],
  ["litellm.completion", ["litellm"]],
];

export const OPENAI_CALLS: readonly ClientCall[] = [
  {
    client: "openai.chat",
    calls: [...CHAT, "ChatCompletion.create", "ChatCompletion.acreate", "createChatCompletion"],
    packages: OPENAI,
    tellingOptions: ["messages"],
    prompts: [messages("messages")],
    model: ["model", "engine", "deployment_id"],
  },
  ...ALIKE.map(
    ([client, packages]): ClientCall => ({ client, calls: CHAT, packages, prompts: [messages("messages")] }),
  ),
  {
    client: "openai.responses",
    calls: ["responses.create", "responses.parse", "responses.stream"],
    packages: OPENAI,
    tellingOptions: ["input", "instructions"],
    prompts: [text("system", "instructions"), messages("input")],
  },
  {
    client: "openai.completions",
    calls: ["completions.create", "Completion.create", "Completion.acreate", "createCompletion"],
    packages: OPENAI,
    tellingOptions: ["prompt"],
    prompts: [text("user", "prompt")],
    model: ["model", "engine"],
  },
  {
    client: "openai.assistants",
    calls: ["assistants.create", "assistants.update"],
    packages: OPENAI,
    tellingOptions: ["instructions"],
    prompts: [text("system", "instructions")],
  },
  {
    client: "openai.threads",
    calls: ["threads.create", "threads.messages.create", "threads.createAndRun", "threads.create_and_run"],
    packages: OPENAI,
    tellingOptions: ["messages", "content", "thread", "instructions"],
    prompts: [
      text("system", "instructions"),
      messages("messages", "thread.messages"),
      text("user", "content"),
    ],
  },
  {
    client: "openai.threads",
    calls: [
      ...["runs.create", "runs.stream", "runs.createAndPoll", "runs.create_and_poll", "runs.createAndStream"],
      ...["runs.create_and_stream"],
    ],
    packages: OPENAI,
    tellingOptions: ["instructions", "additional_instructions", "additionalInstructions"],
    prompts: [
      text("system", "instructions"),
      text("system", "additional_instructions", "additionalInstructions"),
      messages("additional_messages", "additionalMessages"),
    ],
  },
  {
    client: "openai.realtime",
    calls: [
      ...["session.update", "updateSession", "realtime.sessions.create", "realtime.clientSecrets.create"],
      ...["realtime.client_secrets.create", "response.create"],
    ],
    packages: [...OPENAI, "@openai/realtime-api-beta"],
    tellingOptions: ["instructions", "session"],
    prompts: [text("system", "instructions", "session.instructions", "response.instructions")],
    model: ["model", "session.model"],
  },
  {
    client: "openai.images",
    calls: ["images.generate", "images.edit", "Image.create", "createImage"],
    packages: OPENAI,
    tellingOptions: ["prompt"],
    prompts: [text("user", "prompt")],
  },
  {
    client: "openai.videos",
    calls: ["videos.create"],
    packages: OPENAI,
    prompts: [text("user", "prompt")],
  },
  {
    client: "openai.audio",
    calls: ["audio.speech.create", "audio.transcriptions.create", "audio.translations.create"],
    packages: OPENAI,
    prompts: [text("system", "instructions", "prompt")],
  },
  {
    client: "azure-openai.chat",
    calls: ["getChatCompletions", "streamChatCompletions", "listChatCompletions"],
    packages: ["@azure/openai"],
    tellingOptions: [],
    prompts: [messages("1", "messages")],
    model: ["0"],
  },
  {
    client: "azure-ai.chat",
    calls: ["complete", "path().post"],
    packages: ["azure.ai.inference", "@azure-rest/ai-inference"],
    prompts: [messages("messages", "body.messages")],
    model: ["model", "body.model"],
  },
];
