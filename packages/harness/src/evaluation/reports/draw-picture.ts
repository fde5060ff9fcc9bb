/** Draws the pictures of a report as inline SVG, without scripts. */
import { escapeHtml } from "./escape-html.ts";
import type { HeatCell, Histogram, IntervalRow, Picture } from "./report.ts";

const WIDTH = 640;
const LABELS = 150;
/** Characters that fit beside a picture. */
const LONGEST_NAME = 26;

export function drawPicture(picture: Picture): string {
  switch (picture.kind) {
    case "histograms":
      return drawHistograms(picture);
    case "intervals":
      return drawIntervals(picture);
    case "heat-map":
      return drawHeatMap(picture);
  }
}

function svg(height: number, title: string, body: readonly string[]): string {
  const label = escapeHtml(title);
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}"><title>${label}</title>${body.join("")}</svg>`;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "middle" | "end";
  readonly isName?: boolean;
}

function text({ x, y, anchor, isName = false }: Place, content: string): string {
  const aligned = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  const named = isName ? ' class="name"' : "";
  const shown = isName && content.length > LONGEST_NAME ? `${content.slice(0, LONGEST_NAME - 1)}…` : content;
  return `<text x="${round(x)}" y="${round(y)}"${aligned}${named}>${escapeHtml(shown.toWellFormed())}</text>`;
}

function round(value: number): string {
  return String(Number(value.toFixed(1)));
}

const ROW = 90;

/** One below the other on the same scale, so that shapes can be compared. */
function drawHistograms({ title, unit, series }: Extract<Picture, { readonly kind: "histograms" }>): string {
  const highest = Math.max(1, ...series.flatMap(({ counts }) => counts));
  const rows = series.map((one, row) => drawHistogram(one, { row, highest, unit }));
  return svg(series.length * ROW + 4, title, rows);
}

function drawHistogram(
  { name, from, to, counts }: Histogram,
  { row, highest, unit }: { readonly row: number; readonly highest: number; readonly unit: string },
): string {
  const top = row * ROW;
  const base = top + ROW - 22;
  const wide = (WIDTH - LABELS - 10) / counts.length;
  const bars = counts.map((count, at) => {
    const height = (count / highest) * (ROW - 34);
    const part = (to - from) / counts.length;
    const range = `${(from + at * part).toFixed(2)} to ${(from + (at + 1) * part).toFixed(2)}`;
    const said = escapeHtml(`${range}: ${count} ${unit}`);
    return `<rect class="s${row % 3}" x="${round(LABELS + at * wide)}" y="${round(base - height)}" width="${round(wide - 1)}" height="${round(height)}"><title>${said}</title></rect>`;
  });
  return [
    text({ x: 0, y: base - 10, isName: true }, name),
    ...bars,
    `<line x1="${LABELS}" x2="${WIDTH - 10}" y1="${base}" y2="${base}" class="axis"/>`,
    text({ x: LABELS, y: base + 14 }, String(from)),
    text({ x: WIDTH - 10, y: base + 14, anchor: "end" }, String(to)),
    text({ x: LABELS - 6, y: top + 20, anchor: "end" }, String(highest)),
  ].join("");
}

const LINE = 26;

function drawIntervals({ title, limit, rows }: Extract<Picture, { readonly kind: "intervals" }>): string {
  const ends = rows.flatMap(({ value, lower, upper }) => [value, lower ?? value, upper ?? value]);
  const least = Math.min(limit?.at ?? 0, 0, ...ends);
  const most = Math.max(limit?.at ?? 0, 0, ...ends);
  const pad = (most - least || 1) * 0.05;
  const scale = (value: number): number =>
    LABELS + ((value - least + pad) / (most - least + 2 * pad)) * (WIDTH - LABELS - 10);
  const height = rows.length * LINE + 24;
  // The name of the limit stands on its far side, since it is often near zero.
  const mark = (at: number, name: string, kind: string): string =>
    `<line class="${kind}" x1="${round(scale(at))}" x2="${round(scale(at))}" y1="0" y2="${height - 18}"/>${text({ x: scale(at), y: height - 4, anchor: kind === "limit" ? "end" : "middle" }, name)}`;
  return svg(height, title, [
    mark(0, "0", "axis"),
    ...(limit === null ? [] : [mark(limit.at, `${limit.name} ${(100 * limit.at).toFixed(1)}`, "limit")]),
    ...rows.map((row, at) => drawInterval(row, at * LINE + LINE / 2, scale)),
  ]);
}

function drawInterval(
  { name, value, lower, upper }: IntervalRow,
  y: number,
  scale: (value: number) => number,
): string {
  const range =
    lower === null || upper === null
      ? ""
      : `<line class="range" x1="${round(scale(lower))}" x2="${round(scale(upper))}" y1="${y}" y2="${y}"/>`;
  const shown = (one: number | null): string => (one === null ? "unknown" : (100 * one).toFixed(1));
  const said = escapeHtml(`${name}: ${shown(value)} (${shown(lower)} to ${shown(upper)})`);
  return `<g><title>${said}</title>${text({ x: 0, y: y + 4, isName: true }, name)}${range}<circle class="s0" cx="${round(scale(value))}" cy="${y}" r="4"/></g>`;
}

const CELL = 24;

function drawHeatMap({ title, columns, rows }: Extract<Picture, { readonly kind: "heat-map" }>): string {
  const wide = Math.min(120, (WIDTH - LABELS) / Math.max(1, columns.length));
  const head = columns.map((name, at) =>
    text({ x: LABELS + at * wide + wide / 2, y: 14, anchor: "middle" }, name),
  );
  const cell = ({ label, tone }: HeatCell, at: number, row: number): string => {
    const [x, y] = [LABELS + at * wide, 22 + row * CELL];
    return `<g><title>${escapeHtml(label)}</title><rect class="${tone}" x="${round(x + 1)}" y="${y}" width="${round(wide - 2)}" height="${CELL - 2}" rx="3"/>${text({ x: x + wide / 2, y: y + 15, anchor: "middle" }, label)}</g>`;
  };
  const body = rows.map(
    ({ name, cells }, row) =>
      text({ x: 0, y: 22 + row * CELL + 15, isName: true }, name) +
      cells.map((one, at) => cell(one, at, row)).join(""),
  );
  return svg(28 + rows.length * CELL, title, [...head, ...body]);
}
