/** A text and one call that it goes to. */
import type { FindingUse } from "../finding.ts";
import type { TextPlace } from "./text-place.ts";

export interface TracedUse {
  readonly place: TextPlace;
  /** Null where it is plainly a message, and no call is known that it goes to. */
  readonly use: FindingUse | null;
  readonly role: FindingUse["role"];
  /** In (0, 1]. */
  readonly confidence: number;
  /** Why it is taken for a prompt, in words. */
  readonly reason: string;
  /** Whether the call only makes a template or a message that another call sends. */
  readonly isCarrier: boolean;
}

export interface TracedUses {
  readonly uses: readonly TracedUse[];
  /** Expressions that only put texts together which are found on their own. */
  readonly glue: readonly TextPlace[];
  /** Values that are known to be no prompts: descriptions of tools, what is embedded. */
  readonly others: readonly TextPlace[];
}
