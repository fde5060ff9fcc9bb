/** Tests of how amounts, shares and figures are written. */
import { describe, expect, test } from "vitest";
import { formatAmount, formatFigure, formatShare } from "./format-amount.ts";

describe("Amounts", () => {
  test.each([
    [1_204.5, "USD", "$1,204.50"],
    [0, "USD", "$0.00"],
    [0.03123, "EUR", "€0.0312"],
    [0.000_004_2, "USD", "$0.00000420"],
    [-3, "GBP", "−£3.00"],
    [3, "CHF", "CHF 3.00"],
  ])("%d %s is written %s", (amount, currency, text) => {
    expect(formatAmount(amount, { currency })).toBe(text);
  });

  test("have the digits asked for, and no minus before nothing", () => {
    expect(formatAmount(0.0312, { currency: "USD", decimals: 2 })).toBe("$0.03");
    expect(formatAmount(-0.001, { currency: "USD", decimals: 2 })).toBe("$0.00");
  });

  test.each([
    [0.63, "63 %"],
    [0.0042, "0.42 %"],
    [0, "0 %"],
    [-0.5, "−50 %"],
    [3, "300 %"],
    [0.099, "9.9 %"],
  ])("a share of %d is %s", (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  test.each([
    [1.4213, "1.42"],
    [12.345, "12.3"],
    [1_204.4, "1,204"],
    [3, "3"],
  ])("the figure %d is %s", (figure, text) => {
    expect(formatFigure(figure)).toBe(text);
  });
});
