/** Writes what is said of a branch for its pull request: the report, then what has changed, as long as there is room. */
import {
  type BranchReport,
  escapeMarkdown,
  type Report,
  renderReport,
  unacceptedFindings,
} from "@colophon/harness";
import { comparisonMarkdown } from "../diff/comparison-markdown.ts";

/** By which a comment of ours is found again. */
const MARKER = "<!-- colophon ci -->";

/** Hosts cut comments at 65,536 characters. */
const MOST_CHARACTERS = 60_000;
const MOST_LINES = 200;

export function branchMarkdown(report: BranchReport, shown: Report): string {
  let text = `${MARKER}\n${renderReport(shown, { format: "markdown", answer: null })}`;
  let left = 0;
  for (const prompt of report.prompts) {
    const { key, comparison } = prompt;
    if (comparison === null) continue;
    if (unacceptedFindings(prompt).some(({ rule }) => rule === "secret")) {
      // A comment outlives the commit that takes it back.
      text += `\nThe changes of ${escapeMarkdown(key)} are left out, since there is a secret in them.\n`;
      continue;
    }
    const section = [
      "",
      `<details><summary>${escapeMarkdown(key)}</summary>`,
      "",
      comparisonMarkdown(comparison, { mostLines: MOST_LINES }),
      "</details>",
      "",
    ].join("\n");
    if (left > 0 || text.length + section.length > MOST_CHARACTERS) left += 1;
    else text += section;
  }
  const base = escapeMarkdown(report.base);
  return left === 0
    ? text
    : `${text}\nThe changes of ${left} more are left out: \`colophon diff --changed\` ${base} shows them.\n`;
}
