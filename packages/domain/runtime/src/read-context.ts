/** Reads a context as the application passes it, whatever it is: the resolver works on plain texts of its own. */
import type { ResolveContext } from "./declaration.ts";

/** Environments are short names; a longer one is unknown, and its row need not hold it whole. */
const ENVIRONMENT_LIMIT = 100;

/** Ids that are numbers are taken as their text; nothing and the empty text name nobody. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value || undefined;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

/** Every field a text or left out, but for those that say where a call stands: whoever needs these checks them. */
function plain(given: ResolveContext): ResolveContext {
  const { trace, span, parent, step } = given;
  return {
    user: textOf(given.user),
    tenant: textOf(given.tenant),
    document: textOf(given.document),
    documentType: textOf(given.documentType),
    session: textOf(given.session),
    unit: textOf(given.unit),
    environment: textOf(given.environment)?.slice(0, ENVIRONMENT_LIMIT),
    locale: textOf(given.locale),
    route: textOf(given.route),
    pin: textOf(given.pin),
    trace,
    span,
    parent,
    step,
  };
}

/** The context in plain data; never throws. */
export function readContext(context: ResolveContext): ResolveContext {
  try {
    return plain(context);
  } catch {
    const fields: Record<string, unknown> = {};
    for (const name of Object.keys(plain({})) as (keyof ResolveContext)[]) {
      try {
        fields[name] = context[name];
      } catch {
        // A getter that throws says nothing of whom the call is for.
      }
    }
    return plain(fields);
  }
}
