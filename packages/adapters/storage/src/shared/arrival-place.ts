/** Where a reader of arriving rows stands, and the opaque cursor that says so. */
import { HarnessError, type LedgerCursor } from "@colophon/kernel";

/** Everything that a reader has met lies at these numbers or below: rows, and outcomes. */
export interface ArrivalPlace {
  readonly executions: number;
  readonly outcomes: number;
}

const FORM = /^(\d{1,16})\.(\d{1,16})$/;

export function cursorOf({ executions, outcomes }: ArrivalPlace): LedgerCursor {
  return `${executions}.${outcomes}`;
}

/** @throws HarnessError `input-malformed` for a text that is no cursor, or one beyond the ledger's end. */
export function placeOfCursor(cursor: LedgerCursor, end: ArrivalPlace): ArrivalPlace {
  const [, executions, outcomes] = FORM.exec(cursor) ?? [];
  const place = { executions: Number(executions), outcomes: Number(outcomes) };
  if (place.executions <= end.executions && place.outcomes <= end.outcomes) return place;
  throw new HarnessError(
    "input-malformed",
    `"${cursor}" is no cursor of this ledger; begin without one, or with \`since\`.`,
  );
}
