/** How much rendering may come to: no prompt is near it, and a hostile body or value ends here. */
import { HarnessError } from "../errors.ts";
import { words } from "../say.ts";

/** Parts of a body that are written, each as often as its list has items. */
const MOST_STEPS = 2_000_000;
/** UTF-16 units. */
const MOST_UNITS = 20_000_000;

/** What rendering has come to so far. */
export interface RenderWork {
  steps: number;
  /** Of what is written already, and of what was looked through on the way. */
  units: number;
}

/** @throws HarnessError `too-large`. */
export function checkRendering(units: number, steps = 0): void {
  if (units <= MOST_UNITS && steps <= MOST_STEPS) return;
  throw new HarnessError(
    "too-large",
    words(
      () =>
        `Rendering takes more than ${MOST_STEPS} steps or ${MOST_UNITS} characters; shorten the lists or the texts that are passed.`,
    ),
  );
}
