/** Sentences that several prompts begin with. */

// The same words stand in routes/summaries.ts as well.
export const EXPERT = "You are an expert in customer support for a web shop.";

export const TONES = {
  formal: "Write formally, and never use exclamation marks.",
  friendly: "Write as you would to a friend.",
} as const;

/** What the triage may answer. */
export const TRIAGE_SYSTEM = `${EXPERT}
Sort the ticket: is it billing, bug or other?
Answer with one word, the label only.`;

export const DEFAULTS = { temperature: 0.2, max_tokens: 300 };
