/** A live call made ready for the challenger: the same variables, history and subjects, in the challenger's text. */
import type { ShadowPlan } from "@colophon/kernel";
import type { RenderedCall } from "./begin-call.ts";
import type { Beginning, CallInHand } from "./open-recorder.ts";
import { PreparedPrompt } from "./prepared-prompt.ts";
import type { RecordOptions } from "./record-options.ts";
import type { Resolution } from "./resolution.ts";
import type { RunPlace } from "./run.ts";
import type { ShadowerParts } from "./shadower.ts";

/** Made while the live call is sent, since the application may write into its objects as soon as it has its answer. */
export interface ChallengerCall {
  readonly hand: CallInHand;
  readonly rendered: RenderedCall;
  readonly read: RecordOptions["read"];
}

/**
 * Undefined where the challenger cannot serve this call.
 *
 * @throws what rendering throws, as where the challenger has no place for the history.
 */
export function challengerCall(
  { call, rendered, options }: Beginning<RecordOptions>,
  { version }: Pick<ShadowPlan, "version">,
  { decide }: Pick<ShadowerParts, "decide">,
): ChallengerCall | undefined {
  const { declaration, context } = call;
  const resolved = decide(declaration, { ...context, pin: `${declaration.key}@v${version}` });
  const { resolution, servable } = resolved;
  if (servable === null || resolution.version !== version) return undefined;
  const history = rendered.history?.map((message) => ({ ...message }));
  // They were held against the contract before, and may have been changed by that.
  const variables = { ...rendered.variables };
  const { compiled, locale } = servable.body(context.locale);
  const messages = compiled.render(variables, history && { history });
  const shadow: Resolution = {
    ...resolution,
    ...DECIDED,
    considered: [{ tier: "environment", outcome: "chosen" }],
  };
  return {
    hand: {
      ...call,
      resolved: { ...resolved, resolution: shadow },
      executionId: null,
      counted: undefined,
    },
    rendered: { messages, variables, history, locale, servable, recorded: null },
    read: options.read,
  };
}

const DECIDED = { tier: "environment", lane: "shadow", reason: "shadow", assignment: null } as const;

/** Where a repeat stands, and what it is sent with. */
export interface RepeatPlace {
  readonly at: RunPlace;
  readonly signal: AbortSignal;
  /** What was drawn for the live call: the contents of both are kept, or of neither. */
  readonly sample: number | undefined;
}

/** What the recorder begins the challenger's execution with. */
export function challengerBeginning(
  { hand, rendered, read }: ChallengerCall,
  { at, signal, sample }: RepeatPlace,
): Beginning<RecordOptions> {
  const { history } = rendered;
  const options: RecordOptions = {
    purpose: "shadow",
    signal,
    ...(history && { history }),
    ...(read && { read }),
  };
  return {
    call: hand,
    rendered,
    at,
    sample,
    options,
    prompt: new PreparedPrompt(hand, rendered, { options }),
  };
}
