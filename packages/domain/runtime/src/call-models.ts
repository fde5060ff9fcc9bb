/** The models of a call: its route's, its primary one, and those behind it. */
import type { ModelChoice } from "@colophon/kernel";
import { isModel, misfitOf } from "./choose-route.ts";
import type { ResolvedCall } from "./fallback.ts";

/** A model of a call. */
export interface CallModel {
  readonly model: ModelChoice;
  readonly role: "route" | "primary" | "backup";
  /** Why the code cannot call it; null for one that it can. */
  readonly misfit: string | null;
}

/** Route, primary and backups in the order in which they are tried, each once. */
export function callModels({ resolved, declaration }: ResolvedCall): readonly CallModel[] {
  const { resolution, primary, backup, servable } = resolved;
  if (servable === null) return [];
  const models = new Map<string, CallModel>();
  const add = (model: ModelChoice, role: CallModel["role"]): void => {
    const name = JSON.stringify([model.provider, model.id, model.parameters]);
    // The first ones were found to fit when they were chosen.
    const misfit = role === "backup" ? misfitOf(model, declaration, servable) : null;
    if (!models.has(name)) models.set(name, { model, role, misfit });
  };
  if (resolution.route?.outcome === "chosen") add(resolution.model, "route");
  add(primary, "primary");
  for (const model of Array.isArray(backup) ? backup.filter(isModel) : []) add(model, "backup");
  return [...models.values()];
}
