/** Reads the fields of a front matter: Dotprompt's own names, and ours behind `colophon.`. */
import { type buildText, type JsonSchema, RISKS, type ToolDefinition } from "@colophon/kernel";
import {
  complain,
  type Field,
  type Fields,
  fieldOf,
  isFields,
  nullable,
  optional,
  type Read,
  readList,
  readNamed,
  readObject,
  readText,
  readWord,
  refuseUnknown,
  report,
} from "../field-reader.ts";
import { promptKeyProblem } from "../prompt-key.ts";
import type { PromptMetadata } from "../prompt-metadata.ts";
import {
  readBody,
  readBreakpoint,
  readModel,
  readRequiredModel,
  readToolChoice,
} from "../read-prompt-spec.ts";
import { REFUSED_FIELDS } from "./dotprompt-advice.ts";
import { readFileSchema } from "./read-file-schema.ts";

/** Everything that a front matter says, without the body. */
export interface FrontFields {
  readonly key: string;
  readonly parts: Omit<Parameters<typeof buildText>[0], "body" | "messages">;
  readonly metadata: PromptMetadata;
  /** Whether the body is a list of messages. */
  readonly messages: boolean;
}

export const OURS = "colophon.";

const KNOWN: readonly string[] = [
  "name",
  "description",
  "model",
  "config",
  "input",
  "output",
  "tools",
  "toolDefs",
  ...[
    "owner",
    "risk",
    "tags",
    "evalSet",
    "backup",
    "routes",
    "toolChoice",
    "untrusted",
    "cache",
    "messages",
    "locales",
    "defaultLocale",
  ].map((name) => OURS + name),
];

/** Undefined, with problems, where something is wrong. */
export function readFrontFields(front: Field, keyOfPath: string | null): FrontFields | undefined {
  refuseFields(front);
  const key = readName(front, keyOfPath);
  const model = readRequiredModel(fieldOf(front, "model"));
  const ours = <T>(name: string, read: Read<T>): T | undefined => optional(fieldOf(front, OURS + name), read);
  const rest = {
    parameters: optional(fieldOf(front, "config"), readObject),
    input: optional(fieldOf(front, "input"), readInput),
    output: optional(fieldOf(front, "output"), readOutput),
    tools: readTools(front),
    toolChoice: ours("toolChoice", readToolChoice),
    untrusted: ours("untrusted", readList(readText)),
    cache: ours("cache", readList(readBreakpoint)),
    locales: ours("locales", readNamed(readBody)),
    defaultLocale: ours("defaultLocale", readText),
  };
  const metadata = readMetadata(front);
  const messages = ours("messages", readBoolean) ?? false;
  return key === undefined || model === undefined || front.problems.length > 0
    ? undefined
    : { key, parts: { model, ...rest }, metadata, messages };
}

function refuseFields(front: Field): void {
  const { value } = front;
  if (!isFields(value)) return;
  const left: [string, unknown][] = [];
  for (const [name, inside] of Object.entries(value)) {
    const why = Object.hasOwn(REFUSED_FIELDS, name) ? REFUSED_FIELDS[name] : undefined;
    if (why === undefined) left.push([name, inside]);
    else report(fieldOf(front, name), `${name} is not read here: ${why}.`);
  }
  refuseUnknown({ ...front, value: Object.fromEntries(left) }, KNOWN);
}

function readName(front: Field, keyOfPath: string | null): string | undefined {
  const name = fieldOf(front, "name");
  const isFromPath = name.value === undefined;
  if (isFromPath && keyOfPath === null) {
    return report(
      name,
      "name is missing, and the path says none: write name: support.ticket-triage or the like.",
    );
  }
  const key = isFromPath ? keyOfPath : name.value;
  const problem = promptKeyProblem(key);
  if (problem === undefined) return key as string;
  return report(
    name,
    isFromPath ? `${problem} It comes from the path: rename the file, or write a name.` : problem,
  );
}

const readBoolean: Read<boolean> = (field) =>
  typeof field.value === "boolean" ? field.value : complain(field, "write true, or leave it out");

/** Variables and arguments have names, so a schema of them is one of an object. */
const readNamedSchema: Read<JsonSchema> = (field) => {
  const schema = readFileSchema(field);
  if (schema === undefined || schema.type === undefined || schema.type === "object") return schema;
  return complain(field, "variables have names, so give fields, or a JSON Schema whose type is object");
};

const readInput: Read<JsonSchema> = (field) => {
  if (!isFields(field.value)) return complain(field, "give an object with schema");
  refuseUnknown(field, ["schema", "default"]);
  const given = fieldOf(field, "default");
  if (given.value !== undefined) {
    report(
      given,
      "input.default is not read: nothing fills in what a call leaves out, so it would be lost; write {{#if x}}{{x}}{{else}}…{{/if}} in the body, or pass the value in code.",
    );
  }
  return optional(fieldOf(field, "schema"), readNamedSchema);
};

/** A format alone asks for JSON of any shape, or for text, which needs no contract. */
const readOutput: Read<JsonSchema> = (field) => {
  if (!isFields(field.value)) return complain(field, "give an object with format or schema");
  refuseUnknown(field, ["format", "schema"]);
  const format = optional(fieldOf(field, "format"), readWord(["json", "text"] as const));
  const schema = optional(fieldOf(field, "schema"), readFileSchema);
  if (format === "text" && schema !== undefined) {
    return complain(fieldOf(field, "format"), "a schema is for JSON: write json, or take the schema out");
  }
  return format === "json" ? (schema ?? {}) : schema;
};

function readTools(front: Field): readonly ToolDefinition[] | undefined {
  const defined = optional(fieldOf(front, "toolDefs"), readList(readToolDefinition));
  const names = fieldOf(front, "tools");
  const known = (defined ?? []).map((tool) => tool.name);
  optional(names, readList(readToolName(known)));
  return defined;
}

/** A text has its tools whole: a name alone would send a tool that nobody described. */
function readToolName(known: readonly string[]): Read<string> {
  return (field) => {
    const name = readText(field);
    if (name === undefined || known.includes(name)) return name;
    return complain(
      field,
      "toolDefs defines no such tool: write its name, description and inputSchema there",
    );
  };
}

const readToolDefinition: Read<ToolDefinition> = (field) => {
  if (!isFields(field.value)) return complain(field, "give an object with name, description and inputSchema");
  const { outputSchema, ...rest } = field.value;
  if (outputSchema !== undefined) {
    const at = fieldOf(field, "outputSchema");
    report(at, `${at.path} is not kept: no provider is told what a tool answers; say it in the description.`);
  }
  refuseUnknown({ ...field, value: rest as Fields }, ["name", "description", "inputSchema"]);
  const name = readText(fieldOf(field, "name"));
  const description = optional(fieldOf(field, "description"), readText);
  const input = optional(fieldOf(field, "inputSchema"), readNamedSchema) ?? {
    type: "object",
    properties: {},
  };
  return name === undefined ? undefined : { name, description, input };
};

function readMetadata(front: Field): PromptMetadata {
  const ours = (name: string): Field => fieldOf(front, OURS + name);
  const given = {
    purpose: nullable(fieldOf(front, "description"), readText),
    owner: nullable(ours("owner"), readText),
    risk: optional(ours("risk"), readWord(RISKS)),
    tags: optional(ours("tags"), readList(readText)),
    evalSet: nullable(ours("evalSet"), readText),
    backup: optional(ours("backup"), readList(readModel)),
    routes: optional(ours("routes"), readNamed(readModel)),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
