/** Rollouts in words and tables. */
import type { MemberReading, RolloutRow, RolloutStatus } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { shortTime, textTable } from "../text-table.ts";

export function statusText(status: RolloutStatus, paint: Paint): string {
  const { keys, versions, baseline, environment, state, step, steps, share, since, reason } = status;
  const tried = versions.map((version) => `v${version}`).join(", ");
  const at = step < 0 ? "before its first step" : `step ${step + 1} of ${steps}`;
  const lines = [
    `${keys.join(", ")}: ${tried} against v${baseline} in ${environment}`,
    `${colored(state, paint)}, ${at}, ${percent(share)} of the units, since ${shortTime(since)}: ${reason}`,
  ];
  if (status.guards.length > 0) lines.push("", guardTable(status.guards, keys.length > 1, paint));
  const { mismatch, shadow } = status;
  if (mismatch !== null) {
    const words = {
      watching: "arrive as planned",
      mismatch: "do not arrive as planned",
      "no-data": "are unknown",
    };
    lines.push(
      "",
      `Shares ${words[mismatch.state]}: ${mismatch.units} units, evidence ${figure(mismatch.evidence)} of ${mismatch.limit}.`,
    );
  }
  if (shadow !== null) {
    const spent =
      shadow.spent === null ? "unknown cost" : `${figure(shadow.spent.amount)} ${shadow.spent.currency}`;
    lines.push(
      "",
      `Shadow: ${shadow.calls} calls, ${shadow.pairs} pairs, difference ${figure(shadow.difference)}, ${spent}.`,
    );
  }
  return [...lines, ...nextLines(status)].join("\n");
}

function nextLines({ next }: RolloutStatus): readonly string[] {
  if (next === null) return [];
  if (next.moves) return ["", `The next look of a watcher makes it ${next.state} at ${percent(next.share)}.`];
  const until = next.until === null ? "" : ` (not before ${shortTime(next.until)})`;
  return ["", `It waits for${until}:`, ...next.waits.map((wait) => `- ${wait}`)];
}

function guardTable(guards: readonly MemberReading[], several: boolean, paint: Paint): string {
  return textTable(
    guards,
    [
      ...(several ? [{ title: "prompt", cell: ({ key }: MemberReading) => key }] : []),
      { title: "version", cell: ({ version }) => `v${version}` },
      { title: "metric", cell: ({ metric }) => metric },
      { title: "guard", cell: ({ kind, action }) => `${kind}, ${action}` },
      {
        title: "state",
        cell: ({ state }) => state,
        color: (text, { state }, colors) =>
          state === "fired" ? colors.red(text) : state === "cleared" ? colors.green(text) : text,
      },
      { title: "challenger", align: "right", cell: ({ challenger }) => figure(challenger) },
      { title: "control", align: "right", cell: ({ control }) => figure(control) },
      { title: "evidence", align: "right", cell: ({ evidence }) => figure(evidence) },
      { title: "fires at", align: "right", cell: ({ limit }) => figure(limit) },
      { title: "units", align: "right", cell: ({ units }) => units },
    ],
    paint,
  );
}

export function rolloutTable(rows: readonly RolloutRow[], paint: Paint): string {
  return textTable(
    rows,
    [
      { title: "prompt", cell: ({ key }) => key },
      { title: "versions", cell: ({ versions }) => versions.map((version) => `v${version}`).join(", ") },
      { title: "against", cell: ({ baseline }) => `v${baseline}` },
      { title: "environment", cell: ({ environment }) => environment },
      {
        title: "state",
        cell: ({ state }) => state,
        color: (text, { state }, paint) => colored(state, paint, text),
      },
      { title: "share", align: "right", cell: ({ share }) => percent(share) },
      { title: "since", cell: ({ since }) => shortTime(since) },
      { title: "why", cell: ({ reason }) => reason },
    ],
    paint,
  );
}

function colored(state: RolloutRow["state"], paint: Paint, text: string = state): string {
  switch (state) {
    case "completed":
      return paint.green(text);
    case "rolled-back":
    case "stopped":
      return paint.red(text);
    case "holding":
    case "waiting-for-approval":
      return paint.yellow(text);
    default:
      return text;
  }
}

/** Three figures that count; a dash for what is not known. */
function figure(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${figure(share * 100)} %`;
}
