/** Groups the texts that nothing in another list is like. */
import { wordTokens } from "../text/word-tokens.ts";

export interface UncoveredGroup {
  /** Place of the text that the group is about. */
  readonly leader: number;
  /** Places of all its texts, the leader's first. */
  readonly members: readonly number[];
}

export interface Uncovered {
  /** How many texts are like one of the covering ones. */
  readonly covered: number;
  /** The largest first. */
  readonly groups: readonly UncoveredGroup[];
}

/** Weights by word, of length 1. */
type Vector = ReadonlyMap<string, number>;

/** Cosine from which two texts are about the same. */
export const ALIKE = 0.25;

/**
 * Texts are vectors of their words, weighted by how rare these are: tf·ln(1 + N/df), the cosine between
 * them their likeness (Salton and Buckley 1988). What no covering text is like is grouped by leaders, in
 * the order given: each text joins the leader that it is most like, else begins a group of its own
 * (Hartigan 1975, "Clustering Algorithms", chapter 3). Texts without words are left out.
 */
export function uncoveredGroups(
  texts: readonly string[],
  covering: readonly string[],
  alike: number = ALIKE,
): Uncovered {
  const vectors = vectorsOf([...texts, ...covering]);
  const cases = new Nearest();
  for (const vector of vectors.slice(texts.length)) cases.add(vector);
  const leaders = new Nearest();
  const groups: number[][] = [];
  let covered = 0;
  for (const [at, vector] of vectors.slice(0, texts.length).entries()) {
    if (vector.size === 0) continue;
    if (cases.find(vector, alike) !== null) {
      covered += 1;
      continue;
    }
    const group = leaders.find(vector, alike);
    if (group !== null) groups[group]?.push(at);
    else {
      leaders.add(vector);
      groups.push([at]);
    }
  }
  return {
    covered,
    groups: groups
      .map((members) => ({ leader: members[0] as number, members }))
      .sort((a, b) => b.members.length - a.members.length || a.leader - b.leader),
  };
}

function vectorsOf(texts: readonly string[]): readonly Vector[] {
  const counts = texts.map((text) => {
    const words = new Map<string, number>();
    for (const word of wordTokens(text)) words.set(word, (words.get(word) ?? 0) + 1);
    return words;
  });
  const documents = new Map<string, number>();
  for (const words of counts)
    for (const word of words.keys()) documents.set(word, (documents.get(word) ?? 0) + 1);
  return counts.map((words) => {
    const weights = Array.from(
      words,
      ([word, count]) => [word, count * Math.log(1 + texts.length / (documents.get(word) ?? 1))] as const,
    );
    const length = Math.hypot(...weights.map(([, weight]) => weight));
    return new Map(weights.map(([word, weight]) => [word, weight / length]));
  });
}

/** Vectors by their words, so that only those that share one are compared. */
class Nearest {
  readonly #places = new Map<string, (readonly [at: number, weight: number])[]>();
  #count = 0;

  add(vector: Vector): void {
    for (const [word, weight] of vector) {
      const known = this.#places.get(word);
      if (known === undefined) this.#places.set(word, [[this.#count, weight]]);
      else known.push([this.#count, weight]);
    }
    this.#count += 1;
  }

  /** Place of the nearest vector that is at least so near; the first of several. */
  find(vector: Vector, least: number): number | null {
    const products = new Map<number, number>();
    for (const [word, weight] of vector)
      for (const [at, other] of this.#places.get(word) ?? [])
        products.set(at, (products.get(at) ?? 0) + weight * other);
    let nearest: number | null = null;
    let best = least;
    for (const [at, product] of products) {
      if (product < best || (product === best && nearest !== null && at > nearest)) continue;
      [nearest, best] = [at, product];
    }
    return nearest;
  }
}
