/** The model of the route that a call asks for. */
import type { ModelChoice } from "@colophon/kernel";
import type { Declaration } from "./declaration.ts";
import type { ResolvedRoute } from "./resolution.ts";
import type { Servable } from "./servable.ts";

/** What a route is looked up in. */
export interface RouteSpace {
  readonly routes: Readonly<Record<string, ModelChoice>> | undefined;
  readonly declaration: Declaration;
  readonly servable: Servable | null;
}

/** The model of a route; without one the primary model serves, and the answer says why. */
export function chooseRoute(
  name: string | undefined,
  { routes = {}, declaration, servable }: RouteSpace,
): { readonly route: ResolvedRoute; readonly model?: ModelChoice } | undefined {
  if (name === undefined) return undefined;
  const model = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (!isModel(model) || !servable) return { route: { name, outcome: "absent" } };
  const reason = misfitOf(model, declaration, servable);
  return reason === null
    ? { route: { name, outcome: "chosen" }, model }
    : { route: { name, outcome: "misfit", reason } };
}

/** Snapshots come from anywhere, and one that cannot be read may not cost the call. */
export function isModel(model: ModelChoice | null | undefined): model is ModelChoice {
  return typeof model?.id === "string" && typeof model.provider === "string";
}

/** A pinned handle declares no providers: it can call the one that its text was written for. */
export function misfitOf(model: ModelChoice, { caller }: Declaration, { text }: Servable): string | null {
  const providers = caller?.providers ?? [text.model.provider];
  return providers.includes(model.provider)
    ? null
    : `model ${model.id} is served by ${model.provider}, which the code does not call`;
}
