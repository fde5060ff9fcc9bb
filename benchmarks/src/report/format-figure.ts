/** Figures in the form that tables show. */
import type { Figure } from "../figure.ts";

export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function formatBudget({ budget, unit }: Figure): string {
  if (budget === null) return "";
  return `${budget.at === "most" ? "≤" : "≥"} ${budget.value.toLocaleString("en-US")} ${unit}`;
}

export function formatVerdict({ ok }: Figure): string {
  if (ok === null) return "";
  return ok ? "met" : "not met";
}
