/** Says in words what an audit of an eval set found. */
import type { AuditedSet } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { textTable } from "../text-table.ts";
import { cut, dueText, setName } from "./eval-set-text.ts";

/** Findings of a kind beyond these are told by their number; JSON has them all. */
const SHOWN = 10;

export function auditText(paint: Paint, audited: AuditedSet): string {
  return [
    factsText(paint, audited),
    powerText(paint, audited),
    ...findings(paint, audited),
    audited.ok ? paint.green("Nothing is wrong with the set itself.") : paint.red("The set wants attention."),
  ].join("\n\n");
}

function factsText(paint: Paint, audited: AuditedSet): string {
  const { dev, test, devClusters, testClusters, owner, bodies } = audited;
  return [
    paint.bold(setName(audited)),
    `due     ${dueText(audited)}; owner ${owner ?? "nobody"}`,
    `size    ${dev} dev cases (${devClusters} independent), ${test} test cases (${testClusters} independent)`,
    `bodies  ${bodies.join(", ") || "none: no prompt names the set"}`,
  ].join("\n");
}

function powerText(paint: Paint, { power }: AuditedSet): string {
  const told = (needed: number, enough: boolean): string => `${needed}${enough ? "" : " (too few)"}`;
  const table = textTable(
    power,
    [
      { title: "margin", cell: ({ margin }) => `${margin * 100} pp` },
      {
        title: "test cases needed, pass or fail",
        cell: ({ needed, enough }) => told(needed.passFail, enough.passFail),
        align: "right",
      },
      { title: "graded", cell: ({ needed, enough }) => told(needed.graded, enough.graded), align: "right" },
    ],
    paint,
  );
  return `${table}\nAssumed until runs measure it: one case in ten differs; graded differences of 0.15 (standard deviation).`;
}

function findings(paint: Paint, audited: AuditedSet): readonly string[] {
  const { overdue, nearDuplicates, leaks, erased } = audited;
  return [
    ...(overdue
      ? [`${paint.red("overdue")} The set is overdue for a refresh: import it anew with fresh cases.`]
      : []),
    ...list(
      `${paint.red("shared")} Cases of dev and test are nearly the same; give them one cluster, or take one out:`,
      nearDuplicates.map(
        ({ dev, test, similarity }) =>
          `${dev} (dev) and ${test} (test), ${Math.round(similarity * 100)} % alike`,
      ),
    ),
    ...list(
      `${paint.red("leaked")} Words of cases stand in a body:`,
      leaks.map(({ case: id, split, version, span }) => `${id} (${split}) in ${version}: “${cut(span, 70)}”`),
    ),
    ...list(
      `${paint.red("erased")} Subjects of these cases' calls were erased; take the cases out with a new version:`,
      erased,
    ),
    coverageText(paint, audited),
  ];
}

function list(title: string, rows: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  const more = rows.length - SHOWN;
  const shown = rows.slice(0, SHOWN).map((row) => `  ${row}`);
  return [[title, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n")];
}

function coverageText(paint: Paint, { coverage }: AuditedSet): string {
  if (coverage.state === "insufficient") return `Traffic: insufficient: ${coverage.reason}.`;
  const { calls, captured, covered, uncovered, scattered } = coverage;
  const share = Math.round((covered / captured) * 100);
  const lead = `Traffic: of ${calls} calls ${captured} were captured; ${share} % of those are like a case, ${scattered} stand apart.`;
  const groups = uncovered.map((group) => `${group.calls} calls such as ${group.example}`);
  return [lead, ...list(`${paint.yellow("uncovered")} No case is like:`, groups)].join("\n");
}
