/** Reads the examples of docs/templates.md: bodies with what they are rendered from, and what must come out. */
import { type Body, compileBody, type Message, type PartialSource } from "@colophon/kernel";
import type { Fence } from "./read-fences.fixture.ts";

/** What an example says must come out. */
export type ExampleKind = "output" | "messages" | "error";

export interface TemplateExample {
  readonly line: number;
  readonly kind: ExampleKind;
  readonly expected: string;
  /** Renders it; an error's message stands for an output. */
  readonly render: () => string;
}

/** The id that the document shows in its fences. */
const FENCE_ID = "9c41d7e02b5a";

interface Draft {
  body: Body | undefined;
  untrusted: readonly string[];
  media: ReadonlySet<string>;
  partials: Map<string, Body>;
  variables: Readonly<Record<string, unknown>>;
  history: readonly Message[] | undefined;
}

function newDraft(): Draft {
  return {
    body: undefined,
    untrusted: [],
    media: new Set(),
    partials: new Map(),
    variables: {},
    history: undefined,
  };
}

/**
 * The blocks of an example, in this order: `handlebars partial NAME` for each partial, `handlebars`
 * (`handlebars untrusted NAME…`, `handlebars media NAME… NAME[]…`) or `json body`, `json variables`, `json history`, and at last
 * `text output`, `json messages` or `text error`.
 */
export function templateExamples(fences: readonly Fence[]): readonly TemplateExample[] {
  const examples: TemplateExample[] = [];
  let draft = newDraft();
  for (const fence of fences) {
    const kind = kindOf(fence);
    if (kind === undefined) {
      take(draft, fence);
      continue;
    }
    const whole = draft;
    if (whole.body === undefined) throw new Error(`Line ${fence.line}: an ${kind} without a body before it.`);
    examples.push({ line: fence.line, kind, expected: fence.text, render: () => render(whole, kind) });
    draft = newDraft();
  }
  return examples;
}

function kindOf({ language, words }: Fence): ExampleKind | undefined {
  const name = `${language} ${words.join(" ")}`;
  if (name === "text output") return "output";
  if (name === "text error") return "error";
  return name === "json messages" ? "messages" : undefined;
}

function take(draft: Draft, { language, words, text, line }: Fence): void {
  const [word, ...names] = words;
  switch (`${language} ${word ?? ""}`.trim()) {
    case "handlebars partial":
      draft.partials.set(names[0] ?? "", text);
      return;
    case "handlebars":
    case "handlebars untrusted":
      draft.body = text;
      draft.untrusted = names;
      return;
    case "handlebars media":
      draft.body = text;
      draft.media = new Set(names);
      return;
    case "json body":
      draft.body = JSON.parse(text) as Body;
      return;
    case "json variables":
      draft.variables = JSON.parse(text) as Draft["variables"];
      return;
    case "json history":
      draft.history = JSON.parse(text) as readonly Message[];
      return;
    case "yaml":
      return;
    default:
      throw new Error(`Line ${line}: a block "${language} ${words.join(" ")}" is no part of an example.`);
  }
}

function render({ body, untrusted, media, partials, variables, history }: Draft, kind: ExampleKind): string {
  const source: PartialSource = partials;
  try {
    const compiled = compileBody(body as Body, { partials: source, untrusted, media, fence: FENCE_ID });
    const messages = compiled.render(variables, history === undefined ? undefined : { history });
    if (kind === "messages") return JSON.stringify(messages);
    return messages.map((message) => message.content).join("\n");
  } catch (error) {
    if (kind !== "error") throw error;
    return (error as Error).message;
  }
}
