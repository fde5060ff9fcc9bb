/** Takes prompts out of Python: a prompt file for each call, and what to put in the call's place. */
import { buildText, type ChatPart, canonicalJson, type VersionText } from "@colophon/kernel";
import type { Finding, FindingUse } from "../../scan/finding.ts";
import type { SourceArgument, SourceCall, SourceModule } from "../../scan/source/source-module.ts";
import type { SourceValue } from "../../scan/source/source-value.ts";
import { createCallIds } from "../call-ids.ts";
import type { ExtractionProposal, ExtractionRequest, LeftAlone } from "../extraction.ts";
import { asName, uniqueName } from "../name-values.ts";
import type { ExtractedVariable } from "../write-body.ts";
import { proposeKey } from "./propose-key.ts";
import { pythonSnippet } from "./python-snippet.ts";

export interface PythonExtraction {
  readonly proposals: readonly ExtractionProposal[];
  readonly left: readonly LeftAlone[];
}

interface UsedFinding {
  readonly finding: Finding;
  readonly use: FindingUse;
}

interface CallGroup {
  readonly module: SourceModule;
  readonly call: SourceCall;
  readonly used: readonly UsedFinding[];
}

/** `taken` are keys that other proposals have. */
export function extractPython(
  modules: readonly SourceModule[],
  findings: readonly Finding[],
  { request, taken }: { readonly request: ExtractionRequest; readonly taken: Iterable<string> },
): PythonExtraction {
  const proposals: ExtractionProposal[] = [];
  const left: LeftAlone[] = [];
  const keys = new Set(taken);
  const idOf = createCallIds();
  for (const group of groupsOf(modules, findings)) {
    const place = placeOf(group, idOf);
    const choice = request.choices?.find(({ id }) => id === place.id);
    if (!request.isWanted(place) || (request.choices !== undefined && choice?.extract !== true)) continue;
    const key =
      choice?.key ?? proposeKey(group.module, group.call, { application: request.application, taken: keys });
    const proposal = propose(group, { ...place, key });
    if ("reason" in proposal) {
      const [first] = group.used;
      left.push({ file: place.file, line: place.line, client: first?.use.client ?? null, ...proposal });
      continue;
    }
    keys.add(key);
    proposals.push(proposal);
  }
  return { proposals, left };
}

/** The findings by the call that they go to. */
function groupsOf(modules: readonly SourceModule[], findings: readonly Finding[]): readonly CallGroup[] {
  const groups = new Map<SourceCall, UsedFinding[]>();
  const homes = new Map<SourceCall, SourceModule>();
  for (const finding of findings) {
    for (const use of finding.uses) {
      const module = modules.find(({ file, language }) => file === use.file && language === "python");
      const call = module?.calls.find(({ from, to }) => from === use.span.from && to === use.span.to);
      if (module === undefined || call === undefined) continue;
      homes.set(call, module);
      groups.set(call, [...(groups.get(call) ?? []), { finding, use }]);
    }
  }
  return [...groups].map(([call, used]) => ({ call, used, module: homes.get(call) as SourceModule }));
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly id: string;
}

function placeOf({ module, call, used }: CallGroup, idOf: ReturnType<typeof createCallIds>): Place {
  const { file, source } = module;
  const said = source.slice(call.from, call.to);
  const line = used[0]?.use.line ?? 1;
  const endLine = line + said.split("\n").length - 1;
  return { file, line, endLine, id: idOf(file, said) };
}

function propose(
  group: CallGroup,
  place: Place & { readonly key: string },
): ExtractionProposal | { readonly reason: string } {
  const { module, call, used } = group;
  const model = used.find(({ use }) => use.model !== null)?.use.model;
  if (model === undefined || model === null) {
    return { reason: "its model is not known here, and a prompt names its model" };
  }
  const variables = new Variables();
  const messages = readMessages(group, variables);
  if ("reason" in messages) return messages;
  const [{ use }] = used as [UsedFinding];
  const text = textOf(messages.parts, { model, use, variables: variables.list });
  if (text === null) return { reason: "its text cannot be said in the template language" };
  return {
    ...place,
    language: "python",
    client: use.client,
    name: null,
    text,
    body: text.body,
    variables: variables.list,
    remarks: [],
    snippet: pythonSnippet({
      call,
      source: module.source,
      client: use.client,
      key: place.key,
      variables: variables.list,
    }),
  };
}

