/** Traces what is plainly a message of a chat, whoever it is handed to. */
import type { PromptRole } from "../clients/client-call.ts";
import { MESSAGE_CALLS, ROLE_WORDS } from "../clients/message-calls.ts";
import type { ObjectValue, SourceValue } from "../source/source-value.ts";
import { findPlaces, type Tracers } from "./find-places.ts";
import { memberAt, optionAt } from "./read-option.ts";
import type { TextPlace } from "./text-place.ts";
import type { TracedUse, TracedUses } from "./traced-use.ts";
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
      if (!isSure && (message.role !== "user" || !isFilled(place.value))) continue;
      uses.push(asUse(place, message.role, isSure));
    }
  });
  return { uses: [...uses, ...constructed(tracers, module)], glue, others: [] };
}

function messageOf(
  tracers: Tracers,
  module: number,
  value: SourceValue,
): { readonly role: PromptRole; readonly key: string } | null {
  if (value.kind !== "object") return null;
  const role = roleIn(value);
  if (role === null) return null;
  const key = CONTENT.find((name) => tracers.full.members({ module, value, frame: null }, name).length > 0);
  return key === undefined ? null : { role, key };
}

function roleIn({ entries }: ObjectValue): PromptRole | null {
  const role = entries.find(({ key }) => key === "role")?.value;
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
    const last = callee.at(-1) ?? "";
    const role = MESSAGE_CALLS.get(last);
    if (role === undefined || !isMessageName(last, callee)) return [];
    const at = { module, call, frame: null };
    const content = optionAt(tracers.full, at, "content") ?? optionAt(tracers.full, at, "0");
    if (content === null) return [];
    const { places } = findPlaces(tracers, content, { fields: null });
    return (
      places
        // What is made up in the name of the assistant is an answer to people as often.
        .filter(({ value }) => role === "system" || (role === "user" && isFilled(value)))
        .map((place) => asUse(place, role, true))
    );
  });
}

/** A function of some other purpose may be called `user_message`. */
function isMessageName(last: string, callee: readonly string[]): boolean {
  return /^[A-Z]/.test(last) || (/^from_?[a-zA-Z]+$/.test(last) && /Message/.test(callee.at(-2) ?? ""));
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
