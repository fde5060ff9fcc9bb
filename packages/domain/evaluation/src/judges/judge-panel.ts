/** A panel: several judges grade one answer, and their grades are brought together with how far they differ. */

export const PANEL_RULES = ["mean", "median", "majority"] as const;
/** `majority`: the share of judges decides who grade at 0.5 or above; half against half is 0.5. */
export type PanelRule = (typeof PANEL_RULES)[number];

export interface PanelVote {
  /** The judge's name. */
  readonly judge: string;
  /** In [0, 1]; null where it failed. */
  readonly value: number | null;
  /** The judge's reason, or why there is no value. */
  readonly why: string;
}

export interface PanelFinding {
  readonly value: number;
  /** Between the highest and the lowest grade, from 0 (agreed) to 1. */
  readonly disagreement: number;
  readonly votes: readonly PanelVote[];
}

export type PanelOutcome =
  | { readonly ok: true; readonly finding: PanelFinding }
  | { readonly ok: false; readonly error: string };

/** @param quorum how many judges must have graded; with fewer there is no grade. */
export function joinVotes(votes: readonly PanelVote[], rule: PanelRule, quorum: number): PanelOutcome {
  const values = votes.flatMap(({ value }) => value ?? []).sort((a, b) => a - b);
  if (values.length < Math.max(1, quorum)) {
    const why = votes.find(({ value }) => value === null)?.why ?? "There is no judge.";
    if (votes.length === 1) return { ok: false, error: why };
    return { ok: false, error: `${values.length} of ${votes.length} judges graded, ${quorum} must. ${why}` };
  }
  const disagreement = (values.at(-1) as number) - (values[0] as number);
  return { ok: true, finding: { value: joined(values, rule), disagreement, votes } };
}

function joined(values: readonly number[], rule: PanelRule): number {
  if (rule === "mean") return values.reduce((sum, value) => sum + value, 0) / values.length;
  if (rule === "median") {
    const middle = values.length / 2;
    const low = values[Math.ceil(middle) - 1] as number;
    return (low + (values[Math.floor(middle)] as number)) / 2;
  }
  const passed = values.filter((value) => value >= 0.5).length;
  return 2 * passed === values.length ? 0.5 : Number(2 * passed > values.length);
}
