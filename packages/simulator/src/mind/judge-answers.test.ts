/** Tests of judging: better answers get better marks, and judges have their biases. */

import { describe, expect, test } from "vitest";
import { answerPrompt } from "./answer-prompt.ts";
import type { MindReply, MindRequest, RequestedFormat } from "./mind-request.ts";

const QUESTION = "How do I get a refund for a broken lamp?";
const GOOD = "Open the billing page, choose the broken lamp and press refund.";
const POOR = "Bananas are yellow and grow in bunches.";

interface Asked extends Partial<MindRequest> {
  readonly text: string;
  readonly seed?: number;
}

function ask({ text, seed = 1, ...more }: Asked): MindReply {
  const format: RequestedFormat = { kind: "text" };
  const request: MindRequest = {
    model: "gpt-5",
    messages: [{ role: "user", text }],
    temperature: 0,
    format,
    effort: "none",
    ...more,
  };
  return answerPrompt(request, { seed, content: text, occurrence: 0 });
}

const rate = (answer: string): string =>
  `Rate the answer from 1 to 5. Reply with the number only.\n\nQuestion: ${QUESTION}\nAnswer: ${answer}`;
const compare = (first: string, second: string): string =>
  `Which answer is better? Reply with A, B or tie.\n<question>${QUESTION}</question>\n<answer_a>${first}</answer_a>\n<answer_b>${second}</answer_b>`;

describe("one answer", () => {
  test("gets a mark on the scale of the prompt, better with more of what was asked", () => {
    const marks = [GOOD, "Ask somebody about the refund.", POOR, "I don't know."].map((answer) =>
      Number(ask({ text: rate(answer) }).text),
    );
    expect(marks).toEqual(marks.toSorted((left, right) => right - left));
    expect(marks[0]).toBeGreaterThanOrEqual(4);
    expect(marks[2]).toBeLessThanOrEqual(2);
    expect(marks.every((mark) => Number.isInteger(mark) && mark >= 1 && mark <= 5)).toBe(true);
  });

  test("is held against its reference", () => {
    const judged = (answer: string): number =>
      Number(
        ask({
          text: `Score the response between 0 and 10, just the number.\n<reference>${GOOD}</reference>\n<response>${answer}</response>`,
        }).text,
      );
    expect(judged("Choose the broken lamp on the billing page, then press refund.")).toBeGreaterThan(7);
    expect(judged(POOR)).toBeLessThan(3);
  });

  test("passes or fails in the words of the prompt", () => {
    const verdict = (answer: string): string =>
      ask({
        text: `Does the response answer the question? Answer pass or fail.\nQuestion: ${QUESTION}\nResponse: ${answer}`,
      }).text;
    expect([verdict(GOOD), verdict(POOR)]).toEqual(["pass", "fail"]);
  });

  test("gets a mark per criterion in a schema", () => {
    const schema = {
      type: "object",
      properties: {
        concise: { type: "integer", minimum: 1, maximum: 5 },
        friendly: { type: "integer", minimum: 1, maximum: 5 },
        acceptable: { type: "boolean" },
        reason: { type: "string" },
      },
      required: ["concise", "friendly", "acceptable", "reason"],
    };
    const text = `Grade the answer by this rubric.\n- concise: short\n- friendly: polite words\n\nQuestion: ${QUESTION}\nAnswer: ${GOOD}`;
    const marks = JSON.parse(ask({ text, format: { kind: "schema", schema } }).text);
    expect(marks.concise).toBeGreaterThan(marks.friendly);
    expect(marks.acceptable).toBe(true);
    expect(marks.reason).toContain("refund");
  });

  test("gets a mark and a reason in JSON", () => {
    const text = `${rate(GOOD)}\n\nReturn JSON {"score": 1, "reason": "..."}.`;
    expect(JSON.parse(ask({ text, format: { kind: "json" } }).text)).toEqual({
      score: expect.any(Number),
      reason: expect.stringContaining("refund"),
    });
  });
});

describe("two answers", () => {
  test("the better one wins on either side", () => {
    expect(ask({ text: compare(GOOD, POOR) }).text).toBe("A");
    expect(ask({ text: compare(POOR, GOOD) }).text).toBe("B");
  });

  const twins: readonly (readonly [string, string])[] = Array.from({ length: 100 }, (_, index) => [
    `Press refund on page ${index}.`,
    `On page ${index} press refund.`,
  ]);
  const shareOfFirst = (model: string): number =>
    twins.filter(([one, two]) => ask({ text: compare(one, two), model }).text.includes("A")).length /
    twins.length;

  test("equal ones go to the first more often, the more so with a biased judge", () => {
    const shareOfSecond = twins.filter(
      ([one, two]) => ask({ text: compare(one, two), model: "gpt-5-nano" }).text === "B",
    ).length;
    expect(shareOfFirst("gpt-5-nano")).toBeGreaterThan(shareOfSecond / twins.length + 0.2);
    expect(shareOfFirst("gpt-5-nano")).toBeGreaterThan(shareOfFirst("claude-opus-4-5") + 0.2);
  });

  test("a longer one gains without saying more", () => {
    const padding = "In general it may well be that one could perhaps do this and that.";
    const wins = (first: string, second: string): number =>
      Array.from({ length: 60 }, (_, seed) =>
        ask({ text: compare(first, second), model: "gemini-2.5-flash", seed }),
      ).filter(({ text }) => text === "B").length;
    expect(wins("Press refund.", `Press refund. ${padding}`)).toBeGreaterThan(
      wins("Press refund.", "Press refund!") + 5,
    );
  });
});

test("a prompt with an answer in it that judges nothing is not judged", () => {
  const text =
    "Is this billing, bug or other?\nTicket: It crashed.\nAnswer: bug\n\nTicket: The app crashes again.\nAnswer:";
  expect(ask({ text }).label).toBe("bug");
});
