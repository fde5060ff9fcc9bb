/** Tests of the mind: better prompts classify better, formats are kept or broken as they deserve. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ticketCorpus } from "../tickets/ticket-corpus.ts";
import { triageBodies } from "../tickets/triage-bodies.ts";
import { answerPrompt } from "./answer-prompt.ts";
import type { MindReply, MindRequest } from "./mind-request.ts";

interface Asked extends Partial<MindRequest> {
  readonly text: string;
  readonly occurrence?: number;
  readonly seed?: number;
}

function ask({ text, occurrence = 0, seed = 1, ...more }: Asked): MindReply {
  const request: MindRequest = {
    model: "gpt-5-mini",
    messages: [{ role: "user", text }],
    temperature: 1,
    format: { kind: "text" },
    effort: "none",
    ...more,
  };
  return answerPrompt(request, { seed, content: JSON.stringify(request), occurrence });
}

const TICKETS = ticketCorpus(11, 400);

function accuracy(body: string, more: Partial<MindRequest> = {}, seed = 1): number {
  const right = TICKETS.filter(
    ({ ticket, label }) => ask({ text: body.replace("{{ticket}}", ticket), seed, ...more }).label === label,
  );
  return right.length / TICKETS.length;
}

function shareOf(body: string, pattern: RegExp): number {
  const hits = TICKETS.filter(({ ticket }) =>
    pattern.test(ask({ text: body.replace("{{ticket}}", ticket) }).text),
  );
  return hits.length / TICKETS.length;
}

const LABEL_ONLY = /^(?:billing|bug|other)$/;

describe("over 400 tickets", () => {
  test.each(["gpt-5-nano", "gpt-5-mini", "gpt-5"])(
    "%s gains from definitions, and again from examples",
    (model) => {
      const bare = accuracy(triageBodies.bare, { model });
      const defined = accuracy(triageBodies.defined, { model });
      const exemplified = accuracy(triageBodies.exemplified, { model });
      expect(bare).toBeGreaterThan(0.4);
      expect(defined).toBeGreaterThan(bare + 0.1);
      expect(exemplified).toBeGreaterThan(defined + 0.05);
      expect(exemplified).toBeLessThan(1);
    },
  );

  test.each([1, 2, 3])("misleading definitions do worse than none (seed %i)", (seed) => {
    expect(accuracy(triageBodies.worse, {}, seed)).toBeLessThan(accuracy(triageBodies.bare, {}, seed) - 0.08);
  });

  test("a definition cut out of a prompt costs what only it explained", () => {
    const without = triageBodies.defined.replace(/^- bug:.*$/m, "- bug");
    expect(accuracy(without)).toBeLessThan(accuracy(triageBodies.defined) - 0.05);
  });

  test("larger models read better", () => {
    const [nano, mini, large] = ["gpt-5-nano", "gpt-5-mini", "gpt-5"].map((model) =>
      accuracy(triageBodies.defined, { model }),
    );
    expect(mini).toBeGreaterThan(nano ?? 1);
    expect(large).toBeGreaterThan(mini ?? 1);
  });

  test("heat costs accuracy", () => {
    expect(accuracy(triageBodies.defined, { temperature: 2 })).toBeLessThan(
      accuracy(triageBodies.defined, { temperature: 0 }),
    );
  });
});

describe("the format of the answer", () => {
  const asked = (instruction: string): string =>
    `Is this billing, bug or other?\n${instruction}\n\nTicket: {{ticket}}`;

  test("is the bare label almost always when that is asked", () => {
    const share = shareOf(asked("Answer with the label only."), LABEL_ONLY);
    expect(share).toBeGreaterThan(0.95);
    expect(share).toBeLessThan(1);
  });

  test("is mostly a sentence when nothing is asked", () => {
    expect(shareOf(triageBodies.bare, LABEL_ONLY)).toBeLessThan(0.3);
    expect(shareOf(triageBodies.bare, /\b(?:billing|bug|other)\b.*\.$/)).toBeGreaterThan(0.7);
  });

  test("breaks in a share of the answers when the wishes contradict each other or stay vague", () => {
    for (const wish of ["Answer in one word and explain why.", "Be concise about the ticket."]) {
      const share = shareOf(asked(wish), LABEL_ONLY);
      expect(share).toBeGreaterThan(0.3);
      expect(share).toBeLessThan(0.7);
    }
  });

  test("is JSON with the keys asked for", () => {
    const body = asked('Answer as JSON {"label": "...", "reason": "...", "confidence": 0.9}.');
    expect(
      shareOf(body, /^\{"label":"(?:billing|bug|other)","reason":".+","confidence":[\d.]+\}$/),
    ).toBeGreaterThan(0.95);
  });

  test("is always JSON when the request enforces it", () => {
    for (const { ticket } of TICKETS) {
      const text = asked("Answer as JSON.").replace("{{ticket}}", ticket);
      const { text: json, label } = ask({ text, format: { kind: "json" } });
      expect(JSON.parse(json)).toEqual({ label });
    }
  });

  test("explains itself with words of the text", () => {
    const text = asked("Explain why.")
      .replace("{{ticket}}", "The crash lost my draft.")
      .replace("bug or", "bug (crash) or");
    expect(ask({ text, temperature: 0 }).text).toMatch(/bug.*"crash"/);
  });
});

test("the same request, seed and occurrence give the same answer; each of the three matters", () => {
  const texts = TICKETS.map(({ ticket }) => triageBodies.bare.replace("{{ticket}}", ticket));
  const run = (more: Partial<Asked>): string => texts.map((text) => ask({ text, ...more }).text).join("\n");
  expect(run({})).toBe(run({}));
  expect(run({ occurrence: 1 })).not.toBe(run({}));
  expect(run({ seed: 2 })).not.toBe(run({}));
});

test("at temperature 0 repeats do not differ", () => {
  for (const { ticket } of TICKETS.slice(0, 50)) {
    const text = triageBodies.bare.replace("{{ticket}}", ticket);
    expect(ask({ text, temperature: 0, occurrence: 7 })).toEqual(ask({ text, temperature: 0 }));
  }
});

test("a prompt that wants no label gets the leading informative sentences", () => {
  const text =
    "Summarise the ticket in two sentences.\n\nHello,\nThe export of the March report hangs on my office laptop. It worked before the update. Best regards";
  expect(ask({ text })).toMatchObject({
    label: undefined,
    text: "The export of the March report hangs on my office laptop. It worked before the update.",
  });
});

test("any words get some answer, and a schema is kept whatever the words", () => {
  const schema = {
    type: "object",
    properties: {
      label: { enum: ["billing", "bug"] },
      sure: { type: "boolean" },
      reason: { type: "string" },
    },
  };
  const line = fc.constantFrom(
    "Labels: a | b",
    "- a: x",
    "Ticket:",
    "<untrusted-1>",
    "</untrusted-1>",
    "a or b?",
    "{",
    "```",
  );
  const prompt = fc.array(fc.oneof(line, fc.string({ unit: "grapheme" }))).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(prompt, (text) => {
      expect(typeof ask({ text }).text).toBe("string");
      const filled = JSON.parse(ask({ text, format: { kind: "schema", schema } }).text);
      expect(["billing", "bug"]).toContain(filled.label);
      expect([typeof filled.sure, typeof filled.reason]).toEqual(["boolean", "string"]);
    }),
    { seed: 1, numRuns: 300 },
  );
  expect(ask({ text: "Hello!" }).text).toBe("Hello!");
});
