/** A table of simulated or computed shares, and the claim that its rows must bear out. */

export interface ClaimRow {
  /** What the row is about. */
  readonly cell: string;
  /** Shares in [0, 1] by column. */
  readonly shares: Readonly<Record<string, number>>;
  /** Whether the claim holds in this row. */
  readonly holds: boolean;
}

export interface ClaimTable {
  readonly title: string;
  /** What must hold in every row. */
  readonly claim: string;
  /** How the shares came about. */
  readonly method: string;
  readonly rows: readonly ClaimRow[];
}

export function printClaim({ title, claim, method, rows }: ClaimTable): string {
  const columns = Object.keys(rows[0]?.shares ?? {});
  const table = [
    ["", ...columns, ""],
    ...rows.map(({ cell, shares, holds }) => [
      cell,
      ...columns.map((column) => percent(shares[column] ?? Number.NaN)),
      holds ? "" : "✗",
    ]),
  ];
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((text, at) => (at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const verdict = rows.every(({ holds }) => holds) ? "holds" : "DOES NOT HOLD";
  return `${title}\n${method}\n${lines.join("\n")}\nClaim: ${claim}: ${verdict}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The largest share that chance lets `draws` show where the truth is `level`: three standard errors. */
export function withChance(level: number, draws: number): number {
  return level + 3 * Math.sqrt((level * (1 - level)) / draws);
}
