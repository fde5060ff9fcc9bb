/** The overrides of a registry, and which of them decide anything. */
import type {
  EpochMs,
  OverrideEntry,
  PromptState,
  Pseudonym,
  RegistryState,
  SubjectKind,
} from "@colophon/kernel";

/** `superseded`: a newer one for the same subject and environment stands before it. */
export type OverrideStatus = "active" | "expired" | "superseded" | "withdrawn";

export interface OverrideView extends Omit<OverrideEntry, "version"> {
  readonly version: number;
  readonly status: OverrideStatus;
}

export interface OverrideFilter {
  readonly key?: string;
  readonly kind?: SubjectKind;
  readonly subject?: Pseudonym;
  /** Those of this environment and those for all. */
  readonly environment?: string;
  readonly version?: number;
  readonly status?: OverrideStatus;
  /** The time that expiry is judged by. */
  readonly now: EpochMs;
}

/** Newest first, prompt by prompt; cleared ones are gone. */
export function listOverrides(state: RegistryState, filter: OverrideFilter): readonly OverrideView[] {
  return [...state.prompts.values()]
    .filter((prompt) => filter.key === undefined || prompt.key === filter.key)
    .flatMap((prompt) => viewsOf(prompt, filter.now))
    .filter((view) => matches(view, filter));
}

function matches(view: OverrideView, filter: OverrideFilter): boolean {
  return (
    (filter.kind === undefined || view.kind === filter.kind) &&
    (filter.subject === undefined || view.subject === filter.subject) &&
    (filter.environment === undefined ||
      view.environment === null ||
      view.environment === filter.environment) &&
    (filter.version === undefined || view.version === filter.version) &&
    (filter.status === undefined || view.status === filter.status)
  );
}

function viewsOf(prompt: PromptState, now: EpochMs): readonly OverrideView[] {
  const views: OverrideView[] = [];
  for (const entries of prompt.overrides.values()) {
    const decided = new Set<string>();
    for (const entry of entries) {
      if (entry.version === null) continue;
      const expired = entry.expires !== null && entry.expires <= now;
      const reach = JSON.stringify([entry.environment, entry.tenant ?? null]);
      const superseded = decided.has(reach);
      const withdrawn = prompt.versions.get(entry.version)?.withdrawn != null;
      // What has expired or was withdrawn lets the one before it speak again.
      const status = expired ? "expired" : superseded ? "superseded" : withdrawn ? "withdrawn" : "active";
      if (status === "active") decided.add(reach);
      views.push({ ...entry, version: entry.version, status });
    }
  }
  return views.sort((a, b) => b.revision - a.revision);
}
