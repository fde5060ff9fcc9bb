/** A text made ready to serve to one caller: checked for fit, partials resolved, compiled once. */
import {
  type Body,
  type CallerContract,
  type CompiledBody,
  compileBody,
  errorCodeOf,
  fenceId,
  type PartialRef,
  sha256,
  templatePartials,
  textMisfits,
  type Part,
  type VersionText,
  bodiesOf,
} from "@colophon/kernel";

/** A partial as one resolution found it. */
export interface ResolvedPartial {
  readonly ref: PartialRef;
  readonly version: number | null;
  readonly hash: string;
  readonly body: Body;
}

/** Finds the text of a partial, pinned or through the tiers; undefined when nobody knows it. */
export type FindPartial = (ref: PartialRef) => ResolvedPartial | undefined;

/** A text that fits, with its compiled bodies by locale ("" is the default). */
export interface Servable {
  readonly ok: true;
  readonly text: VersionText;
  readonly parts: readonly Part[];
  body(locale: string | undefined): { readonly compiled: CompiledBody; readonly locale: string | null };
}

/** A text that cannot be served to this caller, and why. */
export interface Unservable {
  readonly ok: false;
  readonly reason: string;
}

/** What was compiled for a caller, by the hashes of text and partials. */
export type ServableCache = Map<string, Servable | Unservable>;

/** Enough for every version a caller meets between two deployments. */
const CACHE_LIMIT = 256;

export interface ServableRequest {
  readonly hash: string;
  readonly text: VersionText;
  readonly caller: CallerContract;
  readonly cache: ServableCache;
  readonly findPartial: FindPartial;
}

/** The servable for a text and caller; never throws. */
export function servableFor(request: ServableRequest): Servable | Unservable {
  try {
    return findServable(request);
  } catch (error) {
    // A text from the registry must never throw into a caller: it is skipped with its reason.
    return { ok: false, reason: `${errorCodeOf(error) ?? "error"}: ${error instanceof Error ? error.message : ""}` };
  }
}

function findServable(request: ServableRequest): Servable | Unservable {
  const known = request.cache.get(request.hash);
  if (known !== undefined) return known;
  const found = findPartials(request.text, request.findPartial);
  if (typeof found === "string") return { ok: false, reason: found };
  // Unpinned partials may resolve otherwise for the next caller, so they are part of the cache's key.
  const floating = found.some((partial) => partial.ref.version === null);
  const key = floating ? `${request.hash} ${found.map((partial) => partial.hash).join(" ")}` : request.hash;
  const again = request.cache.get(key);
  if (again !== undefined) return again;
  const made = makeServable(request, found);
  if (request.cache.size >= CACHE_LIMIT) request.cache.delete(request.cache.keys().next().value as string);
  request.cache.set(key, made);
  return made;
}

function findPartials(text: VersionText, find: FindPartial): readonly ResolvedPartial[] | string {
  const found = new Map<string, ResolvedPartial>();
  const pending = bodiesOf(text).flatMap((body) => safePartials(body));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next.ref)) continue;
    const partial = find(next);
    if (partial === undefined) return `partial {{> ${next.ref}}} is not known`;
    found.set(next.ref, partial);
    pending.push(...safePartials(partial.body));
  }
  return [...found.values()];
}

/** A body that does not parse has no partials; compiling it says what is wrong. */
function safePartials(body: Body): readonly PartialRef[] {
  try {
    return templatePartials(body);
  } catch {
    return [];
  }
}

function makeServable(request: ServableRequest, partials: readonly ResolvedPartial[]): Servable | Unservable {
  const { text, caller, hash } = request;
  const misfits = textMisfits(text, caller, partials.map((partial) => partial.body));
  if (misfits.length > 0) return { ok: false, reason: misfits.join("; ") };
  const bodies = new Map<string, CompiledBody>();
  const compile = (body: Body): CompiledBody =>
    compileBody(body, {
      partials: (ref) => textOf(partials.find((partial) => partial.ref.ref === ref.ref)?.body),
      untrusted: text.untrusted ?? [],
      fence: fenceId(hash),
    });
  const compiled = compile(text.body);
  for (const [locale, body] of Object.entries(text.locales ?? {})) bodies.set(locale, compile(body));
  const parts = partials.map(
    (partial): Part => ({ kind: "partial", name: partial.ref.name, version: partial.version, hash: partial.hash }),
  );
  return { ok: true, text, parts, body: (locale) => localized({ text, locale, compiled, bodies }) };
}

function textOf(body: Body | undefined): string | undefined {
  return typeof body === "string" ? body : undefined;
}

interface LocaleRequest {
  readonly text: VersionText;
  readonly locale: string | undefined;
  readonly compiled: CompiledBody;
  readonly bodies: ReadonlyMap<string, CompiledBody>;
}

/** The translation for a locale: itself, else its language, else the default body. */
function localized(request: LocaleRequest): { readonly compiled: CompiledBody; readonly locale: string | null } {
  const { text, locale, bodies } = request;
  if (locale !== undefined && bodies.size > 0) {
    for (const name of [locale, locale.split("-")[0] as string]) {
      if (name === text.defaultLocale) break;
      const compiled = bodies.get(name);
      if (compiled !== undefined) return { compiled, locale: name };
    }
  }
  return { compiled: request.compiled, locale: text.defaultLocale ?? null };
}

/** Hash of a text that a partial or bound value contributed. */
export function hashPart(value: string): string {
  return sha256(value);
}
