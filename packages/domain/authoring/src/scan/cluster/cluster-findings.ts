/** Puts findings together whose words are nearly the same, or begin the same. */
import { findNearDuplicates, NEAR_DUPLICATE, wordTokens } from "@colophon/methods";
import type { Finding } from "../finding.ts";

/** So many words in common at the beginning make a family, if they are this share of the shorter text. */
const FAMILIES = [
  { words: 4, share: 0.5 },
  { words: 8, share: 0.25 },
] as const;

/** Stands for every variable, whatever it is called. */
const VARIABLE = " variable ";

/**
 * The same findings in the same order, each with its `cluster`: null for one alone, else `c1` for the
 * largest cluster, `c2`, …; of two as large the one that stands first by file and line comes first.
 *
 * Texts are near when they share three fifths of their pairs of words, or a beginning of four words that
 * is half of the shorter one (of eight that are a quarter). A cluster is a star: the text with most
 * neighbours and those near to it, so that no chain of small steps joins what has nothing in common.
 */
export function clusterFindings(findings: readonly Finding[]): readonly Finding[] {
  const clusters = starsOf(findings)
    .map((members) => [...members].sort((a, b) => byPlace(findings[a], findings[b])))
    .filter((members) => members.length > 1)
    .sort((a, b) => b.length - a.length || byPlace(findings[a[0] ?? 0], findings[b[0] ?? 0]));
  const names = new Map(
    clusters.flatMap((members, at) => members.map((one) => [one, `c${at + 1}`] as const)),
  );
  return findings.map((finding, at) => ({ ...finding, cluster: names.get(at) ?? null }));
}

function byPlace(a: Finding | undefined, b: Finding | undefined): number {
  if (a === undefined || b === undefined) return 0;
  return a.file === b.file ? a.line - b.line || a.span.from - b.span.from : a.file < b.file ? -1 : 1;
}

/** Places of findings with the same words, by star. */
function starsOf(findings: readonly Finding[]): readonly (readonly number[])[] {
  const byWords = Map.groupBy(findings.keys(), (at) => wordsOf(findings[at]?.text ?? "").join(" "));
  byWords.delete("");
  const texts = [...byWords.keys()].sort();
  const places = texts.map((text) => byWords.get(text) ?? []);
  const near = neighboursOf(texts);
  const weight = (at: number): number =>
    (places[at]?.length ?? 0) +
    [...(near[at] ?? [])].reduce((sum, one) => sum + (places[one]?.length ?? 0), 0);
  const order = [...texts.keys()].sort((a, b) => weight(b) - weight(a) || a - b);
  const taken = new Set<number>();
  return order.flatMap((centre) => {
    if (taken.has(centre)) return [];
    const star = [centre, ...(near[centre] ?? [])].filter((at) => !taken.has(at));
    for (const at of star) taken.add(at);
    return [star.flatMap((at) => places[at] ?? [])];
  });
}

function wordsOf(text: string): readonly string[] {
  return wordTokens(text.replaceAll(/\{\{[^{}]*\}\}/g, VARIABLE));
}

function neighboursOf(texts: readonly string[]): readonly ReadonlySet<number>[] {
  const near = texts.map(() => new Set<number>());
  const join = (a: number, b: number): void => {
    near[a]?.add(b);
    near[b]?.add(a);
  };
  for (const { one, other } of findNearDuplicates(texts, texts, NEAR_DUPLICATE))
    if (one < other) join(one, other);
  const words = texts.map((text) => text.split(" "));
  // The texts are sorted, so that those that begin alike stand together.
  for (let one = 0; one < words.length; one++)
    for (let other = one + 1; other < words.length; other++) {
      const shared = sharedBeginning(words[one] ?? [], words[other] ?? []);
      if (shared < FAMILIES[0].words) break;
      if (isFamily(shared, Math.min(words[one]?.length ?? 0, words[other]?.length ?? 0))) join(one, other);
    }
  return near;
}

function isFamily(shared: number, shorter: number): boolean {
  return FAMILIES.some(({ words, share }) => shared >= words && shared >= share * shorter);
}

function sharedBeginning(one: readonly string[], other: readonly string[]): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}
