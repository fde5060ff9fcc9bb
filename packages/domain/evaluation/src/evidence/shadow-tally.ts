/** Keeps count of the pairs of a shadow as they come, in a few numbers however many they are. */
import {
  addPair,
  addToMoments,
  type Moments,
  NO_VALUES,
  type PairedBetting,
  startPairedBetting,
} from "@colophon/methods";
import { ClusterMeans } from "./cluster-means.ts";
import {
  type ScoredPair,
  SHADOW_GUARDS,
  type ShadowedCall,
  type ShadowGuardName,
  type ShadowQuestion,
} from "./shadow-verdict.ts";

/** Bets on differences, one for each unit. */
class PairSeries {
  readonly #units = new ClusterMeans();
  #betting: PairedBetting;
  #pairs = 0;
  #sum = 0;

  constructor(question: Pick<PairedBetting, "margin" | "alpha">) {
    this.#betting = startPairedBetting(question);
  }

  get betting(): PairedBetting {
    return this.#betting;
  }

  get pairs(): number {
    return this.#pairs;
  }

  /** Mean over pairs, not over units. */
  get mean(): number | null {
    return this.#pairs === 0 ? null : this.#sum / this.#pairs;
  }

  add(unit: string | null, difference: number): void {
    this.#pairs += 1;
    this.#sum += difference;
    for (const [mean = 0] of this.#units.add(unit, [difference])) {
      this.#betting = addPair(this.#betting, Math.min(1, Math.max(-1, mean)));
    }
  }
}

/** An amount on both sides. */
class AmountSeries {
  readonly #units = new ClusterMeans();
  pairs = 0;
  challenger: Moments = NO_VALUES;
  live: Moments = NO_VALUES;

  add(unit: string | null, values: readonly [challenger: number, live: number]): void {
    this.pairs += 1;
    for (const [challenger = 0, live = 0] of this.#units.add(unit, values)) {
      this.challenger = addToMoments(this.challenger, challenger);
      this.live = addToMoments(this.live, live);
    }
  }
}

/**
 * The same pairs in the same order come to the same numbers. Scores may come long after their calls, so both
 * are told apart.
 */
export class ShadowTally {
  readonly question: ShadowQuestion;
  readonly scores: PairSeries;
  /** The same with every failed repeat as an answer that is worth nothing. */
  readonly cautious: PairSeries;
  /** 1 where the challenger alone kept its contract, −1 where the live version alone did. */
  readonly contract: PairSeries;
  readonly amounts: Readonly<Record<ShadowGuardName, AmountSeries>>;
  calls = 0;
  failed = 0;
  challengerBroke = 0;
  liveBroke = 0;

  /** @throws HarnessError `usage` for a margin outside of [0, 1), or an alpha that is no probability. */
  constructor(question: ShadowQuestion) {
    const { alpha } = question;
    const margin = question.mode === "noninferiority" ? question.margin : 0;
    this.question = question;
    this.scores = new PairSeries({ margin, alpha });
    this.cautious = new PairSeries({ margin, alpha });
    this.contract = new PairSeries({ margin: 0, alpha });
    this.amounts = { cost: new AmountSeries(), latency: new AmountSeries(), length: new AmountSeries() };
  }

  /** Takes a call whose two rows are there. */
  addCall({ unit, live, challenger }: ShadowedCall): void {
    this.calls += 1;
    if (live.contractKept !== null && challenger.contractKept !== null) {
      this.contract.add(unit, Number(challenger.contractKept) - Number(live.contractKept));
      if (live.contractKept && !challenger.contractKept) this.challengerBroke += 1;
      if (!live.contractKept && challenger.contractKept) this.liveBroke += 1;
    }
    for (const name of SHADOW_GUARDS) {
      const [ours, theirs] = [challenger[name], live[name]];
      if (ours !== null && theirs !== null) this.amounts[name].add(unit, [ours, theirs]);
    }
  }

  /** Takes the metric of a pair that has it on both sides. */
  addScores({ unit, live, challenger }: ScoredPair): void {
    this.scores.add(unit, challenger - live);
    this.cautious.add(unit, challenger - live);
  }

  /** Counts a repeat that failed: it has no score and never will. */
  addFailed(): void {
    this.failed += 1;
  }

  /** Takes the live side's score of a repeat that failed. No pair of the comparison, but nothing ships on what is missing. */
  addLost({ unit, live }: Omit<ScoredPair, "challenger">): void {
    this.cautious.add(unit, -live);
  }
}
