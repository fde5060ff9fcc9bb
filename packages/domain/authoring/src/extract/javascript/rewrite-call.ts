/** Puts a resolved prompt in the place of a call's arguments. */
import type { Node } from "@babel/types";
import { type CodeStyle, printKey } from "../code-style.ts";
import type { ExtractedVariable } from "../write-body.ts";
import { nodesOf, type Program } from "./program.ts";
import type { DraftCall } from "./read-call.ts";

export interface CallNames {
  /** What the file calls the open instance, and the prompt. */
  readonly colophon: string;
  readonly prompt: string;
}

/** The expression that takes the place of the whole call. */
export function rewrittenCall(
  draft: DraftCall,
  variables: readonly ExtractedVariable[],
  { names, style }: { readonly names: CallNames; readonly style: CodeStyle },
): string {
  const { program, node } = draft.call;
  const p = parameterName(draft);
  const given = variables.map(({ name, source }) =>
    source === name ? name : `${printKey(name, style)}: ${source}`,
  );
  const head = `${names.colophon}.resolve(${names.prompt}).record(`;
  const line = program.source.lastIndexOf("\n", (node.start ?? 0) - 1) + 1;
  const margin = /^[ \t]*/.exec(program.source.slice(line))?.[0] ?? "";
  const column = (node.start ?? 0) - line;
  const oneLine = given.length === 0 ? "{}" : `{ ${given.join(", ")} }`;
  const send = (depth: number): string =>
    printSend(draft, { p, margin: margin + style.indent.repeat(depth), style });
  const short = `${head}${oneLine}, (${p}) => ${send(0)})`;
  if (!short.includes("\n") && column + short.length < style.width) return short;
  const inner = margin + style.indent;
  const chain = `${names.colophon}\n${inner}.resolve(${names.prompt})\n${inner}`;
  const link = `.record(${oneLine}, (${p}) =>`;
  const whole = `${link} ${send(1)})`;
  const fits = (line: string): boolean => !line.includes("\n") && inner.length + line.length < style.width;
  if (fits(whole)) return chain + whole;
  if (fits(link)) return `${chain}${link}\n${inner}${style.indent}${send(2)},\n${inner})`;
  const flat = `${inner}${oneLine},`;
  const object =
    !flat.includes("\n") && flat.length <= style.width
      ? flat
      : `${inner}{\n${given.map((entry) => `${inner}${style.indent}${entry},\n`).join("")}${inner}},`;
  return `${head}\n${object}\n${inner}(${p}) => ${send(1)},\n${margin})`;
}

function printSend(
  draft: DraftCall,
  { p, margin, style }: { readonly p: string; readonly margin: string; readonly style: CodeStyle },
): string {
  const { program, node } = draft.call;
  const { writer } = draft.call;
  const prepared = `${p}.${writer}(${writer === "ai" ? (draft.provider ?? "") : ""})`;
  // Type arguments stand between the callee and its parenthesis.
  const [first, ...rest] = node.arguments;
  const open = program.source.lastIndexOf("(", (first?.start ?? 0) - 1);
  const written = program.source.slice(node.start ?? 0, open).trimEnd();
  // `client\n    .create` stands on one line now; a name of its steps holds no white space.
  const callee = MEMBER_PATH.test(written) ? written.replace(/\s+/g, "") : written;
  const keptAt = (to: string): readonly string[] =>
    draft.kept.map(({ source, nodes }) => moved(program, { source: source(prepared), nodes, to }));
  const kept = keptAt("");
  const others = rest.map((argument) => `, ${program.text(argument)}`).join("");
  if (kept.length === 0) return `${callee}(${prepared}${others})`;
  const flat = `${callee}({ ...${prepared}, ${kept.join(", ")} }${others})`;
  if (!flat.includes("\n") && margin.length + flat.length < style.width) return flat;
  const inner = margin + style.indent;
  return `${callee}({\n${inner}...${prepared},\n${keptAt(inner)
    .map((one) => `${inner}${one},\n`)
    .join("")}${margin}}${others})`;
}

/** What has several lines, as far in as its new place is; the lines of a text stay as they are. */
function moved(
  program: Program,
  { source, nodes, to }: { readonly source: string; readonly nodes: readonly Node[]; readonly to: string },
): string {
  const [first] = nodes;
  const hasText = nodes.some((node) => [...nodesOf(node)].some(({ type }) => type === "TemplateLiteral"));
  if (first === undefined || hasText || !source.includes("\n")) return source;
  const line = program.source.lastIndexOf("\n", (first.start ?? 0) - 1) + 1;
  const from = /^[ \t]*/.exec(program.source.slice(line))?.[0] ?? "";
  return source.replaceAll(`\n${from}`, `\n${to}`);
}

/** Such as `this.client.chat`, however it is broken into lines. */
const MEMBER_PATH = /^[\p{L}_$][\p{L}\p{N}_$]*(\s*[?!]?\.\s*#?[\p{L}_$][\p{L}\p{N}_$]*)*$/u;

/** `p`, unless what stays in the call means another one by it. */
function parameterName({ call, kept }: DraftCall): string {
  const staying = [call.node.callee, ...call.node.arguments.slice(1), ...kept.flatMap(({ nodes }) => nodes)];
  const used = new Set(
    staying.flatMap((node: Node) =>
      [...nodesOf(node)].map((one) => (one.type === "Identifier" ? one.name : "")),
    ),
  );
  return ["p", "prepared", "preparedPrompt"].find((name) => !used.has(name)) ?? "colophonPrompt";
}
