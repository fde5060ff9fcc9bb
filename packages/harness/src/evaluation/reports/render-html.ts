/** Writes a report as one HTML page that needs nothing beside itself: no script, no font, no request. */
import { drawPicture } from "./draw-picture.ts";
import { escapeHtml } from "./escape-html.ts";
import type { Report, ReportTable } from "./report.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #667; --paper: #fff; --line: #ccd; --good: #2e7d4f; --bad: #b3372f; --open: #9a6b00; --a: #3b6ea8; --b: #c07a2c; --c: #5b8f5b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ee; --soft: #99a; --paper: #161a22; --line: #3a4150; --good: #6cc58f; --bad: #f08a80; --open: #e0b04c; --a: #7fb0e6; --b: #e3a766; --c: #94c794; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.state { font-weight: 700; } .state.ship, .state.done { color: var(--good); } .state.block, .state.invalid { color: var(--bad); } .state.inconclusive, .state.unfinished { color: var(--open); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } .right { text-align: right; } th { color: var(--soft); font-weight: 600; }
svg { width: 100%; height: auto; max-width: 48rem; } svg text { font: 11px system-ui, sans-serif; fill: var(--soft); } svg .name { fill: var(--ink); }
.s0 { fill: var(--a); } .s1 { fill: var(--b); } .s2 { fill: var(--c); } .axis { stroke: var(--line); } .limit { stroke: var(--bad); stroke-dasharray: 4 3; } .range { stroke: var(--a); stroke-width: 2; }
.good { fill: var(--good); opacity: .55; } .bad { fill: var(--bad); opacity: .55; } .stale { fill: var(--open); opacity: .45; } .open { fill: var(--a); opacity: .3; } .none { fill: var(--line); }
`;

export function renderHtml({ title, state, facts, reasons, tables, pictures }: Report): string {
  const head = escapeHtml(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${head}: ${state}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${head}: <span class="state ${state}">${state}</span></h1>
<ul>${reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join("")}</ul>
<table>${facts.map(({ name, value }) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join("")}</table>
${pictures.map((picture) => `<h2>${escapeHtml(picture.title)}</h2>${drawPicture(picture)}`).join("\n")}
${tables.map(tableHtml).join("\n")}
</body>
</html>
`;
}

function tableHtml({ title, columns, rows, rest }: ReportTable): string {
  const side = (at: number): string => (columns[at]?.align === "right" ? ' class="right"' : "");
  const head = columns.map((column, at) => `<th${side(at)}>${escapeHtml(column.title)}</th>`).join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell, at) => `<td${side(at)}>${escapeHtml(cell)}</td>`).join("")}</tr>`)
    .join("");
  const more = rest === null ? "" : `<p>${escapeHtml(rest)}</p>`;
  return `<h2>${escapeHtml(title)}</h2><table><tr>${head}</tr>${body}</table>${more}`;
}
