/** Brings the traced uses of each text together, and settles which constants are part of which text. */
import type { FindingUse } from "./finding.ts";
import { composeText, type SettledText, settleText } from "./trace/compose-text.ts";
import type { Tracers } from "./trace/find-places.ts";
import type { TextPlace } from "./trace/text-place.ts";
import type { TracedUse } from "./trace/traced-use.ts";

/** A text at one place with all that it goes to. */
export interface TracedText {
  readonly place: TextPlace;
  readonly settled: SettledText;
  /** The surest first; never empty. */
  readonly uses: readonly TracedUse[];
}

// What is left of a text beside its main constant must be more than a label.
const FEW_WORDS = 3;

/** @returns each place once; a main constant of a text is a text with the same uses */
export function bringTogether(tracers: Tracers, uses: readonly TracedUse[]): readonly TracedText[] {
  const texts = new Map<string, { place: TextPlace; settled: SettledText; uses: TracedUse[] }>();
  const open = [...uses];
  // Grows while it is gone through, by the main constants.
  for (const use of open) {
    const { place } = use;
    const key = `${place.module}:${place.from}:${place.to}`;
    const known = texts.get(key);
    if (known === undefined || (known.place.filled === null && place.filled !== null)) {
      const settled = settleText(composeText(tracers.constant, place), place.value);
      texts.set(key, { place, settled, uses: [...(known?.uses ?? []), use] });
    } else if (known.uses.some((each) => isSame(each, use))) continue;
    else known.uses.push(use);
    const { main } = texts.get(key)!.settled;
    if (main !== null) open.push({ ...use, place: main });
  }
  return [...texts.values()]
    .filter(({ settled }) => settled.main === null || settled.words >= FEW_WORDS)
    .map((text) => ({ ...text, uses: text.uses.toSorted(bySureness) }));
}

function isSame(one: TracedUse, other: TracedUse): boolean {
  return one.role === other.role && isSameCall(one.use, other.use);
}

function isSameCall(one: FindingUse | null, other: FindingUse | null): boolean {
  if (one === null || other === null) return one === other;
  return one.file === other.file && one.span.from === other.span.from && one.client === other.client;
}

/** A call that sends says more than one that makes a template, and either more than none. */
function bySureness(one: TracedUse, other: TracedUse): number {
  return rankOf(other) - rankOf(one);
}

function rankOf({ use, isCarrier, confidence }: TracedUse): number {
  return (use === null ? 0 : isCarrier ? 10 : 20) + confidence;
}
