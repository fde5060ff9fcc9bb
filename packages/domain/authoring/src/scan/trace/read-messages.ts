/** Reads a list of messages, in whichever way it is put together. */
import type { PromptRole } from "../clients/client-call.ts";
import { MESSAGE_CALLS, ROLE_WORDS, ROLED_MESSAGE_CALLS } from "../clients/message-calls.ts";
import type { ListValue } from "../source/source-value.ts";
import type { Entity, Located } from "./entity.ts";
import { memberAt, optionAt } from "./read-option.ts";
import { renderedTemplate } from "./rendered-template.ts";
import { type CallAt, callAt, type Tracer } from "./tracer.ts";

export interface ReadMessage {
  /** Null where the role is not known. */
  readonly role: PromptRole | null;
  readonly content: Located;
  /** Among the messages; null for a text that is no list. */
  readonly position: number | null;
  /** Whether the library does not fill its fields, as it does those of templates. */
  readonly isFinal: boolean;
}

const DEEPEST = 8;
const CONTENT = ["content", "parts", "text"];

interface Reading {
  /** Of what says none. */
  readonly role: PromptRole | null;
  readonly position: number | null;
  readonly depth: number;
}

export function readMessages(tracer: Tracer, at: Located, role: PromptRole | null): readonly ReadMessage[] {
  return read(tracer, at, { role, position: null, depth: 0 });
}

function read(tracer: Tracer, at: Located, reading: Reading): readonly ReadMessage[] {
  if (reading.depth > DEEPEST) return [];
  return tracer.expand(at).flatMap((entity) => readEntity(tracer, entity, reading));
}

function readEntity(tracer: Tracer, entity: Entity, reading: Reading): readonly ReadMessage[] {
  const { role, position } = reading;
  if (entity.kind === "instance" && entity.call !== null) return readInstance(tracer, entity.call, reading);
  if (entity.kind !== "value") return [];
  const { at } = entity;
  const { value, module, frame } = at;
  switch (value.kind) {
    case "text":
    case "format":
      return [{ role, content: at, position, isFinal: false }];
    case "list":
      return isTuple(tracer, at, value)
        ? [tupleMessage(tracer, at, reading)]
        : readItems(tracer, { ...at, value }, reading);
    case "concatenation": {
      const lists =
        value.separator === null &&
        value.parts.some((part) => isList(tracer, { module, value: part, frame }));
      if (!lists) return [{ role, content: at, position, isFinal: false }];
      return readParts(
        tracer,
        value.parts.map((part) => ({ module, value: part, frame })),
        reading,
      );
    }
    case "object":
      return readObject(tracer, at, reading);
    case "call": {
      const call: CallAt = { module, call: value.call, frame };
      if (renderedTemplate(tracer, call) !== null) return [{ role, content: at, position, isFinal: true }];
      return readCall(tracer, call, reading);
    }
    default:
      return [];
  }
}

function isList(tracer: Tracer, at: Located): boolean {
  return tracer
    .expand(at)
    .some(({ kind, ...rest }) => kind === "value" && "at" in rest && rest.at.value.kind === "list");
}

function readParts(
  tracer: Tracer,
  parts: readonly Located[],
  { role, depth }: Reading,
): readonly ReadMessage[] {
  const messages: ReadMessage[] = [];
  for (const part of parts) {
    const offset = messages.length;
    const inside = read(tracer, part, { role, position: offset, depth: depth + 1 });
    messages.push(...inside.map((each, index) => ({ ...each, position: offset + index })));
  }
  return messages;
}

function readItems(
  tracer: Tracer,
  { value, module, frame }: Located & { readonly value: ListValue },
  reading: Reading,
): readonly ReadMessage[] {
  const messages: ReadMessage[] = [];
  let position = 0;
  for (const item of value.items) {
    const inner = item.kind === "spread" ? item.value : item;
    const inside = read(
      tracer,
      { module, value: inner, frame },
      { ...reading, position, depth: reading.depth + 1 },
    );
    const isSpread = item.kind === "spread";
    messages.push(...inside.map((each, index) => ({ ...each, position: position + (isSpread ? index : 0) })));
    position += isSpread ? Math.max(1, inside.length) : 1;
  }
  return messages;
}

/** `("system", "…")`. */
function isTuple(tracer: Tracer, { module, frame }: Located, { items }: ListValue): boolean {
  const [first, second] = items;
  if (items.length !== 2 || first === undefined || second === undefined || first.kind === "spread")
    return false;
  return first.kind === "text" && roleOf(tracer, { module, value: first, frame }) !== undefined;
}

