/** Overrides as people read them: subjects in plain words, times as ISO 8601. */
import type { OverrideStatus, OverrideView } from "@colophon/delivery";
import type { SubjectKind } from "@colophon/kernel";
import type { Harness } from "./harness.ts";

export interface PlainOverride {
  readonly key: string;
  readonly version: number;
  readonly kind: SubjectKind;
  /** The plain id; the pseudonym of a subject that was erased. */
  readonly subject: string;
  /** Only within this tenant; absent, everywhere. */
  readonly tenant?: string;
  /** Null holds for all environments. */
  readonly environment: string | null;
  readonly expires: string | null;
  readonly status: OverrideStatus;
  readonly reason: string | null;
  readonly breakGlass: string | null;
  readonly by: string;
  readonly at: string;
  readonly revision: number;
}

export async function plainOverrides(
  harness: Harness,
  views: readonly OverrideView[],
): Promise<readonly PlainOverride[]> {
  if (views.length === 0) return [];
  const plain = await harness.records.listSubjects(
    new Set(views.flatMap(({ subject, tenant = subject }) => [subject, tenant])),
  );
  return views.map(
    ({
      key,
      version,
      kind,
      subject,
      tenant,
      environment,
      expires,
      status,
      reason,
      breakGlass,
      by,
      at,
      revision,
    }) => ({
      key,
      version,
      kind,
      subject: plain.get(subject) ?? subject,
      ...(tenant === undefined ? {} : { tenant: plain.get(tenant) ?? tenant }),
      environment,
      expires: expires === null ? null : new Date(expires).toISOString(),
      status,
      reason,
      breakGlass,
      by: by.id,
      at: new Date(at).toISOString(),
      revision,
    }),
  );
}
