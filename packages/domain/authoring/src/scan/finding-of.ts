/** Makes a finding of a text and what is known of it. */
import { sha256 } from "@colophon/kernel";
import type { TextVerdict } from "./classify/classify-text.ts";
import type { Finding, FindingKind, FindingUse } from "./finding.ts";
import { nameOfText } from "./name-of-text.ts";
import type { SourceModule, SourceText } from "./source/source-module.ts";
import type { SourceValue } from "./source/source-value.ts";
import type { SettledText } from "./trace/compose-text.ts";
import type { Tracers } from "./trace/find-places.ts";
import type { TextPlace } from "./trace/text-place.ts";
import type { TracedUse } from "./trace/traced-use.ts";
import { writeTemplate } from "./trace/write-template.ts";

export interface KnownOfText {
  readonly settled: SettledText;
  readonly uses: readonly TracedUse[];
  /** Of a text that no use is known of. */
  readonly verdict: TextVerdict | null;
}

export function findingOf(
  { full }: Tracers,
  place: TextPlace,
  { settled, uses, verdict }: KnownOfText,
): Finding {
  const { index } = full;
  const module = index.modules[place.module]!;
  const lines = index.lines[place.module]!;
  const { text, placeholders } = writeTemplate(settled.pieces, index.modules);
  const sent = uses.filter(({ isCarrier }) => !isCarrier);
  const known = (sent.length > 0 ? sent : uses).flatMap(({ use }) => use ?? []);
  const [first] = uses;
  return {
    id: findingId(text),
    file: module.file,
    line: lines.lineAt(place.from),
    endLine: lines.lineAt(Math.max(place.from, place.to - 1)),
    span: { from: place.from, to: place.to },
    language: module.language,
    kind: kindOf(place),
    confidence: verdict?.confidence ?? first?.confidence ?? 0,
    reason: verdict?.reason ?? reasonOf(uses),
    text,
    placeholders,
    client: known[0]?.client ?? null,
    model: known.find(({ model, client }) => model !== null && client === known[0]?.client)?.model ?? null,
    role: first?.role ?? verdict?.role ?? null,
    uses: known,
    name: nameAtPlace(module, place),
    cluster: null,
  };
}

/** The same for texts that differ in layout alone. */
export function findingId(text: string): string {
  return sha256(text.replace(/\s+/g, " ").trim()).slice(0, 16);
}

function reasonOf(uses: readonly TracedUse[]): string {
  const reason = uses[0]?.reason ?? "";
  const others = new Set(uses.slice(1).flatMap(({ use }) => (use === null ? [] : [callKey(use)])));
  others.delete(uses[0]?.use ? callKey(uses[0].use) : "");
  const more = others.size;
  return more === 0 ? reason : `${reason}, and to ${more} more ${more === 1 ? "call" : "calls"}`;
}

function callKey({ file, span }: FindingUse): string {
  return `${file}:${span.from}`;
}

function kindOf({ value, filled }: TextPlace): FindingKind {
  if (value.kind === "concatenation") return "concatenation";
  if (value.kind === "format" || filled !== null) return "format";
  return value.kind === "text" ? formOf(value) : "literal";
}

function formOf({ form }: SourceValue & { readonly kind: "text" }): FindingKind {
  return form;
}

/** The name of the text that begins where the place does. */
function nameAtPlace(module: SourceModule, { from, to }: TextPlace): string | null {
  const { texts } = module;
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (texts[middle]!.value.from < from) low = middle + 1;
    else high = middle;
  }
  const found: SourceText | undefined = texts[low];
  return found === undefined || found.value.from >= to ? null : nameOfText(found, module);
}
