/** Writes a comparison of two texts for a terminal: only what has changed, with two lines around it. */
import { type Comparison, hunksOf, type MessageDiff } from "@colophon/harness";
import type { Paint } from "../cli.ts";
import { type ComparisonLine, checkLines, fieldChanges, figureLines, sideName } from "./comparison-lines.ts";

export function comparisonText(comparison: Comparison, paint: Paint): string {
  const { key, before, after, notes } = comparison;
  const title = paint.bold(`${key}: ${sideName(before, "nothing")} → ${sideName(after, "nothing")}`);
  const lines = [...figureLines(comparison), ...checkLines(comparison)];
  return [
    title,
    ...(comparison.same ? ["No difference."] : changeText(comparison, paint)),
    "",
    ...lines.map((line) => `${line.name}: ${painted(line, paint)}`),
    ...notes.map((note) => paint.yellow(note)),
  ].join("\n");
}

function changeText(comparison: Comparison, paint: Paint): readonly string[] {
  return [
    ...bodyText("body", comparison.body.messages, paint),
    ...comparison.locales.flatMap(({ locale, body }) => bodyText(`locale ${locale}`, body.messages, paint)),
    ...fieldChanges(comparison).map(
      ({ path, before, after }) => `${path}: ${paint.red(before)} → ${paint.green(after)}`,
    ),
  ];
}

function bodyText(title: string, messages: readonly MessageDiff[], paint: Paint): readonly string[] {
  return messages
    .filter(({ change }) => change !== "same")
    .flatMap((message) => [
      paint.dim(`--- ${title}${messageTitle(message)}`),
      ...hunksOf(message.lines).flatMap((hunk, at) => [
        ...(at > 0 || hunk.after > 1 ? [paint.dim(`@ ${hunkTitle(hunk)}`)] : []),
        ...hunk.lines.map(({ change, text }) =>
          change === "added"
            ? paint.green(`+ ${text}`)
            : change === "removed"
              ? paint.red(`- ${text}`)
              : `  ${text}`,
        ),
        ...(hunk.words === null ? [] : [paint.dim("by word:"), wordText(hunk.words, paint)]),
      ]),
    ]);
}

/** The role, and what became of the message. */
export function messageTitle({ role, roleBefore, change }: MessageDiff): string {
  if (role === null) return "";
  const was = roleBefore === null ? "" : ` (was ${roleBefore})`;
  return change === "changed" ? ` ${role}${was}` : ` ${role} ${change}`;
}

export function hunkTitle({
  after,
  section,
}: {
  readonly after: number;
  readonly section: string | null;
}): string {
  return section === null ? `line ${after}` : `line ${after}, under ${section}`;
}

function wordText(
  words: readonly { readonly change: string; readonly text: string }[],
  paint: Paint,
): string {
  return words
    .map(({ change, text }) =>
      change === "added"
        ? paint.green(`{+${text}+}`)
        : change === "removed"
          ? paint.red(`[-${text}-]`)
          : text,
    )
    .join("");
}

function painted({ value, tone }: ComparisonLine, paint: Paint): string {
  if (tone === "good") return paint.green(value);
  if (tone === "bad") return paint.red(value);
  return tone === "open" ? paint.yellow(value) : value;
}
