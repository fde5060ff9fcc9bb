/** Writes a comparison of two texts for a pull request. */
import { type Comparison, escapeMarkdown, hunksOf } from "@colophon/harness";
import { checkLines, fieldChanges, figureLines, sideName } from "./comparison-lines.ts";
import { hunkTitle, messageTitle } from "./comparison-text.ts";

export interface MarkdownSize {
  /** More lines of a text's changes are counted and left out. */
  readonly mostLines: number;
}

const MOST_LINES = 400;

export function comparisonMarkdown(
  comparison: Comparison,
  { mostLines }: MarkdownSize = { mostLines: MOST_LINES },
): string {
  const { key, before, after } = comparison;
  const title = `### ${escapeMarkdown(`${key}: ${sideName(before, "nothing")} → ${sideName(after, "nothing")}`)}`;
  const lines = [...figureLines(comparison), ...checkLines(comparison)];
  return [
    title,
    "",
    ...lines.map(({ name, value }) => `- **${escapeMarkdown(name)}**: ${escapeMarkdown(value)}`),
    ...comparison.notes.map((note) => `- ${escapeMarkdown(note)}`),
    "",
    ...changeMarkdown(comparison, mostLines),
  ].join("\n");
}

/** The words that differ as a block that hosts colour, and a table of everything else that does. */
function changeMarkdown(comparison: Comparison, mostLines: number): readonly string[] {
  if (comparison.same) return ["No difference.", ""];
  const words = wordLines(comparison);
  const left = words.length - mostLines;
  const shown = words.slice(0, mostLines);
  const fields = fieldChanges(comparison);
  return [
    ...(shown.length === 0 ? [] : fenced(shown)),
    ...(left > 0 ? [`${left} more lines are left out.`, ""] : []),
    ...(fields.length === 0 ? [] : ["| field | before | after |", "| --- | --- | --- |"]),
    ...fields.map(
      (field) => `| ${[field.path, field.before, field.after].map(escapeMarkdown).join(" | ")} |`,
    ),
    ...(fields.length === 0 ? [] : [""]),
  ];
}

function wordLines({ body, locales }: Comparison): readonly string[] {
  const bodies = [
    { title: "body", body },
    ...locales.map((one) => ({ title: `locale ${one.locale}`, body: one.body })),
  ];
  return bodies.flatMap(({ title, body: { messages } }) =>
    messages
      .filter(({ change }) => change !== "same")
      .flatMap((message) =>
        hunksOf(message.lines).flatMap((hunk) => [
          `@@ ${title}${messageTitle(message)}, ${hunkTitle(hunk)} @@`,
          ...hunk.lines.map(({ change, text }) => `${SIGNS[change]}${text}`),
        ]),
      ),
  );
}

const SIGNS = { added: "+", removed: "-", same: " " } as const;

/** Whatever the lines say, they do not end the block: its fence is longer than any in them. */
function fenced(lines: readonly string[]): readonly string[] {
  const text = lines.map((line) => line.replaceAll(/[\r\u2028\u2029]/g, " "));
  const longest = text
    .flatMap((line) => line.match(/`+/g) ?? [])
    .reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return [`${fence}diff`, ...text, fence, ""];
}
