/** Says why a call was served something else than what was released at that time. */
import type { Execution } from "@colophon/kernel";
import type { ResolvedPrompt } from "./resolve-prompt.ts";

export interface Difference {
  readonly served: Execution;
  readonly released: {
    readonly version: number | null;
    readonly hash: string | null;
    readonly since: string | null;
  };
  readonly resolved: ResolvedPrompt;
}

/** One sentence, or null where both are the same text. */
export function differenceSentence({ served, released, resolved }: Difference): string | null {
  if (served.hash === released.hash) return null;
  const was = name(served.version);
  const should = released.hash === null ? "nothing" : name(released.version);
  return `The call was served ${was} while ${should} was released: ${cause({ served, released, resolved })}.`;
}

function name(version: number | null): string {
  return version === null ? "the text in the code" : `v${version}`;
}

function cause({ served, released, resolved }: Difference): string {
  const { revision, tier, reason } = served;
  const since = released.since === null ? undefined : Date.parse(released.since);
  if (reason === "pinned") return "the code or the conversation was pinned to that version";
  if (reason === "off") return "COLOPHON_OFF was set where it ran";
  if (reason === "not-ready") return "the application had no snapshot yet";
  if (tier === "document") return "an override for the document or its type decided";
  if (tier === "user" && resolved.resolution.tier !== "user")
    return "an override for the user or tenant decided";
  if (reason === "canary") return "the unit of the call was drawn into a canary";
  if (served.stale) return "the application's snapshot could not be refreshed";
  if (since !== undefined && served.at < since)
    return `that change came after the call, at ${released.since}`;
  const known = resolved.resolution.revision;
  if (revision !== null && known !== null && revision < known) {
    return `the application still decided by revision ${revision}, the log stood at ${known}`;
  }
  if (reason === "misfit") return "the released version did not fit the code that called";
  return "the code that called declares something else than what was declared last";
}
