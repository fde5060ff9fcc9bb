/** Reads a provider of a promptfoo file: which model it is, and with which parameters. */
import { type ModelChoice, modelChoice } from "@colophon/kernel";
import { isFields } from "../../field-reader.ts";
import { CannotConvert, excerpt } from "../cannot-convert.ts";
import { type ConvertedConfig, convertConfig } from "../convert-config.ts";

export interface PromptfooProvider {
  /** What the file calls it. */
  readonly label: string;
  readonly model: ModelChoice;
  readonly config: ConvertedConfig;
  /** Labels of the prompts that it is for; null for all. */
  readonly prompts: readonly string[] | null;
  /** Names of what it says that has no counterpart. */
  readonly left: readonly string[];
}

const READ: readonly string[] = ["id", "label", "config", "prompts"];
/** Ways to call the same model. */
const KINDS: readonly string[] = ["chat", "responses", "messages", "completion", "converse"];
/** Not models, but whatever answers in their place. */
const FOREIGN =
  /^(?:file|exec|python|https?|websocket|webhook|package|ruby|go|golang|browser|promptfoo|echo|manual-input)(?::|$)/;

/** @throws CannotConvert for what names no model. */
export function readPromptfooProvider(value: unknown): PromptfooProvider {
  const given = providerFields(value);
  const { id } = given;
  if (typeof id !== "string" || id.trim() === "") {
    throw new CannotConvert(`the provider ${excerpt(String(JSON.stringify(value)))} names no model.`);
  }
  const [provider = "", ...rest] = id.split(":");
  const name = (KINDS.includes(rest[0] ?? "") ? rest.slice(1) : rest).join(":");
  if (FOREIGN.test(id) || name === "") {
    throw new CannotConvert(`the provider ${excerpt(id)} is no model; name one, or give --model NAME.`);
  }
  const config = convertConfig(isFields(given.config) ? given.config : {});
  const parameters = Object.keys(config.parameters).length > 0 ? config.parameters : undefined;
  const model = modelChoice({ provider: provider === "vertex" ? "google" : provider, id: name }, parameters);
  const { label } = given;
  return {
    label: typeof label === "string" && label !== "" ? label : id,
    prompts: labelsOf(given.prompts),
    left: Object.keys(given).filter((name) => !READ.includes(name)),
    model,
    config,
  };
}

function labelsOf(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** A text, an object with `id`, or one whose only name is the id. */
function providerFields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "string") return { id: value };
  if (!isFields(value)) return {};
  const [name, ...more] = Object.keys(value);
  const inside = name === undefined ? undefined : value[name];
  if (value.id === undefined && name !== undefined && more.length === 0 && isFields(inside)) {
    return { id: name, ...inside };
  }
  return value;
}
