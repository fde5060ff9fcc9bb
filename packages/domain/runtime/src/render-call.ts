/** Renders a call: variables held against the contract, bound values put in, messages out. */
import { type Considered, HarnessError, type Message, say, words } from "@colophon/kernel";
import { checkVariables } from "./check-variables.ts";
import { NOT_FETCHED } from "./considered.ts";
import type { BoundValue, Declaration, ResolveContext } from "./declaration.ts";
import type { Resolution, Resolved } from "./resolution.ts";
import type { Servable } from "./servable.ts";

/** What a call is rendered from. */
export interface RenderSource {
  readonly resolved: Resolved;
  readonly declaration: Declaration;
  readonly context: Pick<ResolveContext, "locale">;
  /** What `bind` fetched; undefined before it. */
  readonly bound: Readonly<Record<string, BoundValue>> | undefined;
}

/** A rendered call, in no client's words yet. */
export interface RenderedCall {
  readonly messages: readonly Message[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** Messages that are not the prompt's own. */
  readonly history: readonly Message[];
  readonly locale: string | null;
  readonly servable: Servable;
}

const NO_HISTORY: readonly Message[] = Object.freeze([]);

/**
 * @throws HarnessError `variable-missing`, `variable-extra`, `variable-invalid`, `variable-type`,
 *   `history-unexpected`, or why there is no text to serve.
 */
export function renderCall(
  source: RenderSource,
  given: unknown,
  history: readonly Message[] | undefined,
): RenderedCall {
  const { bound, declaration } = source;
  const { servable, resolution } = source.resolved;
  if (servable === null) throw unservable(resolution);
  const merged = bound === undefined ? given : { ...(given as object), ...valuesOf(bound) };
  const variables = checkVariables(declaration, merged as Readonly<Record<string, unknown>>);
  const { compiled, locale } = servable.body(source.context.locale);
  const messages = compiled.render(variables, history === undefined ? undefined : { history });
  return { messages, variables, history: history ?? NO_HISTORY, locale, servable };
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

function valuesOf(bound: Readonly<Record<string, BoundValue>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(bound).map(([name, { value }]) => [name, value]));
}
