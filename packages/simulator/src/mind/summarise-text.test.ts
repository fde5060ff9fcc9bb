/** Tests of summaries: as long as asked, in the words of the text. */

import { expect, test } from "vitest";
import { answerPrompt } from "./answer-prompt.ts";

const TEXT =
  "The export of the March report hangs on my laptop. It worked before the update last week. The log shows a timeout after a minute. Colleagues in the other office see the same.";

function ask(instruction: string, { model = "gpt-5", content = "" } = {}): string {
  const text = `${instruction}\n\n<text>${TEXT}</text>`;
  return answerPrompt(
    { model, messages: [{ role: "user", text }], temperature: 1, format: { kind: "text" }, effort: "none" },
    { seed: 1, content: text + content, occurrence: 0 },
  ).text;
}

test.each([
  ["Summarise the text in one sentence.", 1],
  ["Give a three-sentence summary of the text.", 3],
  ["Summarise the text in 2 short sentences.", 2],
])("%s", (instruction, count) => {
  expect(ask(instruction).split(/(?<=\.)\s/)).toHaveLength(count);
});

test("words are counted and points are set", () => {
  expect(ask("Summarise the text in at most 12 words.").split(/\s+/).length).toBeLessThanOrEqual(12);
  const points = ask("Summarise the text as 3 bullet points.").split("\n");
  expect(points).toHaveLength(3);
  expect(points.every((point) => point.startsWith("- "))).toBe(true);
});

test("a less obedient model runs over more often", () => {
  const over = (model: string): number =>
    Array.from({ length: 300 }, (_, index) =>
      ask("Summarise the text in one sentence.", { model, content: String(index) }),
    ).filter((summary) => summary.split(/(?<=\.)\s/).length > 1).length;
  expect(over("gemini-2.5-flash-lite")).toBeGreaterThan(over("claude-opus-4-5") + 5);
});
