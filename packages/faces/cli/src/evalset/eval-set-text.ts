/** Says in words what became of an eval set, and what is in it. */
import type { ChangedEvalSet, EvalSetRow, ShownEvalSet } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { shortHash, shortTime, textTable } from "../text-table.ts";

export function setName({ name, version }: Pick<EvalSetRow, "name" | "version">): string {
  return `${name}@v${version}`;
}

export function changedText(changed: ChangedEvalSet): string {
  const { cases, change, folded, filledScorers, contracts, created, unchanged, owner, refreshDays } = changed;
  const { added, removed, movedToTest } = change;
  const what = unchanged
    ? "is as it was: nothing was recorded"
    : created
      ? `is recorded (${shortHash(changed.hash)})`
      : "keeps its cases; its owner or interval is recorded";
  const lines = [
    `${setName(changed)} ${what}.`,
    `${cases.dev} dev and ${cases.test} test cases: ${added.length} added, ${change.changed.length} changed, ${removed.length} removed.`,
  ];
  if (owner !== null || refreshDays !== null) {
    const every = refreshDays === null ? "" : `, to be refreshed every ${refreshDays} days`;
    lines.push(`Owner ${owner ?? "nobody"}${every}.`);
  }
  for (const { place, sameAs } of folded) lines.push(`The case of ${place} is that of ${sameAs}, kept once.`);
  if (filledScorers.length > 0)
    lines.push(`Scored by ${filledScorers.join(", ")}, for want of named scorers.`);
  if (contracts.length > 0) lines.push(`The cases fit the contract of ${contracts.join(", ")}.`);
  if (movedToTest.length > 0) {
    lines.push(`${movedToTest.length} cases were in dev before, so test cases may have been tuned against.`);
  }
  return lines.join("\n");
}

/** Cases beyond these are told by their number; JSON has them all. */
const SHOWN_CASES = 20;

export function showText(paint: Paint, shown: ShownEvalSet): string {
  const { cases, scorers, slices, versions } = shown;
  const facts = [
    `${paint.bold(setName(shown))} ${shortHash(shown.hash)}, made ${shortTime(shown.at)} by ${shown.by}`,
    `owner    ${shown.owner ?? "–"}`,
    `due      ${dueText(shown)}`,
    `prompts  ${shown.prompts.join(", ") || "–"}`,
    `cases    ${shown.dev} dev, ${shown.test} test, ${shown.clusters} clusters of several cases`,
    `scorers  ${scorers.map(({ scorer, negate, required }) => `${negate ? "not " : ""}${scorer}${required ? " (required)" : ""}`).join(", ") || "of each case"}`,
  ];
  const right = { align: "right" } as const;
  const sliceTable = textTable(
    slices,
    [
      { title: "slice", cell: ({ tag }) => tag },
      { title: "dev", cell: ({ dev }) => dev, ...right },
      { title: "test", cell: ({ test }) => test, ...right },
    ],
    paint,
  );
  const versionTable = textTable(
    versions,
    [
      { title: "version", cell: ({ version }) => `v${version}` },
      { title: "made", cell: ({ at }) => shortTime(at) },
      { title: "by", cell: ({ by }) => by },
      { title: "dev", cell: ({ dev }) => dev, ...right },
      { title: "test", cell: ({ test }) => test, ...right },
    ],
    paint,
  );
  const more = cases.length - SHOWN_CASES;
  return [
    facts.join("\n"),
    ...(slices.length === 0 ? [] : [sliceTable]),
    versionTable,
    caseTable(paint, cases.slice(0, SHOWN_CASES)),
    ...(more > 0 ? [`and ${more} more; --json has them all`] : []),
  ].join("\n\n");
}

export function dueText({ due, overdue, days }: EvalSetRow): string {
  if (due === null) return `never; it is ${days} days old`;
  return overdue ? `overdue since ${due.slice(0, 10)}; it is ${days} days old` : due.slice(0, 10);
}

function caseTable(paint: Paint, cases: ShownEvalSet["cases"]): string {
  return textTable(
    cases,
    [
      { title: "case", cell: ({ id }) => id },
      { title: "split", cell: ({ split }) => split },
      { title: "tags", cell: ({ tags }) => tags.join(", ") },
      { title: "cluster", cell: ({ cluster }) => (cluster === null ? null : cut(cluster, 20)) },
      {
        title: "expected",
        cell: ({ expected }) => (expected.kind === "none" ? null : cut(written(expected.value), 30)),
      },
      { title: "variables", cell: ({ variables }) => cut(JSON.stringify(variables), 60) },
    ],
    paint,
  );
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
