/** What guards are fed with, and what each of them says. */
import type { GuardReading } from "@colophon/kernel";

export interface GuardObservation {
  /** Number of the unit in the `UnitTable`. */
  readonly unit: number;
  readonly arm: "challenger" | "control";
  /** The challenger's share of units as drawn: of those that are either its or the control's. */
  readonly planned: number;
  /** The metric itself; events are 1 where they happened. */
  readonly value: number;
  /** Whether the row said it, or an outcome. */
  readonly from: "row" | "outcome";
  /** Numbers the shares that were drawn by: observations of one epoch were drawn alike. */
  readonly epoch: number;
  /** Numbers the state and step of the rollout. */
  readonly stage: number;
  /** The plan's step. */
  readonly step: number;
}

/** What a guard says of itself; who it is about is its owner's to add. */
export type Standing = Pick<
  GuardReading,
  "state" | "evidence" | "limit" | "challenger" | "control" | "units"
>;

/** A guard in the making: observations in, a standing out. */
export interface GuardFold {
  observe(observation: GuardObservation): void;
  standing(stage: number): Standing;
}

export interface ComparisonLevels {
  /** This guard's own part of the plan's alpha. */
  readonly alpha: number;
  readonly promotionAlpha: number;
}

/** An e-value from its logarithm, kept finite so that it can be recorded. */
export function eValueOf(log: number): number {
  return Math.exp(Math.min(log, 700));
}
