/** Traces what is plainly a message of a chat, whoever it is handed to. */
import type { PromptRole } from "../clients/client-call.ts";
import { MESSAGE_CALLS, ROLE_WORDS, ROLED_MESSAGE_CALLS } from "../clients/message-calls.ts";
import type { ObjectValue, SourceValue } from "../source/source-value.ts";
import type { Located } from "./entity.ts";
import { findPlaces, type Tracers } from "./find-places.ts";
import { memberAt, optionAt } from "./read-option.ts";
import { ownWords, type TextPlace } from "./text-place.ts";
import type { TracedUse, TracedUses } from "./traced-use.ts";
import type { CallAt } from "./tracer.ts";
import { visitValues } from "./visit-values.ts";

const CONTENT = ["content", "parts"];

/**
 * A message of the system always is a prompt. One of the user or the assistant is one where a message of the system
 * stands in the same list, or where something is put into it: else it may as well be a recorded talk.
 */
export function traceMessages(tracers: Tracers, module: number): TracedUses {
  const uses: TracedUse[] = [];
  const glue: TextPlace[] = [];
  const chats = new Set<SourceValue>();
  visitValues(tracers.full.index.modules[module]!, (value, list) => {
    const message = messageOf(tracers, module, value);
    if (message === null) return;
    if (message.role === "system" && list !== null) chats.add(list);
    const isSure = message.role === "system" || (list !== null && (chats.has(list) || hasSystem(list)));
    const found = findPlaces(tracers, memberAt({ module, value, frame: null }, message.key), {
      fields: null,
    });
    glue.push(...found.glue);
    for (const place of found.places) {
      if (!isSure && !mayAsk(message, place)) continue;
      uses.push(asUse(place, message.role, isSure));
    }
  });
  return { uses: [...uses, ...constructed(tracers, module)], glue, others: [] };
}

interface SeenMessage {
  readonly role: PromptRole;
  readonly key: string;
  /** Whether a function makes its content. */
  readonly isMade: boolean;
}

function messageOf(tracers: Tracers, module: number, value: SourceValue): SeenMessage | null {
  if (value.kind !== "object") return null;
  const role = roleIn(value);
  if (role === null) return null;
  const key = CONTENT.find((name) => tracers.full.members({ module, value, frame: null }, name).length > 0);
  const content = value.entries.find((entry) => entry.key === key)?.value;
  return key === undefined ? null : { role, key, isMade: content?.kind === "call" };
}

// A function that cuts or masks what a user said puts a word or two into it.
const FEW_WORDS = 3;

function mayAsk({ role, isMade }: SeenMessage, { value }: TextPlace): boolean {
  return role === "user" && isFilled(value) && !(isMade && ownWords(value) < FEW_WORDS);
}

function roleIn({ entries }: ObjectValue): PromptRole | null {
  return roleWritten(entries.find(({ key }) => key === "role")?.value);
}

function roleWritten(role: SourceValue | undefined): PromptRole | null {
  const word =
    role?.kind === "text" && role.pieces.length === 1
      ? role.pieces[0]
      : role?.kind === "member"
        ? role.property
        : "";
  return typeof word === "string" ? (ROLE_WORDS.get(word) ?? null) : null;
}

function hasSystem(list: SourceValue): boolean {
  return (
    list.kind === "list" && list.items.some((item) => item.kind === "object" && roleIn(item) === "system")
  );
}

function isFilled(value: SourceValue): boolean {
  if (value.kind === "text") return value.pieces.some((piece) => typeof piece !== "string");
  return value.kind === "concatenation" || value.kind === "format";
}

/** `new SystemMessage("…")` and the like that no known call was seen to send. */
function constructed(tracers: Tracers, module: number): readonly TracedUse[] {
  const { calls } = tracers.full.index.modules[module]!;
  return calls.flatMap(({ callee }, call) => {
    const at = { module, call, frame: null };
    const made = madeMessage(tracers, at, callee);
    if (made === null) return [];
    const { role, content } = made;
    const { places } = findPlaces(tracers, content, { fields: null });
    return (
      places
        // What is made up in the name of the assistant is an answer to people as often.
        .filter(({ value }) => role === "system" || (role === "user" && isFilled(value)))
        .map((place) => asUse(place, role, true))
    );
  });
}

interface MadeMessage {
  readonly role: PromptRole;
  readonly content: Located;
}

/** `SystemMessage("…")`, and `Message("system", "…")` or `Message(role="system", content="…")`. */
function madeMessage({ full }: Tracers, at: CallAt, callee: readonly string[]): MadeMessage | null {
  const last = callee.at(-1) ?? "";
  const known = MESSAGE_CALLS.get(last);
  if (known !== undefined) {
    const content = isMessageName(last, callee)
      ? (optionAt(full, at, "content") ?? optionAt(full, at, "0"))
      : null;
    return content === null ? null : { role: known, content };
  }
  if (!/Message$/.test(last) || !ROLED_MESSAGE_CALLS.has(last)) return null;
  const given = optionAt(full, at, "role") ?? optionAt(full, at, "0");
  const role = given === null ? null : roleWritten(given.value);
  const content = optionAt(full, at, "content") ?? optionAt(full, at, "text") ?? optionAt(full, at, "1");
  return role === null || content === null ? null : { role, content };
}

/** A function of some other purpose may be called `user_message`. */
function isMessageName(last: string, callee: readonly string[]): boolean {
  const isMade = /^from_?[a-zA-Z]+$/.test(last) || /_?[mM]essage$/.test(last);
  return /^[A-Z]/.test(last) || (isMade && /^[A-Z]\w*Message$|^Message$/.test(callee.at(-2) ?? ""));
}

function asUse(place: TextPlace, role: PromptRole, isSure: boolean): TracedUse {
  return {
    place,
    use: null,
    role,
    confidence: isSure ? 0.92 : 0.9,
    reason: `stands as the content of a message with the role ${role}`,
    isCarrier: true,
  };
}
