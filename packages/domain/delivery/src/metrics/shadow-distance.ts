/** How far the answers of a shadowed version lie from those that the live version gave to the same calls. */
import { editDistance } from "@colophon/kernel";
import { type MetricFigure, meanFigure, shareFigure } from "./metric-figure.ts";

/** One side of a pair; both null where its contents were not captured. */
export interface ShadowSide {
  /** The keyed hash of its answer: comparable between rows of the same subjects. */
  readonly hash: string | null;
  readonly output: string | null;
}

export interface ShadowPair {
  readonly live: ShadowSide;
  readonly shadow: ShadowSide;
}

export interface ShadowDistance {
  readonly status: "measured" | "insufficient";
  /** In words, where it is insufficient. */
  readonly reason: string | null;
  /** Pairs that were looked at, the newest of the window. */
  readonly pairs: number;
  /** Share of pairs whose answers are not the same. */
  readonly differing: MetricFigure;
  /** Mean edit distance as a share of the longer answer, over pairs of which both texts were kept. */
  readonly distance: MetricFigure;
}

const NOT_CAPTURED = "contents not captured";

/** A pair counts for what both sides have: equality by text or hash, distance by text alone. */
export function shadowDistance(pairs: readonly ShadowPair[]): ShadowDistance {
  const missing = pairs.length === 0 ? "nothing was shadowed" : NOT_CAPTURED;
  const compared = pairs.flatMap((pair) => differs(pair) ?? []);
  const distances = pairs.flatMap(({ live, shadow }) =>
    live.output === null || shadow.output === null ? [] : [editDistance(live.output, shadow.output)],
  );
  const hits = compared.filter(Boolean).length;
  const sum = distances.reduce((all, distance) => all + distance, 0);
  const sumOfSquares = distances.reduce((all, distance) => all + distance ** 2, 0);
  return {
    status: compared.length === 0 ? "insufficient" : "measured",
    reason: compared.length === 0 ? missing : null,
    pairs: pairs.length,
    differing: shareFigure({ hits, of: compared.length }, missing),
    distance: meanFigure("score", { count: distances.length, sum, sumOfSquares, sketch: null }, missing),
  };
}

function differs({ live, shadow }: ShadowPair): boolean | null {
  if (live.output !== null && shadow.output !== null) return live.output !== shadow.output;
  return live.hash === null || shadow.hash === null ? null : live.hash !== shadow.hash;
}
