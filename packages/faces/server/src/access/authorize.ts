/** The one place where it is decided whether a caller may do what an operation does. */
import type { AnyOperation, InstallationOperation } from "@colophon/harness";
import { HarnessError, mayDo, type Right, type Scope } from "@colophon/kernel";

/** The environment whose rights count, or `registry` where rights in any environment do. */
type AskedPlace = { readonly environment: string | null } | "registry";

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
  const may =
    place === "registry" ? rights.some(({ scopes }) => scopes.includes(scope)) : mayDo(rights, scope, place);
  if (may) return;
  const where =
    place === "registry" || place.environment === null
      ? "in this project"
      : `in the environment ${place.environment}`;
  throw new HarnessError("not-allowed", `This asks for the scope ${scope} ${where}; ask an admin for it.`);
}

function placeOf(operation: AnyOperation, input: object): AskedPlace {
  if (operation.kind === "installation") return { environment: null };
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
