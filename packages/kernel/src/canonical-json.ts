/** Canonical JSON by RFC 8785, the text that hashes are taken over. */
import { HarnessError } from "./errors.ts";
import { say } from "./say.ts";
import { sha256 } from "./sha256.ts";

/**
 * The canonical JSON of a value: keys in UTF-16 order, no white space, numbers as ECMAScript prints
 * them. Properties that are undefined are left out and dates are texts, as
 * JSON.stringify does.
 *
 * @throws HarnessError `input-malformed` for what JSON cannot hold (NaN, functions, lone surrogates).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw notJson(String(value));
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw notJson(say`a string with half a surrogate pair`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value === "object") {
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === "function") return canonicalJson(toJSON.call(value));
    return canonicalObject(value as Readonly<Record<string, unknown>>);
  }
  throw notJson(typeof value);
}

/** Names a document by its content: SHA-256 (64 hex digits) over its canonical JSON. */
export function hashDocument(document: object): string {
  return sha256(canonicalJson(document));
}

function canonicalObject(value: Readonly<Record<string, unknown>>): string {
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) fields.push(`${canonicalJson(key)}:${canonicalJson(value[key])}`);
  }
  return `{${fields.join(",")}}`;
}

function notJson(what: string): HarnessError {
  return new HarnessError("input-malformed", say`JSON cannot hold ${what}; use plain JSON values only.`);
}
