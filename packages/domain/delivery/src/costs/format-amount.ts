/** Writes amounts, shares and figures as people read them. */

const SYMBOLS: Readonly<Record<string, string>> = { USD: "$", EUR: "€", GBP: "£" };
const MOST_DECIMALS = 9;

/** Digits after the point that show an amount of this size: two from one unit on, three significant below. */
export function decimalsFor(amount: number): number {
  const size = Math.abs(amount);
  if (size === 0 || size >= 1) return 2;
  return Math.min(MOST_DECIMALS, 2 - Math.floor(Math.log10(size)));
}

/**
 * `$1,204.50`, `€0.0312` or `CHF 3.00`; of an amount below nothing with its sign in front.
 *
 * @example
 * formatAmount(0.03123, { currency: "EUR" }); // "€0.0312"
 */
export function formatAmount(
  amount: number,
  { currency, decimals = decimalsFor(amount) }: { readonly currency: string; readonly decimals?: number },
): string {
  const digits = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(Math.abs(amount));
  const symbol = SYMBOLS[currency] ?? `${currency} `;
  const isNothing = Number(digits.replaceAll(",", "")) === 0;
  return `${amount < 0 && !isNothing ? "−" : ""}${symbol}${digits}`;
}

/**
 * A share of one as `63 %`; a small one as `0.4 %`.
 *
 * @example
 * formatShare(0.63); // "63 %"
 */
export function formatShare(share: number): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  const text = size >= 10 || percent === 0 ? percent.toFixed(0) : String(Number(percent.toPrecision(2)));
  return `${text.replace("-", "−")} %`;
}

/**
 * A count or a mean in three digits, a large one in full: `1.42`, `12.5`, `1,204`.
 *
 * @example
 * formatFigure(1.4213); // "1.42"
 */
export function formatFigure(figure: number): string {
  if (Math.abs(figure) >= 100) return new Intl.NumberFormat("en-US").format(Math.round(figure));
  return String(Number(figure.toPrecision(3)));
}
