/** Reads what a file says of the set as a whole: its name, scorers, owner and refresh interval. */
import { type Complain, type Fields, readScorers, shown } from "@colophon/evaluation";
import type { EvalSetFile } from "./eval-set-file.ts";

/** What stands beside the cases of a set. */
export const SET_FIELDS = ["format", "name", "scorers", "owner", "refreshDays"] as const;

export type SetFields = Pick<EvalSetFile, "name" | "scorers" | "owner" | "refreshDays">;

export function readSetFields(fields: Fields, complain: Complain): SetFields {
  const { format, scorers } = fields;
  if (format !== undefined && format !== 1) complain(`"format" is ${shown(format)}; this edition reads 1`);
  return {
    name: textOf(fields, "name", complain),
    scorers: scorers === undefined ? null : readScorers(scorers, complain),
    owner: textOf(fields, "owner", complain),
    refreshDays: daysOf(fields.refreshDays, complain),
  };
}

function textOf(fields: Fields, name: string, complain: Complain): string | null {
  const value = fields[name] ?? null;
  if (value === null || (typeof value === "string" && value !== "")) return value;
  complain(`"${name}" is ${shown(value)}; give a text`);
  return null;
}

function daysOf(value: unknown, complain: Complain): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  complain(`"refreshDays" is ${shown(value)}; give a whole number of days from 1`);
  return null;
}