function tupleMessage(tracer: Tracer, { module, value, frame }: Located, { position }: Reading): ReadMessage {
  const [role, content] = (value as ListValue).items;
  return {
    role: roleOf(tracer, { module, value: role!, frame }) ?? null,
    content: { module, value: content!, frame },
    position,
    isFinal: false,
  };
}

/** Undefined for what is no role. */
function roleOf(tracer: Tracer, at: Located): PromptRole | undefined {
  for (const entity of tracer.expand(at)) {
    const word = wordOf(entity);
    const role = word === null ? undefined : ROLE_WORDS.get(word);
    if (role !== undefined) return role;
  }
  return undefined;
}

/** A text, or the last step of a name such as `MessageRole.SYSTEM`. */
function wordOf(entity: Entity): string | null {
  if (entity.kind === "external") return entity.path.at(-1) ?? null;
  if (entity.kind !== "value") return null;
  const { value } = entity.at;
  if (value.kind === "member") return value.property;
  const [text] = value.kind === "text" && value.pieces.length === 1 ? value.pieces : [];
  return typeof text === "string" ? text : null;
}

function readObject(tracer: Tracer, at: Located, reading: Reading): readonly ReadMessage[] {
  const { position } = reading;
  const isSaid = tracer.members(at, "role").length > 0;
  const said = isSaid ? roleOf(tracer, memberAt(at, "role")) : undefined;
  if (isSaid && said === undefined && hasOtherRole(tracer, at)) return [];
  const key = CONTENT.find((name) => tracer.members(at, name).length > 0);
  if (key !== undefined && (isSaid || key !== "text")) {
    const role = said ?? (isSaid ? null : reading.role);
    return [{ role, content: memberAt(at, key), position, isFinal: false }];
  }
  if (key === "text" && position !== null) {
    return [{ role: reading.role, content: memberAt(at, key), position: null, isFinal: false }];
  }
  const inside = tracer.members(at, "messages").length > 0;
  return inside ? read(tracer, memberAt(at, "messages"), { ...reading, depth: reading.depth + 1 }) : [];
}

/** What a tool answered is no prompt. */
function hasOtherRole(tracer: Tracer, at: Located): boolean {
  return tracer.members(at, "role").some((entity) => {
    const word = entity.kind === "value" && entity.at.value.kind === "text" ? wordOf(entity) : null;
    return word !== null && !ROLE_WORDS.has(word);
  });
}

function readCall(tracer: Tracer, at: CallAt, { role, position }: Reading): readonly ReadMessage[] {
  const { callee } = callAt(tracer, at);
  const last = callee.at(-1) ?? "";
  const before = callee.at(-2) ?? "";
  const known =
    MESSAGE_CALLS.get(last) ?? (/^from_?[tT]emplate$/.test(last) ? MESSAGE_CALLS.get(before) : undefined);
  const isFinal = !/Template$/.test(last) && !/^from_?[tT]emplate$/.test(last);
  const content = contentOf(tracer, at);
  if (content === null) return [];
  if (known !== undefined) return [{ role: known, content, position, isFinal }];
  const given = optionAt(tracer, at, "role");
  const said = given === null ? undefined : roleOf(tracer, given);
  if (said === undefined && !ROLED_MESSAGE_CALLS.has(last) && !ROLED_MESSAGE_CALLS.has(before)) return [];
  return [{ role: said ?? role, content, position, isFinal }];
}

function contentOf(tracer: Tracer, at: CallAt): Located | null {
  for (const option of [...CONTENT, "template", "prompt", "0"]) {
    const found = optionAt(tracer, at, option);
    if (found !== null) return found;
  }
  return null;
}

/** A message of a class of the program's own. */
function readInstance(tracer: Tracer, made: Located, reading: Reading): readonly ReadMessage[] {
  if (made.value.kind !== "call") return [];
  const at: CallAt = { module: made.module, call: made.value.call, frame: made.frame };
  const given = optionAt(tracer, at, "role") ?? optionAt(tracer, at, "0");
  const role = given === null ? undefined : roleOf(tracer, given);
  const content =
    optionAt(tracer, at, "content") ?? optionAt(tracer, at, "text") ?? optionAt(tracer, at, "1");
  if (content === null || role === undefined) return readCall(tracer, at, reading);
  return [{ role, content, position: reading.position, isFinal: true }];
}
