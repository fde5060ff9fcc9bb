/** Begins a call: variables held against the contract, bound values put in, messages out, and the prompt that hands them on. */
import { type Considered, HarnessError, type Message, mapFields, say, words } from "@colophon/kernel";
import { checkVariables } from "./check-variables.ts";
import { NOT_FETCHED } from "./not-fetched.ts";
import type { Beginning, CallInHand, Placed } from "./open-recorder.ts";
import { PreparedPrompt, type Recorded } from "./prepared-prompt.ts";
import type { RecordOptions } from "./record-options.ts";
import type { Resolution } from "./resolution.ts";
import type { Servable } from "./servable.ts";

/** A rendered call, in no client's words yet. */
export interface RenderedCall {
  readonly messages: readonly Message[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** Messages that are not the prompt's own. */
  readonly history: readonly Message[] | undefined;
  readonly locale: string | null;
  readonly servable: Servable;
  /** The `record` that hands it out; null for one that was only rendered, or begun by hand, or where nothing is recorded. */
  recorded: Recorded | null;
}

/**
 * Renders what is to be sent.
 *
 * @throws HarnessError `variable-missing`, `variable-extra`, `variable-invalid`, `variable-type`,
 *   `history-unexpected`, or why there is no text to serve.
 */
export function beginCall<O extends Pick<RecordOptions, "history" | "signal">>(
  call: CallInHand,
  given: unknown,
  placed: Placed<O>,
): Beginning<O> {
  const { options, place } = placed;
  const { bound, declaration, resolved } = call;
  const { servable } = resolved;
  if (servable === null) throw unservable(resolved.resolution);
  const merged =
    bound === undefined ? given : { ...(given as object), ...mapFields(bound, ({ value }) => value) };
  const variables = checkVariables(declaration, merged as Readonly<Record<string, unknown>>);
  const { compiled, locale } = servable.body(call.context.locale);
  const rendered: RenderedCall = {
    messages: compiled.render(variables, options),
    variables,
    history: options.history,
    locale,
    servable,
    recorded: null,
  };
  return { call, rendered, options, place, prompt: new PreparedPrompt(call, rendered, placed) };
}

function unservable({ key, considered, errorCode }: Resolution): HarnessError {
  return new HarnessError(
    errorCode ?? "version-unknown",
    say`${key} has no text to serve here ${words(() => whyUnserved(considered))}.`,
  );
}

function whyUnserved(considered: readonly Considered[]): string {
  const why = considered
    .filter(({ outcome }) => outcome !== "not-asked" && outcome !== "absent")
    .map(({ tier, version, outcome, reason }) =>
      [tier, version && `v${version}`, outcome, reason].filter(Boolean).join(" "),
    )
    .join("; ");
  const advice =
    considered[0]?.reason === NOT_FETCHED
      ? "await colophon.ready() or colophon.prefetch() before its first call"
      : "ask for a version that exists, release one that fits, or declare a default";
  return `(${why || "nothing is known of it"}); ${advice}`;
}
