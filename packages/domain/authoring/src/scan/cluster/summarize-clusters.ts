/** Tells of each cluster how its texts differ from the one in their middle. */
import { compareBodies, type TextPiece } from "../../compare-bodies.ts";
import type { Finding } from "../finding.ts";

export interface ClusterMember {
  readonly finding: Finding;
  /** From the central text to this one, by word; empty where they are the same. */
  readonly words: readonly TextPiece[];
}

export interface ClusterSummary {
  readonly cluster: string;
  readonly size: number;
  /** How many texts there are that are not the same to the letter. */
  readonly texts: number;
  /** The text that the others differ from least. */
  readonly central: Finding;
  /** The others, those that are the same first. */
  readonly others: readonly ClusterMember[];
}

/** Beyond so many texts the first of them is the middle: each is compared with each. */
const MOST_COMPARED = 40;

/** In the order of their names, the largest first. */
export function summarizeClusters(findings: readonly Finding[]): readonly ClusterSummary[] {
  const clusters = Map.groupBy(
    findings.filter(({ cluster }) => cluster !== null),
    ({ cluster }) => cluster ?? "",
  );
  return [...clusters]
    .map(([cluster, members]) => summarize(cluster, members))
    .sort((a, b) => numberOf(a.cluster) - numberOf(b.cluster));
}

function numberOf(cluster: string): number {
  return Number(cluster.slice(1));
}

function summarize(cluster: string, members: readonly Finding[]): ClusterSummary {
  const copies = Map.groupBy(members, ({ text }) => text);
  const central = centralOf([...copies.values()]);
  const others = members
    .filter((finding) => finding !== central)
    .map((finding) => ({ finding, words: differences(central.text, finding.text) }))
    .sort((a, b) => changed(a.words) - changed(b.words));
  return { cluster, size: members.length, texts: copies.size, central, others };
}

/** The text with the least change to all members, copies counted; of equals the one that comes first. */
function centralOf(copies: readonly (readonly Finding[])[]): Finding {
  const compared = copies.slice(0, MOST_COMPARED);
  const costs = compared.map(([one]) =>
    compared.reduce(
      (sum, others) => sum + others.length * changed(differences(one?.text ?? "", others[0]?.text ?? "")),
      0,
    ),
  );
  const best = costs.indexOf(Math.min(...costs));
  return compared[best]?.[0] as Finding;
}

function differences(one: string, other: string): readonly TextPiece[] {
  return one === other ? [] : (compareBodies(one, other).messages[0]?.words ?? []);
}

/** Letters that stand on one side alone. */
function changed(words: readonly TextPiece[]): number {
  return words.reduce((sum, { change, text }) => sum + (change === "same" ? 0 : text.length), 0);
}
