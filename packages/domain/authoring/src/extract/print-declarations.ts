/** Writes `definePrompt` declarations as source. */
import type { Body, CacheBreakpoint } from "@colophon/kernel";
import { type CodeStyle, literal, printJson, printKey, quoted } from "./code-style.ts";
import type { ExtractedVariable, VariableType } from "./write-body.ts";

/** How a module is written. */
export interface ModuleForm {
  readonly style: CodeStyle;
  /** Whether it is CommonJS. */
  readonly isCommon: boolean;
}

export interface PrintedPrompt {
  readonly key: string;
  readonly name: string;
  readonly model: string | { readonly id: string; readonly provider: string };
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly routes: Readonly<Record<string, unknown>>;
  readonly cache: readonly CacheBreakpoint[];
  readonly body: Body;
  readonly variables: readonly Pick<ExtractedVariable, "name" | "type">[];
  /** Comments that stood beside what moved here, as they were. */
  readonly comments: readonly string[];
}

const ZOD: Readonly<Record<VariableType, string>> = {
  string: "z.string()",
  number: "z.number()",
  boolean: "z.boolean()",
};

/** A module of declarations; behind those of `existing` where there is one. */
export function printDeclarations(
  prompts: readonly PrintedPrompt[],
  form: ModuleForm,
  existing: string | null,
): string {
  const declarations = prompts.map((prompt) => printDeclaration(prompt, form)).join("\n\n");
  if (existing !== null) return `${existing.trimEnd()}\n\n${declarations}\n`;
  const head = [
    "/** The prompts of the application: declared once, imported where they are used. */",
    printImport("definePrompt", "colophon", form),
    printImport("z", "zod", form),
  ];
  return `${head.join("\n")}\n\n${declarations}\n`;
}

export function printImport(name: string, specifier: string, { style, isCommon }: ModuleForm): string {
  const from = quoted(specifier, style);
  const line = isCommon ? `const { ${name} } = require(${from})` : `import { ${name} } from ${from}`;
  return line + style.semicolon;
}

function printDeclaration(prompt: PrintedPrompt, { style, isCommon }: ModuleForm): string {
  const { indent, semicolon } = style;
  const lines = [
    `key: ${quoted(prompt.key, style)},`,
    `model: ${printJson(prompt.model, style, 1)},`,
    ...(Object.keys(prompt.parameters).length === 0
      ? []
      : [`parameters: ${printJson(prompt.parameters, style, 1)},`]),
    ...(Object.keys(prompt.routes).length === 0 ? [] : [`routes: ${printJson(prompt.routes, style, 1)},`]),
    ...(prompt.cache.length === 0 ? [] : [`cache: ${printJson(prompt.cache, style, 1)},`]),
    `input: ${printInput(prompt.variables, style)},`,
    printBody(prompt.body, style),
  ];
  const comments = prompt.comments.map((comment) => `${comment}\n`).join("");
  const inner = lines.map((line) => `${indent}${line}\n`).join("");
  const exported = isCommon ? `module.exports.${prompt.name}` : `export const ${prompt.name}`;
  return `${comments}${exported} = definePrompt({\n${inner}})${semicolon}`;
}

function printInput(variables: PrintedPrompt["variables"], style: CodeStyle): string {
  if (variables.length === 0) return "z.object({})";
  const entries = variables.map(({ name, type }) => `${printKey(name, style)}: ${ZOD[type]}`);
  const line = `z.object({ ${entries.join(", ")} })`;
  if (line.length + style.indent.length + 8 <= style.width) return line;
  const inner = style.indent.repeat(2);
  return `z.object({\n${entries.map((entry) => `${inner}${entry},\n`).join("")}${style.indent}})`;
}

function printBody(body: Body, style: CodeStyle): string {
  if (typeof body === "string") return `body: ${literal(body, style)},`;
  const inner = style.indent.repeat(2);
  const messages = body.map((part) => {
    if (part === "history") return `${inner}${quoted("history", style)},\n`;
    const { role, content } = part;
    const said = literal(content, style);
    const line = `${inner}{ role: ${quoted(role, style)}, content: ${said} },`;
    const [head = ""] = line.split("\n");
    if (head.length <= style.width && !line.includes("\n")) return `${line}\n`;
    const deeper = style.indent.repeat(3);
    return `${inner}{\n${deeper}role: ${quoted(role, style)},\n${deeper}content: ${said},\n${inner}},\n`;
  });
  return `messages: [\n${messages.join("")}${style.indent}],`;
}
