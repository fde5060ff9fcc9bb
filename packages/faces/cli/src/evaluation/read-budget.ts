/** Reads what a run may use at most: `5usd`, `200000tokens`, `10min`, several with commas between them. */
import type { RunBudget } from "@colophon/harness";
import { HarnessError } from "@colophon/kernel";

const MILLISECONDS: Readonly<Record<string, number>> = {
  s: 1_000,
  sec: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** @throws HarnessError `usage`. */
export function readBudget(text: string, flag = "--budget"): RunBudget {
  let [money, tokens, milliseconds]: [RunBudget["money"], number | null, number | null] = [null, null, null];
  for (const part of text.split(",").map((one) => one.trim().toLowerCase())) {
    const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(part) ?? [];
    const amount = Number(digits);
    const time = MILLISECONDS[unit];
    if (!(amount > 0)) throw unread(part, flag);
    if (unit === "tokens" || unit === "token") tokens = amount;
    else if (unit === "ktokens") tokens = amount * 1_000;
    else if (time !== undefined) milliseconds = Math.round(amount * time);
    else if (/^[a-z]{3}$/.test(unit)) money = { amount, currency: unit.toUpperCase() };
    else throw unread(part, flag);
  }
  return { money, tokens, milliseconds };
}

function unread(part: string, flag: string): HarnessError {
  return new HarnessError(
    "usage",
    `${flag} takes amounts such as 5usd, 200000tokens or 10min, with commas between them, not "${part}".`,
  );
}
