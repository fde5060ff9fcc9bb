/** Which variables a template reads, and whether it can do without them. */
import type { Body } from "./body.ts";
import type { Uses, VariableUse } from "./note-use.ts";
import { readBody } from "./read-body.ts";
import type { ReadOptions } from "./reading.ts";

/**
 * In order of first appearance, each path once. Partials that are at hand count too; one that is not is passed over.
 *
 * @throws HarnessError `template-syntax`, also for a tag that asks more of a medium than it can.
 */
export function templateVariables(body: Body, options: ReadOptions = {}): readonly VariableUse[] {
  const uses: Uses = new Map();
  readBody(body, options, uses);
  return [...uses.values()];
}
