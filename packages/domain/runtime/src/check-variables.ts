/** Variables on their way into a body: nothing missing, nothing extra, defaults filled in. */
import { HarnessError, say, words } from "@colophon/kernel";
import type { Declaration, SchemaIssue } from "./declaration.ts";

/**
 * The variables as the schema returns them.
 *
 * @throws HarnessError `variable-extra`, `variable-missing` or `variable-invalid`, naming the variable
 *   and never its value.
 */
export function checkVariables(
  declaration: Declaration,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { variables: known, checkInput, key } = declaration;
  if (typeof variables !== "object" || variables === null) {
    throw new HarnessError(
      "variable-invalid",
      say`The variables of ${key} are ${words(() => typeof variables)}; pass an object of them.`,
    );
  }
  for (const name in variables) {
    if (known?.has(name) !== false || !Object.hasOwn(variables, name)) continue;
    throw new HarnessError(
      "variable-extra",
      say`${key} has no variable "${name}"; its contract names ${words(() => [...known].join(", ") || "none")}.`,
    );
  }
  if (!checkInput) return variables;
  const result = checkInput(variables);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new HarnessError(
      "variable-invalid",
      say`The input schema of ${key} checks asynchronously; use a synchronous schema, or bind the variable with \`bind\`.`,
    );
  }
  if (result.issues === undefined) return result.value as Readonly<Record<string, unknown>>;
  throw issueError(declaration, variables, result.issues[0]);
}

function issueError(
  { key, binders }: Declaration,
  variables: Readonly<Record<string, unknown>>,
  issue: SchemaIssue | undefined,
): HarnessError {
  const path = (issue?.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
  const [head] = path;
  if (head !== undefined && variables[head] === undefined) {
    return new HarnessError(
      "variable-missing",
      say`${key} needs the variable "${head}"; ${words(() => howToPass(Object.hasOwn(binders ?? {}, head)))}.`,
    );
  }
  const where = path.join(".") || say`the variables`;
  return new HarnessError(
    "variable-invalid",
    say`${key}: ${where} does not fit the contract: ${words(() => what(issue, valueAt(variables, path)))}.`,
  );
}

function howToPass(isBound: boolean): string {
  return isBound ? "it is bound by the code: await call.bind() first" : "pass it with the others";
}

function what(issue: SchemaIssue | undefined, value: unknown): string {
  return withoutValue(issue?.message ?? "it does not fit", value);
}

function valueAt(variables: unknown, path: readonly string[]): unknown {
  let value = variables;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

/** Some libraries quote the value in their message, which may be anybody's secret. */
function withoutValue(message: string, value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") {
    const digits = String(value).replace(/[.+]/g, "\\$&");
    return message.replace(new RegExp(`(?<![\\w.])${digits}(?!\\w)`, "g"), "…");
  }
  if (typeof value !== "string" || value === "") return message;
  const quoted = message.replaceAll(JSON.stringify(value), "…").replaceAll(`"${value}"`, "…");
  return value.length < 4 ? quoted : quoted.replaceAll(value, "…");
}
