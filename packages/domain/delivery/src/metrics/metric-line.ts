/** What is known of the calls of one place: their metrics, their cost, and what judges said of them. */
import type { CalibrationData, Execution, MetricSums, Outcome, Rollup } from "@colophon/kernel";
import type { Priced } from "../costs/price-sum.ts";
import type { CostFigure } from "./cost-figure.ts";
import type { JudgedQuality } from "./judged-quality.ts";
import type { MetricFigure } from "./metric-figure.ts";
import type { MetricPlace } from "./metric-place.ts";

/** An outcome's figure, with those of each source where several gave it. */
export interface LineFigure extends MetricFigure {
  readonly sources: Readonly<Record<string, MetricFigure>> | null;
}

export interface MetricLine extends MetricPlace {
  readonly calls: number;
  /** By name: those of the standard table that rows and outcomes say, and outcomes of any other name. */
  readonly metrics: Readonly<Record<string, LineFigure>>;
  readonly cost: CostFigure;
  /** Of each judge that scored some of the newest rows. */
  readonly judged: readonly JudgedQuality[];
}

/** A row of the window's newest, with its outcomes and its cost; null where it is unpriced. */
export interface NewestRow {
  readonly row: Execution;
  readonly cost: { readonly amount: number; readonly currency: string } | null;
  readonly outcomes: readonly Outcome[];
}

/** What metrics are made of: sums of all calls, and the newest rows for what sums do not know. */
export interface MetricSources {
  readonly calls: readonly Priced<Rollup>[];
  readonly metrics: readonly MetricSums[];
  readonly newest: readonly NewestRow[];
  readonly calibrations: readonly CalibrationData[];
}
