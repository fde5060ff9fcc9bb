/** The figures of several suites as one Markdown table, for the documentation. */
import type { MachineFacts } from "../machine.ts";
import { formatBudget, formatNumber, formatVerdict } from "./format-figure.ts";
import type { SuiteResult } from "./suite-result.ts";

function caption({ cores, cpu, memoryGb, platform, node, date }: MachineFacts): string {
  const cpuName = cpu === "unknown" ? "" : ` (${cpu})`;
  return `Node ${node}, ${platform}, ${cores} cores${cpuName}, ${memoryGb} GB, ${date.slice(0, 10)}.`;
}

/** Empty for no results. */
export function markdownTable(results: readonly SuiteResult[]): string {
  const machines = new Set(results.map(({ machine }) => caption(machine)));
  const rows = results.flatMap(({ suite, figures }) =>
    figures.map((figure, index) => {
      const cells = [
        index === 0 ? `\`${suite}\`` : "",
        figure.name,
        `${formatNumber(figure.value)} ${figure.unit}`,
        formatBudget(figure),
        formatVerdict(figure),
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  );
  return [
    ...machines,
    "",
    "| Suite | Figure | Measured | Budget | |",
    "|---|---|---:|---:|---|",
    ...rows,
  ].join("\n");
}
