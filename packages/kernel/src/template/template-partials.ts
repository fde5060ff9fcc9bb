/** Which partials a body includes. */
import type { Body } from "./body.ts";
import { readBody } from "./read-body.ts";
import type { PartialRef } from "./template.ts";

/**
 * Those it names itself, not those of its partials; each reference once, in order of appearance.
 *
 * @throws HarnessError `template-syntax`.
 */
export function templatePartials(body: Body): readonly PartialRef[] {
  const refs = new Map<string, PartialRef>();
  const partials = (partial: PartialRef): undefined => void refs.set(partial.ref, partial);
  readBody(body, { partials }, new Map());
  return [...refs.values()];
}
