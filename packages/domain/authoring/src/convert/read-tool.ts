/** Reads a tool as providers and other tools write it: with `function` around it or not, its arguments under any of their names. */
import type { ToolDefinition } from "@colophon/kernel";
import { isFields } from "../field-reader.ts";

/** Null for what is no tool that the application itself runs. */
export function readToolDefinition(value: unknown): ToolDefinition | null {
  const inside = isFields(value) && isFields(value.function) ? value.function : value;
  if (!isFields(inside) || typeof inside.name !== "string" || inside.name.trim() === "") return null;
  const { name, description, parameters, input_schema, inputSchema } = inside;
  const input = parameters ?? input_schema ?? inputSchema ?? { type: "object", properties: {} };
  if (!isFields(input)) return null;
  return { name, ...(typeof description === "string" && description !== "" ? { description } : {}), input };
}
