/** Tests of how budgets are written. */
import { expect, test } from "vitest";
import { readBudget } from "./read-budget.ts";

test.each([
  ["5usd", { money: { amount: 5, currency: "USD" }, tokens: null, milliseconds: null }],
  ["0.5 EUR", { money: { amount: 0.5, currency: "EUR" }, tokens: null, milliseconds: null }],
  ["200ktokens, 10min", { money: null, tokens: 200_000, milliseconds: 600_000 }],
  ["90s", { money: null, tokens: null, milliseconds: 90_000 }],
])("%s is a budget", (text, budget) => {
  expect(readBudget(text)).toEqual(budget);
});

test.each(["5", "usd", "-1usd", "0usd", "5usd,", "5 dollars", "1e3tokens"])("%s is none", (text) => {
  expect(() => readBudget(text)).toThrow(expect.objectContaining({ code: "usage" }));
});
