/** Folds score lines into their cases: one mean per case, however often it was repeated. */
import { HarnessError } from "@colophon/kernel";
import { NameNumbers } from "../name-numbers.ts";
import { NumberColumn } from "../number-column.ts";
import type { ScoreLine } from "../score-line.ts";
import { type LineColumns, ScoredSide } from "./scored-side.ts";

/** Takes lines in as they come and holds some sixty bytes of each. */
export class ScoreFold {
  readonly #cases = new NameNumbers();
  /** By case: its cluster, and its slices as a text that names them. */
  readonly #clusters: (string | null)[] = [];
  readonly #slices: (readonly string[])[] = [];
  /** Cases mostly have one of a few lists of slices, so that each list is held once. */
  readonly #lists = new Map<string, readonly string[]>();
  readonly #lines: LineColumns = {
    case: new NumberColumn(),
    repeat: new NumberColumn(),
    score: new NumberColumn(),
    required: new NumberColumn(),
    cost: new NumberColumn(),
    latency: new NumberColumn(),
    length: new NumberColumn(),
    refused: new NumberColumn(),
  };
  readonly #required: readonly string[];
  readonly #unscored = new Map<string, string>();
  #errors = 0;

  /** @param requiredMetrics those of which every line must have a score. */
  constructor(requiredMetrics: readonly string[] = []) {
    this.#required = requiredMetrics;
  }

  /**
   * A line without a score adds to the errors and to nothing else: its case has the mean of its other repeats,
   * or none.
   *
   * @throws HarnessError `input-malformed` for a case in two clusters, or a score outside of [0, 1].
   */
  add(line: ScoreLine): void {
    const { case: id, cluster, repeat, score, guards, metrics } = line;
    const place = this.#cases.of(id);
    if (place === this.#clusters.length) this.#clusters.push(cluster);
    else if (this.#clusters[place] !== cluster) {
      throw malformed(id, `is in the clusters ${this.#clusters[place]} and ${cluster}; keep it in one`);
    }
    if (score !== null && !(score >= 0 && score <= 1)) {
      throw malformed(id, `has the score ${score}; give one from 0 to 1, or null for a failed scorer`);
    }
    if (score === null) this.#errors += 1;
    this.#addSlices(place, line.slice);
    const columns = this.#lines;
    columns.case.push(place);
    columns.repeat.push(repeat);
    columns.score.push(score ?? Number.NaN);
    columns.required.push(numberOf(line.required));
    columns.cost.push(guards?.cost ?? Number.NaN);
    columns.latency.push(guards?.latency ?? Number.NaN);
    columns.length.push(guards?.length ?? Number.NaN);
    columns.refused.push(numberOf(guards?.refused ?? undefined));
    for (const metric of this.#required) {
      const missing = !Object.hasOwn(metrics ?? {}, metric) || metrics?.[metric] === null;
      if (missing && !this.#unscored.has(metric)) this.#unscored.set(metric, id);
    }
  }

  #addSlices(place: number, slice: readonly string[]): void {
    const known = this.#slices[place];
    if (known !== undefined && slice.every((name) => known.includes(name))) return;
    const names = [...new Set([...(known ?? []), ...slice])].sort();
    const text = JSON.stringify(names);
    const list = this.#lists.get(text) ?? names;
    this.#lists.set(text, list);
    this.#slices[place] = list;
  }

  /**
   * What was taken in so far.
   *
   * @throws HarnessError `input-malformed` for a repeat that comes twice.
   */
  side(): ScoredSide {
    return new ScoredSide({
      names: this.#cases,
      clusters: this.#clusters,
      slices: this.#slices,
      lines: this.#lines,
      errors: this.#errors,
      unscored: this.#unscored,
    });
  }
}

/** A list of lines, or what has taken them in already. */
export type ScoreLines = Iterable<ScoreLine> | ScoreFold;

/** @throws HarnessError `input-malformed` as the fold does. */
export function foldScores(lines: ScoreLines, requiredMetrics: readonly string[] = []): ScoredSide {
  if (lines instanceof ScoreFold) return lines.side();
  const fold = new ScoreFold(requiredMetrics);
  for (const line of lines) fold.add(line);
  return fold.side();
}

function numberOf(known: boolean | undefined): number {
  return known === undefined ? Number.NaN : Number(known);
}

function malformed(id: string, what: string): HarnessError {
  return new HarnessError("input-malformed", `The case "${id}" ${what}.`);
}
