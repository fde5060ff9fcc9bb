/** Compiles a body once, to be rendered into messages many times. */
import { HarnessError } from "../errors.ts";
import { say, words } from "../say.ts";
import type { Body } from "./body.ts";
import { createFence } from "./create-fence.ts";
import { isFenceId } from "./fence-id.ts";
import { flattenString } from "./flatten-string.ts";
import type { ContentPart, Message, Role } from "./message.ts";
import { readBody } from "./read-body.ts";
import type { ReadOptions } from "./reading.ts";
import { type Fence, isPlain, type Output, renderNodes, renderPlain } from "./render-nodes.ts";
import type { TemplateNode } from "./template.ts";

export interface CompileBodyOptions extends ReadOptions {
  /** The id of the fence, from `fenceId`; needed as soon as anything is untrusted. */
  readonly fence?: string;
}

export interface RenderExtra {
  /** Spliced in at the history slot, by reference and unread. */
  readonly history?: readonly Message[];
}

export interface CompiledBody {
  /** Whether the body has a history slot. */
  readonly takesHistory: boolean;
  /**
   * @throws HarnessError `variable-missing`, `variable-type`, `too-large`, or `history-unexpected` when the body
   * has no slot for the history given.
   */
  render(variables: Readonly<Record<string, unknown>>, extra?: RenderExtra): readonly Message[];
}

/** What is said in one message, or the history, which says nothing itself. */
interface Turn {
  readonly role: Role | "history";
  readonly nodes: TemplateNode[];
  /** Whether it is a message even where it turns out blank. */
  always: boolean;
}

/**
 * @throws HarnessError `template-syntax`, `partial-missing`, `partial-cycle`,
 * or `usage` when something is untrusted and there is no fence.
 */
export function compileBody(body: Body, options: CompileBodyOptions = {}): CompiledBody {
  const { untrusted = [], fence } = options;
  checkFence(untrusted, fence);
  const nodes = readBody(body, options);
  settle(nodes);
  const turns: Turn[] = [];
  const begin = (role: Turn["role"]): Turn => {
    const turn = { role, nodes: [], always: false };
    turns.push(turn);
    return turn;
  };
  let isWhole = typeof body === "string";
  for (const node of nodes) {
    const isText = typeof node === "string";
    if (isText || !("role" in node)) {
      // What no role was named for belongs to the user.
      const turn = turns.at(-1) ?? begin("user");
      turn.nodes.push(node);
      turn.always ||= isText && node.trim() !== "";
    } else {
      isWhole = false;
      begin(node.role);
    }
  }
  // A text without roles is one message whatever it says; a blank one between roles is none.
  if (isWhole) (turns[0] ?? begin("user")).always = true;
  // Without a fence nothing is untrusted, so nothing is fenced.
  return createCompiledBody(turns, createFence(fence ?? ""));
}

function checkFence(untrusted: readonly string[], fence: string | undefined): void {
  const isFenced = fence === undefined ? untrusted.length === 0 : isFenceId(fence);
  // A path would match no variable, and its value would silently go unfenced.
  const path = untrusted.find((name) => /[.[/@]/.test(name));
  if (isFenced && path === undefined) return;
  throw new HarnessError(
    "usage",
    words(() =>
      isFenced
        ? `Untrusted is said of whole variables, not of ${path}: name the variable it is in.`
        : "Untrusted variables need a fence of 12 lower-case hexadecimal digits: pass fenceId(bodyHash).",
    ),
  );
}

/** Texts to which no more is joined, since they are rendered again and again. */
function settle(nodes: TemplateNode[]): void {
  for (const [index, node] of nodes.entries()) {
    if (typeof node === "string") nodes[index] = flattenString(node);
    else if ("body" in node) {
      settle(node.body);
      settle(node.otherwise);
    }
  }
}

function createCompiledBody(turns: readonly Turn[], fence: Fence): CompiledBody {
  const takesHistory = turns.some(({ role }) => role === "history");
  const [first] = turns;
  const plain = turns.length === 1 && first?.always && first.nodes.every(isPlain) && first.nodes;
  return {
    takesHistory,
    render(variables: Readonly<Record<string, unknown>>, extra?: RenderExtra): readonly Message[] {
      const history = extra?.history;
      if (history && !takesHistory) {
        throw new HarnessError(
          "history-unexpected",
          say`This body has no slot for the history given: add {{history}} to it, or call without one.`,
        );
      }
      // Most bodies are this. A list that grows takes room for 17 messages, which shows in a call's time.
      if (plain) return [{ role: first.role as Role, content: renderPlain(plain, variables, fence) }];
      const output = { fence, pieces: [], text: "", spent: 0 };
      const messages: Message[] = [];
      for (const { role, nodes, always } of turns) {
        if (role === "history") {
          for (const message of history ?? []) messages.push(message);
        } else {
          renderNodes(nodes, { value: variables }, output);
          const message = messageOf(role, output);
          if (always || message.content.trim() !== "") messages.push(message);
        }
      }
      return messages;
    },
  };
}

/** What was written becomes a message: media have their names in its text, and are among its parts. */
function messageOf(role: Role, output: Output): Message {
  const { pieces, text } = output;
  output.text = "";
  output.spent += text.length;
  if (pieces.length === 0) return { role, content: text };
  const said = [...pieces.splice(0), text];
  return {
    role,
    content: said.map((piece) => (typeof piece === "string" ? piece : `[${piece.name}]`)).join(""),
    // Clients refuse a text part of nothing but white space.
    parts: said.flatMap((piece): readonly ContentPart[] => {
      if (typeof piece !== "string") return [{ type: "media", media: piece }];
      return piece.trim() === "" ? [] : [{ type: "text", text: piece }];
    }),
  };
}
