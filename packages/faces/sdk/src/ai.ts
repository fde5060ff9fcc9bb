/** `colophon/ai`: the wire of the AI SDK (`ai`), for places where `open` is given its wires. */
export {
  type AiArguments,
  type AiOptions,
  type AiProvider,
  type AiSchema,
  type AiTool,
  ai,
} from "@colophon/runtime";
