/** Reads what another process wrote for a ledger: every field is checked, since it becomes a row for ever. */
import { ERROR_CODES, HarnessError } from "../errors.ts";
import type { LedgerEntry } from "../ports/ledger-entry.ts";
import { GAP_KINDS } from "../ports/ledger-store.ts";
import { CONSIDERED_OUTCOMES, LANES, PURPOSES, REASONS, TIERS } from "../vocabulary.ts";
import { checkOutcome, type OutcomeDraft } from "./outcome.ts";

/** Says what is wrong with a value, by the path to it; undefined for nothing. */
type Check = (value: unknown, path: string) => string | undefined;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SHOWN = 40;

function shown(value: unknown): string {
  const text = value === undefined ? "missing" : (JSON.stringify(value) ?? typeof value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function when(test: (value: unknown) => boolean, wanted: string): Check {
  return (value, path) => (test(value) ? undefined : `${path} is ${shown(value)}, and takes ${wanted}`);
}

function matching(pattern: RegExp, wanted: string): Check {
  return when((value) => typeof value === "string" && pattern.test(value), wanted);
}

function oneOf(words: readonly string[]): Check {
  return when((value) => words.includes(value as string), `one of ${words.join(", ")}`);
}

function maybe(check: Check): Check {
  return (value, path) => (value === null ? undefined : check(value, path));
}

/** For fields that may be left out. */
function optional(check: Check): Check {
  return (value, path) => (value === undefined ? undefined : check(value, path));
}

function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return `${path} is ${shown(value)}, and takes a list`;
    for (const [index, item] of value.entries()) {
      const wrong = check(item, `${path}[${index}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

function fields(checks: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return `${path} is ${shown(value)}, and takes an object`;
    for (const [name, check] of Object.entries(checks)) {
      const wrong = check((value as Readonly<Record<string, unknown>>)[name], `${path}.${name}`);
      if (wrong !== undefined) return wrong;
    }
    const extra = Object.keys(value).find((name) => !Object.hasOwn(checks, name));
    return extra === undefined ? undefined : `${path}.${extra} is no field of it`;
  };
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const text = when((value) => typeof value === "string" && value.isWellFormed(), "well-formed text");
const flag = when((value) => typeof value === "boolean", "true or false");
const count = when(isWhole, "a whole number from 0");
/** For what applications say in figures: one that makes no sense is unknown to the store, and refuses no row. */
const figure = when((value) => typeof value === "number", "a number");
const share = when((value) => typeof value === "number" && value >= 0 && value <= 1, "a number from 0 to 1");
const id = matching(UUID, "a version 7 UUID");
const digest = matching(/^[0-9a-f]{64}$/, "64 hex digits");
const version = maybe(when((value) => isWhole(value) && value !== 0, "a version number"));

const EXECUTION = fields({
  id,
  prompt: text,
  version,
  hash: digest,
  caller: text,
  environment: text,
  lane: maybe(oneOf(LANES)),
  tier: maybe(oneOf(TIERS)),
  reason: oneOf(REASONS),
  errorCode: maybe(oneOf(ERROR_CODES)),
  considered: listOf(
    fields({
      tier: oneOf([...TIERS, "pin"]),
      outcome: oneOf(CONSIDERED_OUTCOMES),
      reason: optional(text),
      version: optional(count),
    }),
  ),
  stale: flag,
  revision: maybe(count),
  assignment: maybe(fields({ salt: text, draw: share, probability: share })),
  purpose: oneOf(PURPOSES),
  trace: maybe(matching(/^[0-9a-f]{32}$/, "32 hex digits")),
  span: maybe(matching(/^[0-9a-f]{16}$/, "16 hex digits")),
  parent: maybe(id),
  step: maybe(figure),
  attempt: figure,
  fallbackOf: maybe(id),
  requestedModel: text,
  answeringModel: maybe(text),
  provider: text,
  host: maybe(text),
  systemFingerprint: maybe(text),
  tokens: fields({
    input: maybe(count),
    output: maybe(count),
    reasoning: maybe(count),
    cacheRead: maybe(count),
    cacheWrite: maybe(count),
  }),
  latency: count,
  firstToken: maybe(count),
  status: oneOf(["ok", "error", "aborted"]),
  error: maybe(text),
  finishReason: maybe(text),
  toolCalls: maybe(listOf(text)),
  schemaOk: maybe(flag),
  refused: maybe(flag),
  outputLength: maybe(count),
  locale: maybe(text),
  parts: listOf(
    fields({
      kind: oneOf(["partial", "bound", "media"]),
      name: text,
      version,
      hash: text,
      choice: optional(text),
    }),
  ),
  renderedHash: maybe(matching(/^[0-9a-f]{32}$/, "32 hex digits")),
  // An amount that was no number is null in JSON.
  statedCost: maybe(fields({ amount: maybe(figure), currency: text })),
  priceTable: maybe(text),
  subjects: fields({
    user: maybe(text),
    tenant: maybe(text),
    document: maybe(text),
    documentType: maybe(text),
    session: maybe(text),
  }),
  contents: maybe(
    fields({
      inputDigest: maybe(digest),
      outputDigest: maybe(digest),
      variables: maybe(text),
      output: maybe(text),
      days: maybe(when((value) => typeof value === "number" && value > 0, "days above 0")),
    }),
  ),
});

const ENTRIES: Readonly<Record<LedgerEntry["kind"], Check>> = {
  execution: EXECUTION,
  outcome: (value, path) =>
    fields({
      id,
      execution: id,
      name: text,
      value: when((one) => ["string", "boolean", "number"].includes(typeof one), "a text, number or truth"),
      source: text,
      by: maybe(text),
    })(value, path) ?? outcomeFault(value as OutcomeDraft),
  start: fields({ id, prompt: text, version, hash: digest, environment: text }),
  gap: fields({
    at: count,
    kind: oneOf(GAP_KINDS),
    count: count,
    prompt: maybe(text),
    reason: text,
  }),
};

function outcomeFault(outcome: OutcomeDraft): string | undefined {
  try {
    checkOutcome(outcome);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/[.;].*$/, "");
  }
}

/**
 * An entry as `LedgerEntry` describes it, out of parsed JSON.
 *
 * @throws HarnessError `input-malformed`, naming the first field that is not as it should be.
 */
export function readLedgerEntry(value: unknown): LedgerEntry {
  const { kind, row } = (value ?? {}) as { readonly kind?: unknown; readonly row?: unknown };
  const check =
    typeof kind === "string" && Object.hasOwn(ENTRIES, kind) ? ENTRIES[kind as LedgerEntry["kind"]] : null;
  const wrong =
    check === null
      ? `kind is ${shown(kind)}, and takes one of ${Object.keys(ENTRIES).join(", ")}`
      : check(row, "row");
  if (wrong === undefined) return { kind, row } as LedgerEntry;
  throw new HarnessError("input-malformed", `This is no entry of a ledger: ${wrong}.`);
}
