/** Calls of LangChain and LangGraph, in both languages. */
import { type ClientCall, messages, type PromptRole, text } from "./client-call.ts";

const LANGCHAIN = ["langchain", "@langchain/", "langgraph", "langgraph_supervisor", "deepagents"];
const FROM_TEMPLATE = ["from_template", "fromTemplate"];

function messageTemplate(name: string, role: PromptRole): ClientCall {
  return {
    client: `langchain.${name}`,
    calls: FROM_TEMPLATE.map((method) => `${name}.${method}`),
    packages: LANGCHAIN,
    tellingOptions: [],
    prompts: [text(role, "template", "0")],
    fields: "format",
    isCarrier: true,
  };
}

export const LANGCHAIN_CALLS: readonly ClientCall[] = [
  {
    client: "langchain.ChatPromptTemplate",
    calls: ["ChatPromptTemplate.from_messages", "ChatPromptTemplate.fromMessages", "ChatPromptTemplate"],
    packages: LANGCHAIN,
    tellingOptions: [],
    prompts: [messages("messages", "promptMessages", "0")],
    fields: "format",
  },
  {
    client: "langchain.ChatPromptTemplate",
    calls: FROM_TEMPLATE.map((method) => `ChatPromptTemplate.${method}`),
    packages: LANGCHAIN,
    tellingOptions: [],
    prompts: [text("user", "template", "0")],
    fields: "format",
  },
  {
    client: "langchain.PromptTemplate",
    calls: ["PromptTemplate", ...FROM_TEMPLATE.map((method) => `PromptTemplate.${method}`)],
    packages: LANGCHAIN,
    tellingOptions: ["template"],
    prompts: [text("user", "template", "0")],
    fields: "format",
  },
  {
    client: "langchain.FewShotPromptTemplate",
    calls: ["FewShotPromptTemplate", "FewShotChatMessagePromptTemplate"],
    packages: LANGCHAIN,
    tellingOptions: ["prefix"],
    prompts: [text("user", "prefix"), text("user", "suffix")],
    fields: "format",
  },
  messageTemplate("SystemMessagePromptTemplate", "system"),
  messageTemplate("HumanMessagePromptTemplate", "user"),
  messageTemplate("AIMessagePromptTemplate", "assistant"),
  {
    client: "langchain.createAgent",
    calls: [
      ...["create_react_agent", "createReactAgent", "create_agent", "createAgent", "create_supervisor"],
      ...["createSupervisor", "create_deep_agent", "createDeepAgent", "create_tool_calling_agent"],
    ],
    packages: LANGCHAIN,
    tellingOptions: ["system_prompt", "systemPrompt", "state_modifier", "messages_modifier"],
    prompts: [
      messagesAsSystem("system_prompt", "systemPrompt", "prompt", "state_modifier", "stateModifier"),
      messagesAsSystem("messages_modifier", "messageModifier", "instructions"),
    ],
    model: ["model", "llm", "0"],
  },
  {
    client: "langchain.initializeAgent",
    calls: ["initialize_agent", "initializeAgentExecutorWithOptions"],
    packages: LANGCHAIN,
    prompts: [
      text("system", "agent_kwargs.prefix", "agent_kwargs.system_message", "agentArgs.prefix"),
      text("system", "agent_kwargs.suffix", "agentArgs.suffix"),
    ],
    fields: "format",
  },
  {
    client: "langchain.invoke",
    calls: [
      ...["invoke", "ainvoke", "stream", "astream", "predict", "apredict", "call_as_llm", "predict_messages"],
      ...["generate", "agenerate", "batch", "abatch", "call", "streamEvents"],
    ],
    packages: LANGCHAIN,
    receiver: /llm|model|chat|gpt|claude|gemini|mistral|ollama|bot|agent|graph|app|invoke|structured|tools/i,
    prompts: [messages("0.messages", "0", "input", "messages")],
  },
];

function messagesAsSystem(...at: readonly string[]): ClientCall["prompts"][number] {
  return { at, as: "messages", role: "system" };
}
