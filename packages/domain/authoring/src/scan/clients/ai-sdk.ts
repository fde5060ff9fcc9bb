/** Calls of the AI SDK and of other frameworks in TypeScript. */
import { type ClientCall, messages, text } from "./client-call.ts";

const AI = ["ai", "@ai-sdk/rsc", "@ai-sdk/react"];
const GENKIT = ["genkit", "@genkit-ai/"];
const SYSTEM = text("system", "system", "instructions");

export const AI_SDK_CALLS: readonly ClientCall[] = [
  ...["generateText", "streamText", "generateObject", "streamObject", "streamUI"].map(
    (name): ClientCall => ({
      client: `ai.${name}`,
      calls: [name],
      packages: AI,
      tellingOptions: ["model"],
      prompts: [SYSTEM, messages("prompt"), messages("messages")],
    }),
  ),
  {
    client: "ai.generateImage",
    calls: ["generateImage", "experimental_generateImage"],
    packages: AI,
    tellingOptions: ["model"],
    prompts: [text("user", "prompt")],
  },
  {
    client: "ai.useChat",
    calls: ["complete", "append", "sendMessage", "useChat"],
    packages: ["@ai-sdk/react", "@ai-sdk/vue", "@ai-sdk/svelte", "ai/react"],
    prompts: [text("user", "text"), messages("0"), messages("initialMessages", "messages")],
  },
  ...["ToolLoopAgent", "Agent", "Experimental_Agent"].map(
    (name): ClientCall => ({
      client: `ai.${name === "Experimental_Agent" ? "Agent" : name}`,
      calls: [name],
      packages: AI,
      prompts: [SYSTEM],
    }),
  ),
  {
    client: "openai-agents.Agent",
    calls: ["Agent", "Agent.create", "RealtimeAgent", "SandboxAgent", "agent.clone"],
    packages: ["@openai/agents"],
    prompts: [text("system", "instructions")],
  },
  {
    client: "openai-agents.run",
    calls: ["run", "runner.run"],
    packages: ["@openai/agents"],
    prompts: [messages("1")],
  },
  {
    client: "mastra.Agent",
    calls: ["Agent"],
    packages: ["@mastra/core"],
    prompts: [text("system", "instructions")],
  },
  {
    client: "mastra.generate",
    calls: ["generate", "stream", "streamVNext", "generateVNext"],
    packages: ["@mastra/"],
    receiver: /agent/i,
    prompts: [messages("0"), text("system", "instructions")],
  },
  {
    client: "genkit.generate",
    calls: ["generate", "generateStream"],
    packages: GENKIT,
    prompts: [text("system", "system"), messages("prompt", "0"), messages("messages")],
  },
  {
    client: "genkit.definePrompt",
    calls: ["definePrompt"],
    packages: GENKIT,
    tellingOptions: ["prompt", "system", "messages"],
    prompts: [text("system", "system"), messages("prompt", "messages", "1")],
    fields: "mustache",
  },
  { client: "genkit.chat", calls: ["chat"], packages: GENKIT, prompts: [text("system", "system")] },
  {
    client: "agent-kit.createAgent",
    calls: ["createAgent"],
    packages: ["@inngest/agent-kit"],
    prompts: [text("system", "system")],
  },
  {
    client: "voltagent.Agent",
    calls: ["Agent"],
    packages: ["@voltagent/core"],
    prompts: [text("system", "instructions", "description")],
  },
  {
    client: "livekit.Agent",
    calls: ["Agent", "voice.Agent", "RealtimeModel", "generateReply"],
    packages: ["@livekit/agents"],
    prompts: [text("system", "instructions")],
  },
];
