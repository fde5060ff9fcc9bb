/** The one place where it is decided whether a caller may do what an operation does. */
import type { AnyOperation, InstallationOperation } from "@colophon/harness";
import { HarnessError, mayDo, type Right, type Scope } from "@colophon/kernel";

/** The environment whose rights count, or `registry` where rights in any environment do. */
type AskedPlace = { readonly environment: string | null } | "registry" | "installation";

/**
 * @param input as the operation's schema read it.
 * @throws HarnessError `not-allowed`.
 */
export function authorize(rights: readonly Right[], operation: AnyOperation, input: object): void {
  const place = placeOf(operation, input);
  requireScope(rights, operation.scope, place);
  if (operation.isException?.(input as never) === true) requireScope(rights, "break-glass", place);
}

/** @throws HarnessError `not-allowed`. */
export function requireScope(rights: readonly Right[], scope: Scope, place: AskedPlace): void {
  if (isAllowed(rights, scope, place)) return;
  const advice =
    scope === "review" ? "no key has it, so sign in as somebody who may review" : "ask an admin for it";
  throw new HarnessError("not-allowed", `This asks for the scope ${scope} ${wordsOf(place)}; ${advice}.`);
}

function isAllowed(rights: readonly Right[], scope: Scope, place: AskedPlace): boolean {
  if (place === "registry") return rights.some(({ scopes }) => scopes.includes(scope));
  return mayDo(rights, scope, place === "installation" ? { environment: null } : place);
}

function wordsOf(place: AskedPlace): string {
  if (place === "installation") return "in the whole installation";
  if (place === "registry" || place.environment === null) return "in this project";
  return `in the environment ${place.environment}`;
}

function placeOf(operation: AnyOperation, input: object): AskedPlace {
  if (operation.kind === "installation") {
    return projectOf(operation, input) === null ? "installation" : { environment: null };
  }
  const { where } = operation;
  if (where === "registry") return "registry";
  return { environment: where?.(input as never) ?? null };
}

/** The project whose rights count; null for the installation itself. */
export function projectOf(operation: InstallationOperation, input: object): string | null {
  return operation.projectOf(input as never);
}

/** Said of a project that is not there, and just so of one that the caller has no business in. */
export function projectUnknown(project: string): HarnessError {
  return new HarnessError("project-unknown", `There is no project ${project} for this key or person.`);
}
