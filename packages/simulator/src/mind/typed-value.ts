/** Turns a value as it stands in a text into a number or a date of one form. */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The first number in a value; thousands may be set apart by commas. */
export function toNumber(text: string): number | undefined {
  const digits = /-?\d[\d,]*(?:\.\d+)?/.exec(text)?.[0];
  return digits === undefined ? undefined : Number(digits.replaceAll(",", ""));
}

function isoOf(year: string, month: number, day: string): string | undefined {
  if (month < 1 || month > 12 || Number(day) < 1 || Number(day) > 31) return undefined;
  const full = year.length === 2 ? `20${year}` : year;
  return `${full}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** A date as YYYY-MM-DD, where the text says day, month and year; days stand before months, as in 4.3.2026. */
export function toIsoDate(text: string): string | undefined {
  const iso = /\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
  if (iso !== undefined) return iso;
  const numeric = /(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})/.exec(text);
  if (numeric !== null) return isoOf(numeric[3] ?? "", Number(numeric[2]), numeric[1] ?? "");
  const month = MONTHS.findIndex((name) => new RegExp(`\\b${name}`, "i").test(text)) + 1;
  const year = /\b\d{4}\b/.exec(text)?.[0];
  const day = /\b(\d{1,2})(?:st|nd|rd|th)?\b/.exec(text)?.[1];
  return month === 0 || year === undefined || day === undefined ? undefined : isoOf(year, month, day);
}
