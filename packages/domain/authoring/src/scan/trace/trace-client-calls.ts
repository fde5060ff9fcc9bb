/** Traces the texts of all calls of known clients. */
import type { ClientCall, PromptSlot } from "../clients/client-call.ts";
import { OTHER_CALLS, TOOL_OPTIONS } from "../clients/parameters.ts";
import { callContexts } from "./call-contexts.ts";
import { type CallFacts, callFacts } from "./call-facts.ts";
import { type FoundPlaces, findPlaces, type Tracers } from "./find-places.ts";
import { type ClientProof, matchClient } from "./match-client.ts";
import type { CallPlace } from "./module-index.ts";
import { type ReadMessage, readMessages } from "./read-messages.ts";
import { optionAt } from "./read-option.ts";
import type { FieldStyle } from "./split-fields.ts";
import type { TextPlace } from "./text-place.ts";
import type { TracedUse, TracedUses } from "./traced-use.ts";
import { type CallAt, callAt } from "./tracer.ts";
import { useAt } from "./use-at.ts";

const CONFIDENCE: Readonly<Record<ClientProof, number>> = { package: 1, import: 0.97, shape: 0.94 };
const OTHERS = OTHER_CALLS.map((name) => name.split("."));

/** @param place a call of the module, whatever it calls */
export function traceClientCall(tracers: Tracers, place: CallPlace): TracedUses {
  const matched = matchClient(tracers.full, place);
  if (matched.length === 0) return { uses: [], glue: [], others: otherTexts(tracers, place) };
  const found = matched.map(({ entry, proof }) => traceEntry(tracers, place, { entry, proof }));
  // Entries of one package differ in their options; the one that has texts is meant.
  const best = found.find(({ uses }) => uses.length > 0) ?? found[0]!;
  return { ...best, others: toolTexts(tracers, place) };
}

interface Traced {
  readonly uses: readonly TracedUse[];
  readonly glue: readonly TextPlace[];
}

interface Matched {
  readonly entry: ClientCall;
  readonly proof: ClientProof;
}

function traceEntry(tracers: Tracers, place: CallPlace, matched: Matched): Traced {
  const traced = callContexts(tracers.full, place).map((frame) =>
    traceContext(tracers, { ...place, frame }, matched),
  );
  return { uses: traced.flatMap(({ uses }) => uses), glue: traced.flatMap(({ glue }) => glue) };
}

function traceContext(tracers: Tracers, place: CallAt, { entry, proof }: Matched): Traced {
  const uses: TracedUse[] = [];
  const glue: TextPlace[] = [];
  let facts: CallFacts | null = null;
  for (const slot of entry.prompts) {
    for (const message of messagesOf(tracers, place, slot)) {
      const found = placesOf(tracers, message, fieldsOf(tracers, place, entry));
      glue.push(...found.glue);
      for (const each of found.places) {
        facts ??= callFacts(tracers.full, place, entry);
        const use = useAt(tracers.full.index, place, {
          client: entry.client,
          role: message.role,
          message: message.position,
          ...facts,
        });
        uses.push({
          place: each,
          use,
          role: message.role,
          confidence: CONFIDENCE[proof],
          reason: reasonOf(entry, { role: message.role, proof }),
          isCarrier: entry.isCarrier === true,
        });
      }
    }
  }
  return { uses, glue };
}

/** The messages at the first of the slot's places where something stands. */
function messagesOf(tracers: Tracers, place: CallAt, { at, as, role }: PromptSlot): readonly ReadMessage[] {
  for (const path of at) {
    const given = optionAt(tracers.full, place, path);
    if (given === null) continue;
    if (as === "messages") return readMessages(tracers.full, given, role);
    return [{ role, content: given, position: null, isFinal: false }];
  }
  return [];
}

function placesOf(tracers: Tracers, message: ReadMessage, fields: FieldStyle | null): FoundPlaces {
  return findPlaces(tracers, message.content, { fields: message.isFinal ? null : fields });
}

/** LangChain's templates say which language they are written in. */
function fieldsOf(tracers: Tracers, place: CallAt, { fields }: ClientCall): FieldStyle | null {
  if (fields === undefined) return null;
  const { arguments: given } = callAt(tracers.full, place);
  const isOther = given.some(
    ({ name, value }) =>
      /^template_?format$/i.test(name ?? "") &&
      value.kind === "text" &&
      /jinja|mustache/.test(String(value.pieces[0])),
  );
  return isOther ? "mustache" : fields;
}

function reasonOf(
  { client, isCarrier }: ClientCall,
  { role, proof }: { readonly role: ReadMessage["role"]; readonly proof: ClientProof },
): string {
  const what = role === null ? "as a prompt" : `as the ${role} message`;
  if (isCarrier === true) return `is a template of ${client} ${what}`;
  return proof === "shape" ? `goes ${what} to a call that looks like ${client}` : `goes to ${client} ${what}`;
}

/** Values of options that describe tools and shapes. */
function toolTexts({ constant }: Tracers, place: CallPlace): readonly TextPlace[] {
  return TOOL_OPTIONS.flatMap((option) => {
    const given = optionAt(constant, { ...place, frame: null }, option);
    if (given === null) return [];
    return constant.expand(given).flatMap((entity): readonly TextPlace[] => {
      if (entity.kind !== "value") return [];
      const { module, value } = entity.at;
      return [{ module, value, filled: null, from: value.from, to: value.to }];
    });
  });
}

/** What is embedded and the like is read by a model, and is no prompt. */
function otherTexts({ constant }: Tracers, place: CallPlace): readonly TextPlace[] {
  const { callee, from, to, arguments: given } = callAt(constant, place);
  const isOther = OTHERS.some((steps) =>
    steps.every((step, position) => callee[callee.length - steps.length + position] === step),
  );
  if (!isOther) return [];
  return given.map(({ value }) => ({ module: place.module, value, filled: null, from, to }));
}
