/** Tells a scan as one HTML page that needs nothing beside itself: no script, no font, no request. */
import type { TextPiece } from "../../compare-bodies.ts";
import type { ClusterSummary } from "../cluster/summarize-clusters.ts";
import type { Finding } from "../finding.ts";
import type { ModelRow } from "./map-models.ts";
import type { PlacedFinding } from "./placed-finding.ts";
import { type FindingState, firstWords, type ScanReport, statesOf } from "./scan-report.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6475; --paper: #fff; --card: #f5f6f9; --line: #ccd2de; --good: #2e7d4f; --bad: #b3372f; --new: #9a6b00; --bar: #3b6ea8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ee; --soft: #9aa3b5; --paper: #161a22; --card: #1e2430; --line: #3a4150; --good: #6cc58f; --bad: #f08a80; --new: #e0b04c; --bar: #7fb0e6; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } h3 { font: 600 .95rem/1.5 ui-monospace, monospace; margin: 1.4rem 0 .4rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { text-align: left; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--soft); font-weight: 600; } .right { text-align: right; }
details { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; padding: .4rem .7rem; } summary { cursor: pointer; display: flex; gap: .7rem; align-items: baseline; }
.words { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .place, .soft { color: var(--soft); font-size: .88rem; } .new { color: var(--new); font-weight: 700; }
.bar { display: inline-block; width: 3rem; height: .5rem; border-radius: .25rem; background: linear-gradient(to right, var(--bar) var(--share), var(--line) var(--share)); }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .88rem/1.45 ui-monospace, monospace; margin: .5rem 0; } ins { color: var(--good); } del { color: var(--bad); }
`;

export function scanHtml(report: ScanReport): string {
  const { findings, clusters, models } = report;
  const stateOf = statesOf(report);
  const title = `${findings.length} prompt(s) in the code`;
  const byFile = [...Map.groupBy(findings, ({ file }) => file)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p>${safe(`${byFile.length} of ${report.files} files have prompts; ${report.lines} lines were read.${baselineSentence(report)}`)}</p>
${byFile.map(([file, own]) => `<h3>${safe(file)}</h3>${own.map((one) => findingHtml(one, stateOf(one))).join("")}`).join("\n")}
${clusters.length === 0 ? "" : `<h2>Nearly the same</h2>${clusters.map(clusterHtml).join("\n")}`}
${models.length === 0 ? "" : `<h2>Models</h2>${modelsHtml(models)}`}
${report.remarks.length === 0 ? "" : `<h2>What was not read</h2><ul>${report.remarks.map((one) => `<li>${safe(one)}</li>`).join("")}</ul>`}
${findings.length === 0 ? "" : "<h2>What to do next</h2><p><code>colophon extract</code> proposes keys, contracts and bodies for these prompts, and rewrites the calls.</p>"}
</body>
</html>
`;
}

function baselineSentence({ baseline }: ScanReport): string {
  if (baseline === null) return "";
  return ` ${baseline.fresh.length} of the findings are new since the baseline.`;
}

function findingHtml(finding: PlacedFinding, state: FindingState): string {
  const { line, text, confidence, client, model, role, cluster, name, placeholders, reason } = finding;
  const share = Math.round(confidence * 100);
  const facts = [
    ["client", client],
    ["model", model],
    ["role", role],
    ["bound to", name],
    ["variables", placeholders.map((one) => one.name).join(", ") || null],
    ["cluster", cluster],
    ["why", reason],
  ].flatMap(([key, value]) => (value == null ? [] : [`<tr><th>${key}</th><td>${safe(value)}</td></tr>`]));
  const isNew = state === "new" ? '<span class="new">new</span>' : "";
  return `<details><summary><span class="place">${line}</span><span class="bar" style="--share: ${share}%" title="confidence ${share} %"></span>${isNew}<span class="words">${safe(firstWords(text, 140))}</span></summary><pre>${safe(text)}</pre><table>${facts.join("")}</table></details>\n`;
}

function clusterHtml({ cluster, size, texts, central, others }: ClusterSummary): string {
  const wordings = texts === 1 ? "all the same" : `${texts} wordings`;
  const rows = others
    .map(({ finding, words }) => `<p class="place">${safe(placeOf(finding))}</p>${differenceHtml(words)}`)
    .join("");
  return `<details><summary><b>${cluster}</b><span>${size} prompts, ${wordings}</span><span class="words">${safe(firstWords(central.text, 100))}</span></summary><p class="place">${safe(placeOf(central))}, in the middle of them</p><pre>${safe(central.text)}</pre>${rows}</details>`;
}

function placeOf({ file, line }: Finding): string {
  return `${file}:${line}`;
}

function differenceHtml(words: readonly TextPiece[]): string {
  if (words.length === 0) return '<p class="soft">the same</p>';
  const pieces = words.map(({ change, text }) => {
    if (change === "same") return safe(text);
    return change === "added" ? `<ins>${safe(text)}</ins>` : `<del>${safe(text)}</del>`;
  });
  return `<pre>${pieces.join("")}</pre>`;
}

function modelsHtml(models: readonly ModelRow[]): string {
  const rows = models.map(({ model, client, prompts, calls, parameters }) => {
    const unknown = client === null ? "no call seen" : "unknown";
    const settings = parameters.map((one) => JSON.stringify(one)).join(" ");
    return `<tr><td>${safe(model ?? unknown)}</td><td>${safe(client ?? "–")}</td><td class="right">${prompts.length}</td><td class="right">${calls}</td><td>${safe(settings || "–")}</td></tr>`;
  });
  return `<table><tr><th>model</th><th>client</th><th class="right">prompts</th><th class="right">calls</th><th>parameters</th></tr>${rows.join("")}</table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters have no place in HTML, and reversed writing none in code that is shown. */
function safe(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
    .replaceAll(/[\u202A-\u202E\u2066-\u2069]|(?![\n\t])\p{Cc}/gu, "\uFFFD");
}
