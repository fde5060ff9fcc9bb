/** Calls that make a message or a part of its content, by the last step of what is called. */
import type { PromptRole } from "./client-call.ts";

/** The role of what a call such as `SystemMessage(…)` makes. */
export const MESSAGE_CALLS: ReadonlyMap<string, PromptRole> = new Map<string, PromptRole>([
  ...roleCalls("system", [
    ...["SystemMessage", "SystemChatMessage", "SystemMessagePromptTemplate", "from_system", "fromSystem"],
    ...[
      "ChatRequestSystemMessage",
      "ChatCompletionSystemMessageParam",
      "SystemPromptPart",
      "DeveloperMessage",
    ],
    ...["systemMessage", "system_message", "Messages.System", "ChatCompletionDeveloperMessageParam"],
  ]),
  ...roleCalls("user", [
    ...[
      "HumanMessage",
      "HumanChatMessage",
      "UserMessage",
      "HumanMessagePromptTemplate",
      "from_user",
      "fromUser",
    ],
    ...[
      "ChatRequestUserMessage",
      "ChatCompletionUserMessageParam",
      "UserPromptPart",
      "MessageParam",
      "userMessage",
    ],
    ...["humanMessage", "user_message", "UserContent", "Messages.User"],
  ]),
  ...roleCalls("assistant", [
    ...["AIMessage", "AIChatMessage", "AssistantMessage", "AIMessagePromptTemplate", "from_assistant"],
    ...["fromAssistant", "ChatCompletionAssistantMessageParam", "ModelContent", "assistantMessage"],
    ...["assistant_message", "ai_message"],
  ]),
]);

function roleCalls(role: PromptRole, names: readonly string[]): readonly (readonly [string, PromptRole])[] {
  return names.map((name) => [name, role] as const);
}

/** Calls that make a message whose role is one of their arguments. */
export const ROLED_MESSAGE_CALLS: ReadonlySet<string> = new Set([
  ...["ChatMessage", "ChatMessageContent", "Content", "Message", "ChatMessagePromptTemplate", "LLMMessage"],
  ...[
    "MessageParam",
    "InputItem",
    "EasyInputMessageParam",
    "dict",
    "from_str",
    "BaseMessage",
    "ChatCompletionMessage",
  ],
]);

/** Calls that make a part of a message, such as `Part.from_text`. */
export const CONTENT_CALLS: ReadonlySet<string> = new Set([
  ...["Part", "from_text", "fromText", "createPartFromText", "TextPart", "TextContent", "TextBlock"],
  ...[
    "TextBlockParam",
    "InputText",
    "Content",
    "createUserContent",
    "createModelContent",
    "TextChatMessageContent",
  ],
  ...[
    "ChatCompletionContentPartTextParam",
    "ContentBlock",
    "SystemContentBlock",
    "UserContent",
    "PromptTemplate",
  ],
  ...["from_template", "fromTemplate", "SystemMessage", "HumanMessage", "RichPromptTemplate", "Prompt"],
]);

/** Words for the roles of messages; what tools answer is none. */
export const ROLE_WORDS: ReadonlyMap<string, PromptRole> = new Map<string, PromptRole>([
  ...roleCalls("system", ["system", "developer", "System", "SYSTEM", "Developer", "DEVELOPER"]),
  ...roleCalls("user", ["user", "human", "User", "USER", "Human", "HUMAN"]),
  ...roleCalls("assistant", [
    "assistant",
    "ai",
    "model",
    "bot",
    "Assistant",
    "ASSISTANT",
    "AI",
    "MODEL",
    "Model",
  ]),
]);
