/** Decides from memory what was decided before: where nothing tells two calls apart, the tiers are walked once. */
import type { Declaration, ResolveContext } from "./declaration.ts";
import type { Resolved } from "./resolution.ts";
import { type Decide, decide } from "./resolve.ts";
import type { Snapshot, SnapshotEntry } from "./snapshot.ts";

/** What was decided of one prompt in one environment. */
interface Memory {
  readonly declaration: Declaration;
  readonly snapshot: Snapshot;
  /** By which tiers were asked for somebody. */
  readonly decisions: (Resolved | undefined)[];
}

/** For the resolutions of one space; what it remembers goes with the entries of its snapshot. */
export function remembering(): Decide {
  /** By environment; only those that the registry has come in. */
  const memories = new Map<string, WeakMap<SnapshotEntry, Memory>>();
  return (declaration, context, space) => {
    const { snapshot } = space;
    const entry = snapshot?.prompts.get(declaration.key);
    if (!snapshot || !entry || !isOrdinary(context, entry)) return decide(declaration, context, space);
    const asked = askedOf(context);
    const environment = context.environment ?? space.environment;
    const memory = memories.get(environment)?.get(entry);
    const isCurrent = memory?.declaration === declaration && memory.snapshot === snapshot;
    const known = isCurrent ? memory.decisions[asked] : undefined;
    if (known?.resolution.stale === space.stale) return known;
    const resolved = decide(declaration, context, space);
    if (!holds(resolved, snapshot, entry)) return resolved;
    const decisions = isCurrent ? memory.decisions : [];
    decisions[asked] = frozen(resolved);
    const here = memories.get(environment) ?? new WeakMap<SnapshotEntry, Memory>();
    memories.set(environment, here.set(entry, { declaration, snapshot, decisions }));
    return resolved;
  };
}

/** Asks for nothing of its own, and for nobody who has an override. */
function isOrdinary(
  { pin, route, document, documentType, user, tenant }: ResolveContext,
  { overrides }: SnapshotEntry,
): boolean {
  return (
    pin === undefined &&
    route === undefined &&
    !overrides.has(document as string) &&
    !overrides.has(documentType as string) &&
    !overrides.has(user as string) &&
    !overrides.has(tenant as string)
  );
}

function askedOf({ document, documentType, user, tenant }: ResolveContext): number {
  return ((document ?? documentType) === undefined ? 0 : 1) + ((user ?? tenant) === undefined ? 0 : 2);
}

/** Whether the decision depends on nothing else: no draw, no partials, nothing that stood in the way or has to be fetched. */
function holds({ resolution, servable }: Resolved, snapshot: Snapshot, entry: SnapshotEntry): boolean {
  const { considered, environment } = resolution;
  return (
    servable?.parts.length === 0 &&
    !snapshot.overrides &&
    // Contexts may name any others, even where a pin decides; a broken snapshot may have none.
    snapshot.environments?.includes(environment) &&
    considered.every(({ version, reason }) => version === undefined && reason === undefined) &&
    !entry.releases.get(environment)?.plan
  );
}

/** Many calls share it. */
function frozen(resolved: Resolved): Resolved {
  for (const item of resolved.resolution.considered) Object.freeze(item);
  Object.freeze(resolved.resolution.considered);
  Object.freeze(resolved.resolution);
  return Object.freeze(resolved);
}
