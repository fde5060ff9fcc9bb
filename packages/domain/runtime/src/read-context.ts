/** Reads a context as the application passes it, whatever it is: the resolver works on plain texts of its own. */
import type { ExecutionId } from "@colophon/kernel";
import type { ResolveContext } from "./declaration.ts";

const TRACE = /^[0-9a-f]{32}$/;
const SPAN = /^[0-9a-f]{16}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Environments are short names; a longer one is unknown, and its row need not hold it whole. */
const ENVIRONMENT_LIMIT = 100;

/** A context that was read: plain data, every field a well-formed text or left out. */
class ReadContext implements ResolveContext {
  readonly #read = true;
  readonly user: string | undefined;
  readonly tenant: string | undefined;
  readonly document: string | undefined;
  readonly documentType: string | undefined;
  readonly session: string | undefined;
  readonly unit: string | undefined;
  readonly environment: string | undefined;
  readonly locale: string | undefined;
  readonly route: string | undefined;
  readonly pin: string | undefined;
  readonly trace: string | undefined;
  readonly span: string | undefined;
  readonly parent: ExecutionId | undefined;
  readonly step: number | undefined;

  constructor(given: ResolveContext) {
    const { environment, trace, span, parent, step } = given;
    this.user = textOf(given.user);
    this.tenant = textOf(given.tenant);
    this.document = textOf(given.document);
    this.documentType = textOf(given.documentType);
    this.session = textOf(given.session);
    this.unit = textOf(given.unit);
    this.environment = textOf(environment)?.slice(0, ENVIRONMENT_LIMIT);
    this.locale = textOf(given.locale);
    this.route = textOf(given.route);
    this.pin = textOf(given.pin);
    this.trace = matching(trace, TRACE);
    this.span = matching(span, SPAN);
    this.parent = matching(parent, UUID) as ExecutionId | undefined;
    this.step = Number.isSafeInteger(step) ? step : undefined;
  }

  static has(context: object): boolean {
    return #read in context;
  }
}

/** Ids that are numbers are taken as their text; nothing and the empty text name nobody. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.toLowerCase();
  return pattern.test(text) ? text : undefined;
}

/** The fields of a context that can be read at all, one by one. */
function readableFields(context: ResolveContext): ResolveContext {
  const fields: [string, unknown][] = [];
  for (const name of Object.keys(new ReadContext({})) as (keyof ResolveContext)[]) {
    try {
      fields.push([name, context[name]]);
    } catch {
      // A getter that throws says nothing of whom the call is for.
    }
  }
  return Object.fromEntries(fields);
}

/** The context in plain data; never throws. */
export function readContext(context: ResolveContext): ResolveContext {
  try {
    return ReadContext.has(context) ? context : new ReadContext(context);
  } catch {
    return new ReadContext(readableFields(context));
  }
}
