/** Capture: what of a call's contents leaves the application, by policy; nothing unless chosen. */
import { type CapturedContents, canonicalJson, HarnessError, type Sha256 } from "@colophon/kernel";

/** Contents as the application's own redaction sees them. */
export interface RawContents {
  readonly key: string;
  /** Media stand in them by hash, type and size, never by their bytes; addresses without their query. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly output: string | null;
}

/**
 * `none` keeps nothing; `hash` keyed hashes only; `redacted` what `redact` returns, for a `sample`
 * of the calls; `full` everything.
 */
export interface CapturePolicy {
  readonly mode: "none" | "hash" | "redacted" | "full";
  /** What of the contents may be kept; must not change its argument. */
  readonly redact?: (contents: RawContents) => {
    readonly variables?: unknown;
    readonly output?: string | null;
  };
  /** Share of calls whose contents are kept, in [0, 1]; the others keep hashes. All when left out. */
  readonly sample?: number;
  /** Days to keep contents; until they are erased when left out. */
  readonly days?: number;
}

export interface CaptureParts {
  readonly policy: CapturePolicy;
  readonly hash: Sha256;
  /** A draw in [0, 1). */
  readonly chance: () => number;
}

/**
 * The contents to store for a call, or null for none.
 *
 * @throws whatever `redact` throws; the caller then drops the contents and counts it.
 */
export function captureContents(contents: RawContents, parts: CaptureParts): CapturedContents | null {
  const { policy } = parts;
  if (policy.mode === "none") return null;
  const hashes = {
    inputDigest: parts.hash(canonicalJson(contents.variables)),
    outputDigest: contents.output === null ? null : parts.hash(contents.output),
    days: policy.days ?? null,
  };
  const bare: CapturedContents = { ...hashes, variables: null, output: null };
  if (policy.mode === "hash" || (policy.sample !== undefined && parts.chance() >= policy.sample)) return bare;
  if (policy.mode === "full") {
    return { ...hashes, variables: canonicalJson(contents.variables), output: contents.output };
  }
  const kept = policy.redact?.(contents) ?? {};
  if (kept instanceof Promise) {
    kept.catch(() => undefined);
    throw new HarnessError("usage", "redact answers with a promise; redact synchronously.");
  }
  const { variables, output = null } = kept;
  if (output !== null && typeof output !== "string") {
    throw new HarnessError("usage", `redact gives an output that is ${typeof output}; give a text or null.`);
  }
  return { ...hashes, variables: variables === undefined ? null : canonicalJson(variables), output };
}
