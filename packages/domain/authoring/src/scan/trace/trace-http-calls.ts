/** Traces the texts of requests that are sent to a provider over plain HTTP. */
import { ADDRESSES, BODY_OPTIONS, BODY_PROMPTS, HTTP_CALLS, OTHER_ADDRESSES } from "../clients/http.ts";
import type { SourceValue } from "../source/source-value.ts";
import { callContexts } from "./call-contexts.ts";
import { callFacts } from "./call-facts.ts";
import { composeText, inlineText } from "./compose-text.ts";
import type { Located } from "./entity.ts";
import { findPlaces, type Tracers } from "./find-places.ts";
import type { CallPlace } from "./module-index.ts";
import { readMessages } from "./read-messages.ts";
import { memberAt, optionAt } from "./read-option.ts";
import type { TextPlace } from "./text-place.ts";
import type { TracedUse, TracedUses } from "./traced-use.ts";
import { type CallAt, callAt } from "./tracer.ts";
import { useAt } from "./use-at.ts";

const NOTHING: TracedUses = { uses: [], glue: [], others: [] };

export function traceHttpCall(tracers: Tracers, place: CallPlace): TracedUses {
  const { callee } = callAt(tracers.full, place);
  if (!HTTP_CALLS.has(callee.at(-1) ?? "") || goesElsewhere(tracers, place)) return NOTHING;
  const traced = callContexts(tracers.full, place).map((frame) => traceRequest(tracers, { ...place, frame }));
  return {
    uses: traced.flatMap(({ uses }) => uses),
    glue: traced.flatMap(({ glue }) => glue),
    others: [],
  };
}

/** Whether the address stands in the call and is no provider's: then nobody needs to be asked what is sent there. */
function goesElsewhere(tracers: Tracers, { module, call }: CallPlace): boolean {
  const first = callAt(tracers.full, { module, call }).arguments[0];
  if (first === undefined || first.name !== null || !isWritten(first.value)) return false;
  const address = addressIn(tracers, module, first.value);
  return address !== "" && !ADDRESSES.some(([part]) => part.test(address));
}

function isWritten({ kind }: SourceValue): boolean {
  return kind === "text" || kind === "concatenation" || kind === "format";
}

/** The known words of an address; empty where they are none. */
function addressIn(tracers: Tracers, module: number, value: SourceValue): string {
  const { from, to } = value;
  const pieces = composeText(tracers.constant, { module, value, filled: null, from, to });
  const words = inlineText(pieces).map((piece) => (typeof piece === "string" ? piece : "…"));
  const text = words.join("");
  return /[/.]/.test(text) ? text : "";
}

function traceRequest(tracers: Tracers, place: CallAt): TracedUses {
  const address = addressOf(tracers, place);
  if (OTHER_ADDRESSES.test(address)) return NOTHING;
  const body = bodyOf(tracers, place);
  if (body === null) return NOTHING;
  const client = ADDRESSES.find(([part]) => part.test(address))?.[1];
  // An address that cannot be read is told by a body with a model in it.
  const isBody = tracers.full.members(body, "model").length > 0;
  if (client === undefined && (address !== "" || !isBody)) return NOTHING;
  const model = modelIn(tracers, body) ?? modelInAddress(address);
  return traceBody(tracers, place, { body, client: client ?? "http.post", model });
}

/** The known parts of the address. */
function addressOf(tracers: Tracers, at: CallAt): string {
  for (const option of ["url", "0", "1"]) {
    const given = optionAt(tracers.full, at, option);
    const found = given === null ? [] : tracers.full.expand(given);
    for (const entity of found) {
      if (entity.kind !== "value") continue;
      const { value, module } = entity.at;
      const text = isWritten(value) ? addressIn(tracers, module, value) : "";
      if (text !== "") return text;
    }
  }
  return "";
}

/** The object that is sent, as JSON or not. */
function bodyOf({ full }: Tracers, at: CallAt): Located | null {
  const keys = BODY_PROMPTS.flatMap((slot) => slot.at.map((path) => path.split(".")[0]!));
  for (const option of BODY_OPTIONS) {
    const given = optionAt(full, at, option);
    if (given === null) continue;
    if (keys.some((key) => full.members(given, key).some(({ kind }) => kind !== "external"))) return given;
  }
  return null;
}

function traceBody(
  tracers: Tracers,
  place: CallAt,
  { body, client, model }: { readonly body: Located; readonly client: string; readonly model: string | null },
): TracedUses {
  const uses: TracedUse[] = [];
  const glue: TextPlace[] = [];
  const facts = callFacts(tracers.full, place, null);
  for (const { at, as, role } of BODY_PROMPTS) {
    const given = at
      .map((path) => path.split(".").reduce(memberAt, body))
      .find((each) => isThere(tracers, each));
    if (given === undefined) continue;
    const read =
      as === "messages"
        ? readMessages(tracers.full, given, role)
        : [{ role, content: given, position: null, isFinal: true }];
    for (const message of read) {
      const found = findPlaces(tracers, message.content, { fields: null });
      glue.push(...found.glue);
      for (const each of found.places) {
        uses.push({
          place: each,
          use: useAt(tracers.full.index, place, {
            client,
            role: message.role,
            message: message.position,
            model: model ?? facts.model,
            parameters: facts.parameters,
          }),
          role: message.role,
          confidence: 0.95,
          reason: `is sent to ${client} as the ${message.role ?? "user"} message`,
          isCarrier: false,
        });
      }
    }
  }
  return { uses, glue, others: [] };
}

/** `…/models/gemini-2.5-flash:generateContent`, `…/deployments/gpt-4o/chat/completions`. */
function modelInAddress(address: string): string | null {
  return /\/(?:models?|deployments)\/([\w.@-]+)(?=[:/?]|$)/.exec(address)?.[1] ?? null;
}

function isThere({ full }: Tracers, at: Located): boolean {
  const { value } = at;
  return value.kind !== "member" || full.members({ ...at, value: value.object }, value.property).length > 0;
}

function modelIn({ full }: Tracers, body: Located): string | null {
  for (const entity of full.members(body, "model")) {
    if (entity.kind !== "value" || entity.at.value.kind !== "text") continue;
    const [name] = entity.at.value.pieces;
    if (typeof name === "string") return name;
  }
  return null;
}
