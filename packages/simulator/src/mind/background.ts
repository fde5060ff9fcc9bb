/** The modest vocabulary a weak model brings along: words it connects with an idea without being told. */

import { hashText } from "../seeded-random.ts";
import { stemOf, stemsOf } from "./words.ts";

interface Idea {
  /** Stems of label names that stand for the idea. */
  readonly names: ReadonlySet<string>;
  readonly stems: ReadonlySet<string>;
}

const IDEAS: readonly Idea[] = [
  [
    "billing payment invoice finance charge money",
    "bill invoice payment pay charge price credit card cost fee money bank refund discount subscription receipt tax",
  ],
  ["refund refunds return", "refund money back return reimburse cancel"],
  [
    "bug bugs error defect technical issue incident outage crash",
    "bug error crash broken fail freeze screen load button blank hang slow stopped disappear",
  ],
  ["account login access auth security", "account login password sign email locked reset access"],
  [
    "shipping delivery order logistics",
    "ship deliver delivery parcel package order tracking courier address",
  ],
  ["feature request idea suggestion", "feature wish suggest idea add support option improve"],
  [
    "praise positive thanks happy compliment",
    "love great thank awesome good excellent happy nice best wonderful",
  ],
  [
    "complaint negative angry unhappy",
    "bad terrible angry hate awful worst disappointed slow poor unacceptable",
  ],
  ["urgent high critical priority", "urgent immediately asap emergency down critical now production"],
  ["low minor", "someday minor small cosmetic typo"],
  ["spam junk scam", "win free prize click offer lottery winner viagra casino"],
  ["question inquiry howto help", "how what where question help explain guide documentation"],
  ["sales pricing upgrade", "buy quote upgrade plan discount demo trial seats enterprise"],
  ["legal privacy gdpr", "contract legal privacy gdpr law terms consent lawyer"],
].map(([names = "", stems = ""]) => ({ names: stemsOf(names), stems: stemsOf(stems) }));

/** Whether a model of this knowledge has the word: the same ones in every request. */
export function knowsWord(stem: string, knowledge: number): boolean {
  return (hashText(stem, 7) % 1000) / 1000 < knowledge;
}

/** How many words of the data speak for a label by background knowledge alone. */
export function backgroundHits(label: string, data: ReadonlySet<string>, knowledge: number): number {
  const name = new Set(
    label
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.map(stemOf) ?? [],
  );
  const hits = new Set<string>();
  for (const idea of IDEAS) {
    if (![...idea.names].some((stem) => name.has(stem))) continue;
    for (const stem of idea.stems) if (data.has(stem) && knowsWord(stem, knowledge)) hits.add(stem);
  }
  return hits.size;
}
