/** Whether a recorded call may be sent a second time, as far as can be told before it is sent. */
import type { Beginning } from "./open-recorder.ts";
import type { RecordOptions } from "./record-options.ts";

type Recorded = Pick<Beginning<RecordOptions>, "call" | "options">;

/** What the application says of this record, else of its prompt. */
function repeatable({ call, options }: Recorded): boolean | undefined {
  return options.repeatable ?? call.declaration.repeatable;
}

/** Calls that serve, on their first attempt: a provider in trouble is not asked more than the application asks it. */
export function mayRepeat(recorded: Recorded): boolean {
  const { purpose = "serve", attempt = 1, fallbackOf } = recorded.options;
  const isFirst = attempt === 1 && fallbackOf === undefined;
  return purpose === "serve" && isFirst && repeatable(recorded) !== false;
}

/** The application says so itself, also of what may run tools. */
export function isVouchedFor(recorded: Recorded): boolean {
  return repeatable(recorded) === true;
}
