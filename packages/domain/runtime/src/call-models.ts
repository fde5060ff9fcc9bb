/** The models of a call: its route's, its primary one, and those behind it. */
import type { ModelChoice } from "@colophon/kernel";
import type { Declaration } from "./declaration.ts";
import type { Resolved, ResolvedRoute } from "./resolution.ts";
import type { Servable } from "./servable.ts";

/** A model of a call. */
export interface CallModel {
  readonly model: ModelChoice;
  readonly role: "route" | "primary" | "backup";
  /** Why the code cannot call it; null for one that it can. */
  readonly misfit: string | null;
}

/** What a route is looked up in. */
export interface RouteSpace {
  readonly routes: Readonly<Record<string, ModelChoice>> | undefined;
  readonly declaration: Declaration;
  readonly servable: Servable | null;
}

/** The model of a route; without one the primary model serves, and the answer says why. */
export function chooseRoute(
  name: string,
  { routes, declaration, servable }: RouteSpace,
): { readonly route: ResolvedRoute; readonly model: ModelChoice | undefined } {
  const model = routes !== undefined && Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (!isModel(model) || servable === null) return { route: { name, outcome: "absent" }, model: undefined };
  const reason = misfitOf(model, declaration, servable);
  if (reason !== null) return { route: { name, outcome: "misfit", reason }, model: undefined };
  return { route: { name, outcome: "chosen" }, model };
}

/** Route, primary and backups in the order in which they are tried, each once. */
export function callModels(
  { resolution, primary, backup, servable }: Resolved,
  declaration: Declaration,
): readonly CallModel[] {
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

/** Snapshots come from anywhere, and one that cannot be read may not cost the call. */
function isModel(model: ModelChoice | null | undefined): model is ModelChoice {
  return typeof model?.id === "string" && typeof model.provider === "string";
}

/** A pinned handle declares no providers: it can call the one that its text was written for. */
function misfitOf(model: ModelChoice, { caller }: Declaration, { text }: Servable): string | null {
  const providers = caller?.providers ?? [text.model.provider];
  return providers.includes(model.provider)
    ? null
    : `model ${model.id} is served by ${model.provider}, which the code does not call`;
}
