/** Canonical JSON by RFC 8785, the text that hashes are taken over. */
import { HarnessError } from "./errors.ts";
import { say, words } from "./say.ts";
import { sha256 } from "./sha256.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The canonical JSON of a value: keys in UTF-16 order, no white space, numbers as ECMAScript prints
 * them. Properties that are undefined are left out and dates are texts, as
 * JSON.stringify does.
 *
 * @throws HarnessError `input-malformed` for what JSON cannot hold (NaN, functions, lone surrogates).
 */
export function canonicalJson(value: unknown): string {
  if (
    value === null ||
    typeof value === "boolean" ||
    Number.isFinite(value) ||
    (typeof value === "string" && value.isWellFormed())
  ) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join()}]`;
  if (typeof value === "object") {
    const { toJSON } = value as { readonly toJSON?: unknown };
    return typeof toJSON === "function"
      ? canonicalJson(toJSON.call(value))
      : canonicalObject(value as Fields);
  }
  throw new HarnessError(
    "input-malformed",
    say`JSON cannot hold ${words(() => what(value))}; use plain JSON values only.`,
  );
}

function what(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? "a string with half a surrogate pair" : typeof value;
}

/** Names a document by its content: SHA-256 (64 hex digits) over its canonical JSON. */
export function hashDocument(document: object): string {
  return sha256(canonicalJson(document));
}

function canonicalObject(value: Fields): string {
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined) fields.push(`${canonicalJson(key)}:${canonicalJson(field)}`);
  }
  return `{${fields.join()}}`;
}
