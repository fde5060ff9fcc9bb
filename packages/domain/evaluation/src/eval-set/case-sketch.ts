/** What is remembered of a case while a set is planned, so that the cases themselves need not be held. */
import { canonicalJson } from "@colophon/kernel";
import type { EvalCase, Provenance, Split } from "../eval-case.ts";
import type { CaseDraft } from "./case-draft.ts";

/** The SHA-256 of a text's UTF-8 bytes: handed in, since every case is hashed several times. */
export type Digest = (text: string) => Uint8Array;

/** What every case has, drafted or recorded; digests are 16 bytes as so many characters. */
export interface Sketch {
  /** Null for a draft that is named by its variables. */
  readonly id: string | null;
  /** Null where its author left it open. */
  readonly split: Split | null;
  /** Where it was written; null for a case of the set itself. */
  readonly place: string | null;
  /** What is split as one: the cluster, or the cases without one that ask the same. */
  readonly unit: string;
  readonly cluster: string | null;
  /** From 0 to 1: into which split the unit falls where nobody says. */
  readonly draw: number;
  /** Digest of the variables. */
  readonly asked: string;
  /** Digest of everything but id, split and provenance. */
  readonly substance: string;
  /** Null for what a file said, of which the place matters to nobody. */
  readonly provenance: Provenance | null;
  /** Characters of canonical JSON. */
  readonly size: number;
}

/** Of a case of the version before. */
export interface CaseSketch extends Sketch {
  readonly id: string;
  readonly split: Split;
}

/** Of a draft. */
export interface DraftSketch extends Sketch {
  readonly place: string;
  /** Digest of what makes a case what it is, where it was written and found apart. */
  readonly saying: string;
  /** What a draft without an id may be called: after its variables, and after all it says; null for one with an id. */
  readonly names: readonly [asked: string, saying: string] | null;
}

export function sketchCase(one: EvalCase, digest: Digest): CaseSketch {
  const { id, split } = one;
  // Its split is known, so that nothing is drawn.
  return { id, split, place: null, draw: 0, ...sketchOf(one, digest) };
}

export function sketchDraft(draft: CaseDraft, digest: Digest): DraftSketch {
  const { id, split, place, expected, scorers, cluster } = draft;
  const variables = canonicalJson(draft.variables);
  const saying = digest(canonicalJson([draft.variables, expected, scorers, split, cluster]));
  const unit = cluster === null ? `asked:${variables}` : `cluster:${cluster}`;
  return {
    ...{ id, split, place },
    draw: drawOf(digest(`colophon.split:${unit}`)),
    names: id === null ? [nameOf(digest(variables)), nameOf(saying)] : null,
    saying: keyOf(saying),
    ...sketchOf(draft, digest),
  };
}

/** Digest of variables, as sketches have it. */
export function askedKey(variables: EvalCase["variables"], digest: Digest): string {
  return keyOf(digest(canonicalJson(variables)));
}

/** About what id, split and provenance of a case take. */
const BESIDE = 120;

function sketchOf(
  { cluster, variables, expected, scorers, tags, provenance }: Omit<EvalCase, "id" | "split">,
  digest: Digest,
): Pick<Sketch, "unit" | "cluster" | "asked" | "substance" | "provenance" | "size"> {
  const [what, rest] = [
    canonicalJson(variables),
    canonicalJson([expected, scorers, cluster, plainTags(tags)]),
  ];
  const asked = keyOf(digest(what));
  return {
    // By what they ask and not by their ids, so that no other case can move them.
    unit: cluster === null ? asked : `cluster:${cluster}`,
    cluster,
    asked,
    substance: keyOf(digest(`${what}${rest}`)),
    provenance: provenance.source === "import" ? null : provenance,
    size: what.length + rest.length + BESIDE,
  };
}

/** The first 53 bits as a number from 0 to 1, as `unitDraw` has it. */
export function drawOf(digest: Uint8Array): number {
  const view = new DataView(digest.buffer, digest.byteOffset);
  return (view.getUint32(0) * 0x200000 + (view.getUint32(4) >>> 11)) / 2 ** 53;
}

const KEY_BYTES = 16;

/** Shorter in memory than hexadecimal digits. */
function keyOf(digest: Uint8Array): string {
  return String.fromCharCode(...digest.subarray(0, KEY_BYTES));
}

function nameOf(digest: Uint8Array): string {
  return ["c-", ...Array.from(digest.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0"))].join("");
}

/** Each tag once, in an order of their own. */
export function plainTags(tags: readonly string[]): readonly string[] {
  return [...new Set(tags)].sort();
}