function textOf(
  messages: readonly ChatPart[],
  {
    model,
    use,
    variables,
  }: { readonly model: string; readonly use: FindingUse; readonly variables: readonly ExtractedVariable[] },
): VersionText | null {
  const names = variables.map(({ name }) => name);
  const [only] = messages;
  const isOne = messages.length === 1 && typeof only === "object" && only.role === "user";
  try {
    const text = buildText({
      ...(isOne ? { body: only.content } : { messages }),
      model,
      parameters: use.parameters,
      input: {
        type: "object",
        properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
        ...(names.length > 0 && { required: names }),
      },
    });
    canonicalJson(text);
    return text;
  } catch {
    return null;
  }
}

/** Every value is passed as a text, which is what it was in the prompt. */
class Variables {
  readonly list: ExtractedVariable[] = [];
  readonly #names = new Set<string>();

  /** The name for an expression; the same for the same. */
  of(base: string, source: string): string {
    const known = this.list.find((one) => one.source === source);
    if (known !== undefined) return known.name;
    const name = uniqueName(base, this.#names);
    this.#names.add(name);
    this.list.push({ name, type: "string", source, remark: null });
    return name;
  }

  /** A finding's text with names that are unique in the call. */
  say({ text, placeholders }: Finding): string {
    const names = new Map(placeholders.map(({ name, source }) => [name, this.of(name, source)]));
    return text.replace(/(?<!\\)\{\{([^{}]+)\}\}/g, (_, name: string) => `{{${names.get(name) ?? name}}}`);
  }
}

type Messages = { readonly parts: readonly ChatPart[] } | { readonly reason: string };

const LISTS = ["messages", "input", "contents"];

function readMessages({ module, call, used }: CallGroup, variables: Variables): Messages {
  const parts: ChatPart[] = [];
  const apart = used.filter(({ use }) => use.message === null);
  for (const { finding, use } of apart.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    parts.push({ role: use.role ?? "user", content: variables.say(finding) });
  }
  const roles = apart.map(({ use }) => use.role ?? "user");
  if (new Set(roles).size < roles.length) return { reason: "one of several texts is chosen at run time" };
  const list = call.arguments.find(({ name }) => name !== null && LISTS.includes(name));
  if (list === undefined) {
    // A list that is handed over in another way was not read.
    return parts.length < used.length ? { reason: "its messages are put together at run time" } : { parts };
  }
  if (list.value.kind === "list") {
    for (const [index, item] of list.value.items.entries()) {
      const part = readItem(item, {
        module,
        variables,
        used: used.filter(({ use }) => use.message === index),
      });
      if (part === null) return { reason: `its ${list.name} are put together at run time` };
      parts.push(part);
    }
    return { parts };
  }
  return readInput(list, { module, variables, used, parts });
}

/** System texts come first, whatever the order of the arguments. */
function rankOf({ use }: UsedFinding): number {
  return use.role === "system" ? 0 : 1;
}

interface MessageSight {
  readonly module: SourceModule;
  readonly variables: Variables;
  readonly used: readonly UsedFinding[];
}

function readItem(item: SourceValue, { module, variables, used }: MessageSight): ChatPart | null {
  if (item.kind !== "object" || used.length > 1) return null;
  const entry = (key: string): SourceValue | undefined => item.entries.find((one) => one.key === key)?.value;
  const [role, content] = [entry("role"), entry("content")];
  if (role?.kind !== "text" || content === undefined || item.entries.length !== 2) return null;
  const [said] = role.pieces;
  if (role.pieces.length !== 1 || (said !== "system" && said !== "user" && said !== "assistant")) return null;
  const [found] = used;
  if (found !== undefined) return { role: said, content: variables.say(found.finding) };
  const plain = content.kind === "text" ? content.pieces : null;
  if (plain?.every((piece) => typeof piece === "string")) {
    return { role: said, content: plain.join("").replaceAll("{{", "\\{{") };
  }
  return { role: said, content: `{{${nameFor(content, module, variables)}}}` };
}

/** An input that is one value, which may be a text alone. */
function readInput(
  { value, name }: SourceArgument,
  { module, variables, used, parts }: MessageSight & { readonly parts: readonly ChatPart[] },
): Messages {
  if (used.some(({ use }) => use.message !== null) || name === "messages") {
    return { reason: `its ${name} are put together at run time` };
  }
  if (parts.some((part) => typeof part === "object" && part.role === "user")) return { parts };
  return { parts: [...parts, { role: "user", content: `{{${nameFor(value, module, variables)}}}` }] };
}

function nameFor({ from, to }: SourceValue, { source }: SourceModule, variables: Variables): string {
  const expression = source.slice(from, to);
  const steps = expression.split(/[^\p{L}\p{N}_]+/u).filter((step) => /^[\p{L}_]/u.test(step));
  return variables.of(asName(steps.slice(-2)) ?? "value", expression);
}
