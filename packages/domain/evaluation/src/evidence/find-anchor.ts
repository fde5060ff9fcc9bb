/** Finds the frozen anchor: the best version that was accepted, which small losses are held against. */
import type { EvidenceData } from "@colophon/kernel";

export interface AnchorQuestion {
  /** Of one prompt, environment and eval set, oldest first. */
  readonly evidence: readonly EvidenceData[];
  /** Whether a version (`v7`) has ever been live there and may still be served. */
  readonly served: (subject: string) => boolean;
}

/**
 * The first accepted version is the anchor until another that was let out is shown to be better than it: the
 * lower bound of the difference lies above 0. A version that was merely not worse never takes its place, so
 * that tolerated losses do not add up.
 *
 * @returns a version such as `v7`; null where none was accepted yet.
 */
export function findAnchor({ evidence, served }: AnchorQuestion): string | null {
  let anchor: string | null = null;
  for (const { verdict, baseline, challenger, difference, anchorDifference, ...one } of evidence) {
    if (anchor === null && baseline !== null && served(baseline)) anchor = baseline;
    if (verdict !== "ship" || !served(challenger)) continue;
    if (anchor === null) anchor = challenger;
    const against = baseline === anchor ? difference : one.anchor === anchor ? anchorDifference : null;
    if ((against?.lower ?? 0) > 0) anchor = challenger;
  }
  return anchor;
}
