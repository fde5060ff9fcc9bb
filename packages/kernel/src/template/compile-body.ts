/** Compiles a body once, to be rendered into messages many times. */
import { HarnessError } from "../errors.ts";
import { say, words } from "../say.ts";
import type { Body } from "./body.ts";
import { compileText, type TextRenderer } from "./compile-text.ts";
import { createFence } from "./create-fence.ts";
import { isFenceId } from "./fence-id.ts";
import { linkTemplate, type PartialSource } from "./link-template.ts";
import { locateErrors } from "./locate-errors.ts";
import type { Message, Role } from "./message.ts";
import { messageOf } from "./message-of.ts";
import { readBody } from "./read-body.ts";
import { checkRendering } from "./render-bounds.ts";
import type { TemplateOp } from "./template-op.ts";

export interface CompileBodyOptions {
  /** A map is asked by the reference as it is written: `shared.tone` or `shared.tone@v3`. */
  readonly partials?: PartialSource;
  /** Variables whose values, and whatever is read below them, are fenced. */
  readonly untrusted?: readonly string[];
  /** The id of the fence, from `fenceId`; needed as soon as anything is untrusted. */
  readonly fence?: string;
  /** Where media are in the variables, as `mediaPaths` of the contract says: `photo`, `pages[]`. */
  readonly media?: ReadonlySet<string>;
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
interface Segment {
  readonly role: Role | "history";
  readonly text: TextRenderer;
  /** Whether it can turn out blank, and then is no message. */
  readonly optional: boolean;
}

/**
 * @throws HarnessError `template-syntax`, `template-unsupported`, `partial-missing`, `partial-cycle`,
 * or `usage` when something is untrusted and there is no fence.
 */
export function compileBody(body: Body, options: CompileBodyOptions = {}): CompiledBody {
  const { untrusted = [], fence } = options;
  checkFence(untrusted, fence);
  const ops = readBody(body).flatMap((part): readonly TemplateOp[] => {
    if (part === "history") return [{ kind: part }];
    const { role, template, number } = part;
    const link = () => linkTemplate(template, { ...options, role });
    return role ? [{ kind: "role", role }, ...locateErrors({ message: number }, link)] : link();
  });
  const drafts = splitAtRoles(ops);
  // Without a fence nothing is untrusted, so nothing is fenced.
  const fenced = createFence(fence ?? "");
  // A text without roles is one message whatever it says; a blank one between roles is none.
  const plain = typeof body === "string" && drafts.length === 1;
  return createCompiledBody(
    drafts
      .filter(({ role, ops }) => plain || role === "history" || !ops.every(isBlank))
      .map(({ role, ops }) => ({
        role,
        text: compileText(ops, fenced),
        optional: !plain && !ops.some((op) => op.kind === "text" && !isBlank(op)),
      })),
  );
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

function isBlank(op: TemplateOp): boolean {
  return op.kind === "text" && op.text.trim() === "";
}

/** What no role was named for belongs to the user. */
function splitAtRoles(ops: readonly TemplateOp[]) {
  let current: TemplateOp[] = [];
  const drafts: { readonly role: Segment["role"]; readonly ops: readonly TemplateOp[] }[] = [];
  const speak = (role: Role): void => {
    current = [];
    drafts.push({ role, ops: current });
  };
  speak("user");
  for (const op of ops) {
    if (op.kind === "role") speak(op.role);
    else if (op.kind === "history") {
      drafts.push({ role: op.kind, ops: [] });
      speak("user");
    } else current.push(op);
  }
  return drafts;
}

function createCompiledBody(segments: readonly Segment[]): CompiledBody {
  const takesHistory = segments.some(({ role }) => role === "history");
  const [only] = segments.length === 1 && segments[0]?.optional === false ? segments : [];
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
      // A list that grows message by message takes room for 17, which shows in a call's time.
      if (only) return [messageOf(only.role as Role, only.text(variables))];
      const messages: Message[] = [];
      let units = 0;
      for (const { role, text, optional } of segments) {
        if (role === "history") {
          for (const message of history ?? []) messages.push(message);
          continue;
        }
        const message = messageOf(role, text(variables));
        units += message.content.length;
        checkRendering(units);
        if (!optional || message.content.trim() !== "") messages.push(message);
      }
      return messages;
    },
  };
}
