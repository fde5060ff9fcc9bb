/** Calls of the other providers' own clients. */
import { type ClientCall, messages, text } from "./client-call.ts";

const GOOGLE = [
  ...[
    "@google/genai",
    "@google/generative-ai",
    "@google-cloud/vertexai",
    "@firebase/vertexai",
    "firebase/ai",
  ],
  ...["google.genai", "google.generativeai", "google", "vertexai"],
];
const GOOGLE_SYSTEM = text(
  "system",
  ...["config.systemInstruction", "config.system_instruction", "systemInstruction", "system_instruction"],
);
const ANTHROPIC = ["@anthropic-ai/", "anthropic"];
const BEDROCK = ["@aws-sdk/client-bedrock-runtime", "boto3", "aioboto3", "botocore"];
const MISTRAL = ["@mistralai/mistralai", "mistralai"];
const COHERE = ["cohere", "cohere-ai"];
const HUGGING_FACE = ["huggingface_hub", "@huggingface/inference"];
const OLLAMA = ["ollama"];

export const PROVIDER_CALLS: readonly ClientCall[] = [
  {
    client: "anthropic.messages",
    calls: [
      ...[
        "messages.create",
        "messages.stream",
        "messages.parse",
        "messages.toolRunner",
        "messages.tool_runner",
      ],
      ...["messages.with_raw_response.create"],
    ],
    packages: ANTHROPIC,
    tellingOptions: ["messages"],
    prompts: [text("system", "system"), messages("messages")],
  },
  {
    client: "anthropic.completions",
    calls: ["completions.create"],
    packages: ANTHROPIC,
    prompts: [text("user", "prompt")],
  },
  {
    client: "claude-agent.query",
    calls: ["query"],
    packages: [
      "@anthropic-ai/claude-agent-sdk",
      "@anthropic-ai/claude-code",
      "claude_agent_sdk",
      "claude_code_sdk",
    ],
    prompts: [text("user", "prompt"), text("system", "options.systemPrompt", "options.appendSystemPrompt")],
    model: ["options.model"],
  },
  {
    client: "claude-agent.query",
    calls: ["ClaudeAgentOptions", "ClaudeCodeOptions"],
    packages: ["claude_agent_sdk", "claude_code_sdk"],
    prompts: [text("system", "system_prompt"), text("system", "append_system_prompt")],
  },
  {
    client: "google.generateContent",
    calls: [
      ...["models.generateContent", "models.generateContentStream", "models.generate_content"],
      ...["models.generate_content_stream"],
    ],
    packages: GOOGLE,
    tellingOptions: ["contents"],
    prompts: [GOOGLE_SYSTEM, messages("contents")],
  },
  {
    client: "google.generateContent",
    calls: [
      ...["generateContent", "generateContentStream", "generate_content", "generate_content_async"],
      ...["generate_content_stream"],
    ],
    packages: GOOGLE,
    tellingOptions: [],
    prompts: [GOOGLE_SYSTEM, messages("contents", "0")],
  },
  {
    client: "google.generateContent",
    calls: ["getGenerativeModel", "GenerativeModel", "get_generative_model"],
    packages: GOOGLE,
    tellingOptions: ["systemInstruction", "system_instruction"],
    prompts: [GOOGLE_SYSTEM],
    model: ["model", "model_name", "0"],
  },
  {
    client: "google.chat",
    calls: ["chats.create", "startChat", "start_chat"],
    packages: GOOGLE,
    tellingOptions: ["config", "history", "systemInstruction"],
    prompts: [GOOGLE_SYSTEM, messages("history")],
  },
  {
    client: "google.chat",
    calls: ["sendMessage", "sendMessageStream", "send_message", "send_message_stream", "send_message_async"],
    packages: GOOGLE,
    prompts: [messages("message", "0")],
  },
  {
    client: "google.images",
    calls: [
      "models.generateImages",
      "models.generate_images",
      "models.generateVideos",
      "models.generate_videos",
    ],
    packages: GOOGLE,
    tellingOptions: ["prompt"],
    prompts: [text("user", "prompt")],
  },
  {
    client: "bedrock.converse",
    calls: ["converse", "converse_stream", "ConverseCommand", "ConverseStreamCommand"],
    packages: BEDROCK,
    tellingOptions: ["messages", "system"],
    prompts: [text("system", "system"), messages("messages")],
    model: ["modelId"],
  },
  {
    client: "bedrock.invokeModel",
    calls: [
      ...["invoke_model", "invoke_model_with_response_stream", "InvokeModelCommand"],
      ...["InvokeModelWithResponseStreamCommand", "invokeModel"],
    ],
    packages: BEDROCK,
    tellingOptions: ["body"],
    prompts: [
      text("system", "body.system"),
      messages("body.messages"),
      text("user", "body.prompt", "body.inputText"),
    ],
    model: ["modelId"],
  },
  {
    client: "mistral.chat",
    calls: [
      ...["chat.complete", "chat.stream", "chat.parse", "chat.complete_async", "chat.stream_async"],
      ...["chat.parse_async", "agents.complete"],
    ],
    packages: MISTRAL,
    tellingOptions: ["messages"],
    prompts: [messages("messages")],
  },
  {
    client: "mistral.chat",
    calls: ["chat", "chatStream", "chat_stream"],
    packages: MISTRAL,
    prompts: [messages("messages")],
  },
  {
    client: "cohere.chat",
    calls: ["chat", "chatStream", "chat_stream", "v2.chat", "v2.chatStream"],
    packages: COHERE,
    tellingOptions: ["preamble"],
    prompts: [text("system", "preamble"), messages("messages"), text("user", "message")],
  },
  {
    client: "cohere.generate",
    calls: ["generate", "generateStream", "generate_stream", "summarize"],
    packages: COHERE,
    prompts: [text("user", "prompt"), text("system", "additional_command", "additionalCommand")],
  },
  {
    client: "huggingface.chat",
    calls: ["chatCompletion", "chatCompletionStream", "chat_completion"],
    packages: HUGGING_FACE,
    tellingOptions: ["messages"],
    prompts: [messages("messages", "0")],
  },
  {
    client: "huggingface.textGeneration",
    calls: ["textGeneration", "textGenerationStream", "text_generation"],
    packages: HUGGING_FACE,
    tellingOptions: ["inputs", "prompt"],
    prompts: [text("user", "inputs", "prompt", "0")],
  },
  {
    client: "huggingface.textToImage",
    calls: ["textToImage", "text_to_image"],
    packages: HUGGING_FACE,
    prompts: [text("user", "inputs", "prompt", "0")],
  },
  {
    client: "transformers.chatTemplate",
    calls: ["apply_chat_template"],
    packages: ["transformers", "@huggingface/transformers", "@xenova/transformers", "vllm"],
    tellingOptions: [],
    prompts: [messages("conversation", "0")],
  },
  {
    client: "transformers.pipeline",
    calls: ["pipe", "generator", "text_generator", "pipeline()", "llm"],
    packages: ["transformers", "@huggingface/transformers", "@xenova/transformers"],
    prompts: [messages("text_inputs", "0")],
  },
  {
    client: "ollama.chat",
    calls: ["chat"],
    packages: OLLAMA,
    prompts: [messages("messages")],
  },
  {
    client: "ollama.generate",
    calls: ["generate"],
    packages: OLLAMA,
    prompts: [text("system", "system"), text("user", "prompt")],
  },
  {
    client: "vllm.generate",
    calls: ["generate"],
    packages: ["vllm"],
    prompts: [text("user", "prompts", "0")],
  },
  { client: "vllm.chat", calls: ["chat"], packages: ["vllm"], prompts: [messages("messages", "0")] },
  {
    client: "llama-cpp.chat",
    calls: ["create_chat_completion"],
    packages: ["llama_cpp"],
    tellingOptions: ["messages"],
    prompts: [messages("messages", "0")],
  },
  {
    client: "llama-cpp.completion",
    calls: ["create_completion"],
    packages: ["llama_cpp"],
    prompts: [text("user", "prompt", "0")],
  },
  {
    client: "llama-cpp.chat",
    calls: ["LlamaChatSession"],
    packages: ["node-llama-cpp"],
    prompts: [text("system", "systemPrompt")],
  },
  {
    client: "together.completions",
    calls: ["completions.create"],
    packages: ["together", "together-ai"],
    prompts: [text("user", "prompt")],
  },
  {
    client: "replicate.run",
    calls: ["run", "stream", "async_run", "predictions.create"],
    packages: ["replicate"],
    prompts: [text("system", "input.system_prompt"), text("user", "input.prompt")],
    model: ["model", "version", "0"],
  },
  {
    client: "litellm.completion",
    calls: ["completion", "acompletion", "batch_completion", "router.completion", "router.acompletion"],
    packages: ["litellm"],
    tellingOptions: ["messages"],
    prompts: [messages("messages")],
  },
  {
    client: "litellm.textCompletion",
    calls: ["text_completion", "atext_completion"],
    packages: ["litellm"],
    prompts: [text("user", "prompt")],
  },
  {
    client: "cloudflare.run",
    calls: ["AI.run", "ai.run"],
    packages: ["@cloudflare/ai", "cloudflare"],
    tellingOptions: ["messages", "prompt"],
    prompts: [messages("messages"), text("system", "system"), text("user", "prompt")],
    model: ["0"],
  },
  {
    client: "openrouter.chat",
    calls: ["chat.send"],
    packages: ["@openrouter/sdk", "openrouter"],
    prompts: [messages("messages", "chatGenerationParams.messages")],
  },
  {
    client: "llm.prompt",
    calls: ["prompt"],
    packages: ["llm"],
    prompts: [text("system", "system"), text("user", "prompt", "0")],
  },
];
