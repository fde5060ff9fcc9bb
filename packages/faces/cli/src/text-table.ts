/** Lays rows out in columns for people. */
import type { Paint } from "./cli.ts";

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => string | number | null | undefined;
  readonly align?: "right";
  readonly color?: (text: string, row: T, paint: Paint) => string;
}

/** A table without frames; what is absent is shown as a dash. */
export function textTable<T>(rows: readonly T[], columns: readonly Column<T>[], paint: Paint): string {
  const cells = rows.map((row) => columns.map(({ cell }) => plain(cell(row))));
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => (row[at] ?? "").length)),
  );
  const head = columns.map((column, at) => pad(column.title, widths[at] ?? 0, column.align)).join("  ");
  const body = cells.map((row, index) =>
    columns
      .map((column, at) => {
        const text = pad(row[at] ?? "", widths[at] ?? 0, column.align);
        return column.color === undefined ? text : column.color(text, rows[index] as T, paint);
      })
      .join("  ")
      .trimEnd(),
  );
  return [paint.bold(head.trimEnd()), ...body].join("\n");
}

function plain(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === "") return "–";
  // Control characters of a subject's id or reason must not reach the terminal.
  return String(value).replaceAll(/\p{Cc}/gu, " ");
}

function pad(text: string, width: number, align?: "right"): string {
  return align === "right" ? text.padStart(width) : text.padEnd(width);
}

/** A time as people read it: to the second, in UTC. */
export function shortTime(iso: string | null | undefined): string | null {
  return iso === null || iso === undefined ? null : `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}

export function shortHash(hash: string | null | undefined): string | null {
  return hash === null || hash === undefined ? null : hash.slice(0, 12);
}

export function versionName(version: number | null | undefined): string {
  return version === null || version === undefined ? "code" : `v${version}`;
}
