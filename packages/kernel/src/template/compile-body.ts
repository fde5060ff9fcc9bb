/** Compiles a body once, to be rendered into messages many times. */
import { HarnessError } from "../errors.ts";
import { say } from "../say.ts";
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

type Segment =
  | "history"
  | {
      readonly role: Role;
      readonly text: TextRenderer;
      /** Whether it can turn out blank, and then is no message. */
      readonly optional: boolean;
    };

interface DraftSegment {
  readonly role: Role;
  readonly ops: readonly TemplateOp[];
}

/**
 * @throws HarnessError `template-syntax`, `template-unsupported`, `partial-missing`, `partial-cycle`,
 * or `usage` when something is untrusted and there is no fence.
 */
export function compileBody(body: Body, options: CompileBodyOptions = {}): CompiledBody {
  const { partials, untrusted = [], fence, media } = options;
  checkFence(untrusted, fence);
  const link = { partials, untrusted, media };
  const drafts = readBody(body).flatMap((part): readonly (DraftSegment | "history")[] => {
    if (part === "history") return ["history"];
    const { role, template, number } = part;
    if (role === undefined) return splitAtRoles(linkTemplate(template, link));
    return [
      { role, ops: locateErrors({ message: number }, () => linkTemplate(template, { ...link, role })) },
    ];
  });
  // Without a fence nothing is untrusted, so nothing is fenced.
  const fenced = fence === undefined ? (value: string) => value : createFence(fence);
  // A text without roles is one message whatever it says; a blank one between roles is none.
  const plain = typeof body === "string" && drafts.length === 1;
  const segments = drafts
    .filter((draft) => draft === "history" || plain || !draft.ops.every(isBlank))
    .map((draft): Segment => {
      if (draft === "history") return draft;
      const optional = !plain && !draft.ops.some((op) => op.kind === "text" && !isBlank(op));
      return { role: draft.role, text: compileText(draft.ops, fenced), optional };
    });
  return createCompiledBody(segments);
}

function checkFence(untrusted: readonly string[], fence: string | undefined): void {
  if (fence === undefined ? untrusted.length > 0 : !isFenceId(fence)) {
    throw new HarnessError(
      "usage",
      say`Untrusted variables need a fence of 12 lower-case hexadecimal digits: pass fenceId(bodyHash).`,
    );
  }
  // A path would match no variable, and its value would silently go unfenced.
  const path = untrusted.find((name) => /[.[/@]/.test(name));
  if (path !== undefined) {
    throw new HarnessError(
      "usage",
      say`Untrusted is said of whole variables, not of ${path}: name the variable it is in.`,
    );
  }
}

function isBlank(op: TemplateOp): boolean {
  return op.kind === "text" && op.text.trim() === "";
}

function splitAtRoles(ops: readonly TemplateOp[]): readonly (DraftSegment | "history")[] {
  let current: TemplateOp[] = [];
  const drafts: (DraftSegment | "history")[] = [{ role: "user", ops: current }];
  for (const op of ops) {
    if (op.kind === "history") drafts.push("history");
    if (op.kind === "history" || op.kind === "role") {
      current = [];
      drafts.push({ role: op.kind === "role" ? op.role : "user", ops: current });
    } else {
      current.push(op);
    }
  }
  return drafts;
}

function createCompiledBody(segments: readonly Segment[]): CompiledBody {
  const takesHistory = segments.includes("history");
  const [first] = segments;
  const isSingle = segments.length === 1 && first !== undefined && first !== "history" && !first.optional;
  const only = isSingle ? first : undefined;
  return Object.freeze({
    takesHistory,
    render(variables: Readonly<Record<string, unknown>>, extra?: RenderExtra): readonly Message[] {
      const history = extra?.history;
      if (history !== undefined && !takesHistory) throw historyError();
      // A list that grows message by message takes room for 17, which shows in a call's time.
      if (only !== undefined) return [messageOf(only.role, only.text(variables))];
      const messages: Message[] = [];
      let units = 0;
      for (const segment of segments) {
        if (segment === "history") {
          for (const message of history ?? []) messages.push(message);
          continue;
        }
        const { role, text, optional } = segment;
        const message = messageOf(role, text(variables));
        units += message.content.length;
        checkRendering(units);
        if (!optional || message.content.trim() !== "") messages.push(message);
      }
      return messages;
    },
  });
}

function historyError(): HarnessError {
  return new HarnessError(
    "history-unexpected",
    say`This body has no slot for the history given: add {{history}} to it, or call without one.`,
  );
}
