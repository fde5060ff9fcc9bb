/** A text made ready to serve to one caller: checked for fit, partials resolved, compiled once. */
import {
  bodiesOf,
  type CallerContract,
  type CompiledBody,
  compileBody,
  errorCodeOf,
  fenceId,
  languageOf,
  localizedTexts,
  mediaPaths,
  type Part,
  type PartialRef,
  templatePartials,
  textMisfits,
  type VersionText,
} from "@colophon/kernel";

/** A partial as one resolution found it. */
export interface ResolvedPartial {
  readonly ref: PartialRef;
  readonly version: number | null;
  readonly hash: string;
  readonly text: VersionText;
}

/** Finds the text of a partial, pinned or through the tiers; undefined when nobody knows it. */
export type FindPartial = (ref: PartialRef) => ResolvedPartial | undefined;

/** A text that fits, with its compiled bodies by locale ("" is the default). */
export interface Servable {
  readonly ok: true;
  readonly text: VersionText;
  readonly parts: readonly Part[];
  /** Where the caller's variables hold media: `photo`, `pages[]`. */
  readonly media: ReadonlySet<string>;
  body(locale: string | undefined): LocalizedBody;
}

/** A compiled body, and the locale that the text names it by. */
interface LocalizedBody {
  readonly compiled: CompiledBody;
  readonly locale: string | null;
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

/** Every row of the calls that it touches repeats the reason. */
const REASON_LIMIT = 300;

function unservable(reason: string): Unservable {
  const isLong = reason.length > REASON_LIMIT;
  return { ok: false, reason: isLong ? `${reason.slice(0, REASON_LIMIT - 1).toWellFormed()}…` : reason };
}

/** The servable for a text and caller; never throws. */
export function servableFor(request: ServableRequest): Servable | Unservable {
  try {
    return findServable(request);
  } catch (error) {
    // A text from the registry must never throw into a caller: it is skipped with its reason.
    const message = error instanceof Error ? error.message : "";
    return unservable(`${errorCodeOf(error) ?? "error"}: ${message}`);
  }
}

function findServable(request: ServableRequest): Servable | Unservable {
  const { hash, text, cache } = request;
  const refs = refsOf(text);
  const found = refs.length === 0 ? NO_PARTIALS : findPartials(refs, request.findPartial);
  if (typeof found === "string") return unservable(found);
  // Partials are resolved anew each time, pinned ones too: they may be withdrawn any minute. The version is
  // told apart too: the same text may come as one and as the default in the code.
  const key = [hash, ...found.map((partial) => `${partial.hash}@${partial.version}`)].join(" ");
  const known = cache.get(key);
  if (known) return known;
  const made = makeServable(request, found);
  if (cache.size >= CACHE_LIMIT) cache.delete(cache.keys().next().value as string);
  cache.set(key, made);
  return made;
}

const NO_PARTIALS: readonly ResolvedPartial[] = Object.freeze([]);

function findPartials(refs: readonly PartialRef[], find: FindPartial): readonly ResolvedPartial[] | string {
  const found = new Map<string, ResolvedPartial>();
  const pending = [...refs];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next.ref)) continue;
    const partial = find(next);
    if (partial === undefined) return `partial {{> ${next.ref}}} is not known`;
    found.set(next.ref, partial);
    pending.push(...refsOf(partial.text));
  }
  return [...found.values()];
}

const knownRefs = new WeakMap<VersionText, readonly PartialRef[]>();

/** The partials that a text names: read once, since unpinned ones are asked for with every resolution. */
function refsOf(text: VersionText): readonly PartialRef[] {
  let refs = knownRefs.get(text);
  if (!refs) {
    refs = bodiesOf(text).flatMap((body) => {
      try {
        return templatePartials(body);
      } catch {
        // A body that does not parse has no partials; compiling it says what is wrong.
        return [];
      }
    });
    knownRefs.set(text, refs);
  }
  return refs;
}

function makeServable(request: ServableRequest, partials: readonly ResolvedPartial[]): Servable | Unservable {
  const { text, caller, hash } = request;
  const { untrusted } = text;
  const media = mediaPaths(caller.input);
  const compiled = new Map<string, LocalizedBody>();
  const byRef = new Map(partials.map(({ ref, text }) => [ref.ref, text]));
  for (const { asked, body, locale, partials: source } of localizedTexts(text, byRef)) {
    const misfits = textMisfits({ ...text, body, locales: undefined }, caller, source);
    if (misfits.length > 0) return unservable(misfits.join("; "));
    const options = { partials: source, untrusted, fence: fenceId(hash), media };
    compiled.set(asked, { compiled: compileBody(body, options), locale });
  }
  const unasked = compiled.get("") as LocalizedBody;
  return {
    ok: true,
    text,
    parts: partials.map(
      ({ ref, version, hash }): Part => ({ kind: "partial", name: ref.name, version, hash }),
    ),
    media,
    body: (locale) =>
      locale === undefined ? unasked : (compiled.get(locale) ?? compiled.get(languageOf(locale)) ?? unasked),
  };
}
