/** Puts a resolved prompt in the place of a call's arguments. */
import type { Node } from "@babel/types";
import { type CodeStyle, printKey, quoted } from "../code-style.ts";
import type { ExtractedVariable } from "../write-body.ts";
import { asTest } from "./piece.ts";
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
  const p = freeName(draft, ["p", ...NAMES]);
  const given = variables.map(({ name, source }) =>
    source === name ? name : `${printKey(name, style)}: ${source}`,
  );
  const asked = names.prompt + routeOf(draft, style);
  const head = `${names.colophon}.resolve(${asked}).record(`;
  const line = program.source.lastIndexOf("\n", (node.start ?? 0) - 1) + 1;
  const margin = /^[ \t]*/.exec(program.source.slice(line))?.[0] ?? "";
  const column = (node.start ?? 0) - line;
  const oneLine = given.length === 0 ? "{}" : `{ ${given.join(", ")} }`;
  const send = (depth: number): string =>
    printSend(draft, { p, margin: margin + style.indent.repeat(depth), style });
  const short = `${head}${oneLine}, (${p}) => ${send(0)})`;
  if (!short.includes("\n") && column + short.length < style.width) return short;
  const inner = margin + style.indent;
  const chain = `${names.colophon}\n${inner}.resolve(${asked})\n${inner}`;
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

/** The route that the call takes, behind the name of its prompt. */
function routeOf({ route }: DraftCall, style: CodeStyle): string {
  if (route === null) return "";
  return `, ${asTest(route.test)} ? { route: ${quoted(route.name, style)} } : {}`;
}

function printSend(
  draft: DraftCall,
  { p, margin, style }: { readonly p: string; readonly margin: string; readonly style: CodeStyle },
): string {
  const { program, node } = draft.call;
  const { writer } = draft.call;
  const made = `${p}.${writer}(${writer === "ai" ? (draft.provider ?? "") : ""})`;
  const isNamed = writer === "ai" && draft.kept.some(({ source }) => source("") !== source("?"));
  const prepared = isNamed
    ? freeName(
        draft,
        NAMES.filter((name) => name !== p),
      )
    : made;
  // Type arguments stand between the callee and its parenthesis.
  const [first, ...rest] = node.arguments;
  const open = program.source.lastIndexOf("(", (first?.start ?? 0) - 1);
  const written = program.source.slice(node.start ?? 0, open).trimEnd();
  // `client\n    .create` stands on one line now; a name of its steps holds no white space.
  const callee = MEMBER_PATH.test(written) ? written.replace(/\s+/g, "") : written;
  const others = rest.map((argument) => `, ${program.text(argument)}`).join("");
  const sent = (at: string): string => {
    const keptAt = (to: string): readonly string[] =>
      draft.kept.map(({ source, nodes }) => moved(program, { source: source(prepared), nodes, to }));
    const kept = keptAt("");
    if (kept.length === 0) return `${callee}(${prepared}${others})`;
    const flat = `${callee}({ ...${prepared}, ${kept.join(", ")} }${others})`;
    if (!flat.includes("\n") && at.length + flat.length < style.width) return flat;
    const inner = at + style.indent;
    const lines = keptAt(inner).map((one) => `${inner}${one},\n`);
    return `${callee}({\n${inner}...${prepared},\n${lines.join("")}${at}}${others})`;
  };
  if (!isNamed) return sent(margin);
  // A model of the AI SDK is seen through once for each time that it is prepared.
  const inner = margin + style.indent;
  const end = style.semicolon;
  return `{\n${inner}const ${prepared} = ${made}${end}\n${inner}return ${sent(inner)}${end}\n${margin}}`;
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

const NAMES = ["prepared", "preparedPrompt"];

/** The first name by which what stays in the call means nothing. */
function freeName({ call, kept }: DraftCall, names: readonly string[]): string {
  const staying = [call.node.callee, ...call.node.arguments.slice(1), ...kept.flatMap(({ nodes }) => nodes)];
  const used = new Set(
    staying.flatMap((node: Node) =>
      [...nodesOf(node)].map((one) => (one.type === "Identifier" ? one.name : "")),
    ),
  );
  return names.find((name) => !used.has(name)) ?? "colophonPrompt";
}
