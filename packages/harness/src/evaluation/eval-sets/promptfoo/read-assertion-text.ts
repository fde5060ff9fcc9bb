/** Reads an assertion out of a cell of a CSV file: `contains:refund`, `similar(0.8):…`, or what the answer equals. */
import type { Assertion } from "./assertion.ts";

/** Types that promptfoo takes a text of, with its defaults where a cell names no threshold. */
const CELL = /^(not-)?([a-z][a-z-]*)(?:\((\d+(?:\.\d+)?)\))?(?::([\s\S]*))?$/;
const TYPES: ReadonlySet<string> = new Set([
  "answer-relevance", "bleu", "classifier", "contains", "contains-all", "contains-any", "contains-html",
  "contains-json", "contains-sql", "contains-xml", "context-faithfulness", "context-recall",
  "context-relevance", "conversation-relevance", "cost", "equals", "factuality", "finish-reason", "g-eval",
  "gleu", "guardrails", "icontains", "icontains-all", "icontains-any", "is-html", "is-json", "is-refusal",
  "is-sql", "is-valid-function-call", "is-valid-openai-function-call", "is-valid-openai-tools-call", "is-xml",
  "javascript", "latency", "levenshtein", "llm-rubric", "meteor", "model-graded-closedqa",
  "model-graded-factuality", "moderation", "perplexity", "perplexity-score", "pi", "python", "regex", "rouge-l",
  "rouge-n", "rouge-s", "ruby", "search-rubric", "select-best", "similar", "starts-with", "tool-call-f1",
  "trace-error-spans", "trace-span-count", "trace-span-duration", "webhook", "word-count",
]); // biome-ignore format: a list read as a list
const SHORT: Readonly<Record<string, string>> = { fn: "javascript", eval: "javascript", grade: "llm-rubric" };
const THRESHOLD: Readonly<Record<string, number>> = { similar: 0.8, "rouge-n": 0.75, "rouge-l": 0.75 };

/** A limit is written in brackets, or as the value: `latency(2000)`, `cost:0.01`. */
const LIMITS: readonly string[] = ["cost", "latency"];

export function readAssertionText(cell: string): Assertion {
  const [, not = "", word = "", bracket, value] = CELL.exec(cell) ?? [];
  const type = value === undefined ? word : (SHORT[word] ?? word);
  // A label of one word, such as `contains`, is told from an assertion by what promptfoo calls so.
  if (!TYPES.has(type))
    return { type: cell.startsWith("file://") ? "file" : "equals", value: cell, others: [] };
  const limit = LIMITS.includes(type) && value !== undefined ? Number(value) : undefined;
  const threshold = bracket === undefined ? (limit ?? THRESHOLD[type]) : Number(bracket);
  return {
    type: `${not}${type}`,
    ...(value === undefined ? {} : { value }),
    ...(threshold === undefined || Number.isNaN(threshold) ? {} : { threshold }),
    others: [],
  };
}
