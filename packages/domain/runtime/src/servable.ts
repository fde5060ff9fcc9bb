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

/** A text as a resolution found it. */
export interface FoundText {
  /** Null for a text that only the code knows. */
  readonly version: number | null;
  readonly hash: string;
  readonly text: VersionText;
  readonly withdrawn?: boolean;
}

/** A text that fits, with its compiled bodies by locale ("" is the default). */
export interface Servable {
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

/** What was compiled for a caller, or why it cannot be served, by the hashes of text and partials. */
export type ServableCache = Map<string, Servable | string>;

/** Enough for every version a caller meets between two deployments. */
const CACHE_LIMIT = 256;

export interface ServableRequest {
  readonly found: FoundText;
  readonly caller: CallerContract;
  readonly cache: ServableCache;
  /** Finds the text of a partial, pinned or through the tiers; undefined when nobody knows it. */
  readonly findPartial: (ref: PartialRef) => FoundText | undefined;
}

/** The servable for a text and caller, or why there is none; never throws. */
export function servableFor(request: ServableRequest): Servable | string {
  const { found, cache, findPartial } = request;
  const parts: Part[] = [];
  const texts = new Map<string, VersionText>();
  // Partials are resolved anew each time, pinned ones too: they may be withdrawn any minute. The version is
  // told apart too: the same text may come as one and as the default in the code.
  let known = found.hash;
  try {
    const pending = [...refsOf(found.text)];
    for (const partial of pending) {
      const { ref, name } = partial;
      if (texts.has(ref)) continue;
      const its = findPartial(partial);
      if (!its) return `partial {{> ${ref}}} is not known`;
      const { version, hash, text } = its;
      parts.push({ kind: "partial", name, version, hash });
      texts.set(ref, text);
      pending.push(...refsOf(text));
      known += ` ${hash}@${version}`;
    }
    let servable = cache.get(known);
    if (!servable) {
      servable = makeServable(request, parts, texts);
      if (cache.size >= CACHE_LIMIT) cache.clear();
      cache.set(known, servable);
    }
    return servable;
  } catch (error) {
    // A text from the registry must never throw into a caller: it is skipped with its reason.
    return `${errorCodeOf(error) ?? "error"}: ${(error as Error | undefined)?.message}`;
  }
}

const knownRefs = new WeakMap<VersionText, readonly PartialRef[]>();

/** The partials that a text names: read once, since unpinned ones are asked for with every resolution. */
function refsOf(text: VersionText): readonly PartialRef[] {
  let refs = knownRefs.get(text);
  if (!refs) {
    refs = bodiesOf(text).flatMap(templatePartials);
    knownRefs.set(text, refs);
  }
  return refs;
}

function makeServable(
  { found, caller }: ServableRequest,
  parts: readonly Part[],
  texts: ReadonlyMap<string, VersionText>,
): Servable | string {
  const { text, hash } = found;
  const { untrusted } = text;
  const media = mediaPaths(caller.input);
  const bodies = new Map<string, LocalizedBody>();
  for (const { asked, body, locale, partials } of localizedTexts(text, texts)) {
    const misfits = textMisfits({ ...text, body, locales: undefined }, caller, partials);
    if (misfits.length > 0) return misfits.join("; ");
    const compiled = compileBody(body, { partials, untrusted, fence: fenceId(hash), media });
    bodies.set(asked, { compiled, locale });
  }
  return {
    text,
    parts,
    media,
    body: (locale = "") =>
      bodies.get(locale) ?? bodies.get(languageOf(locale)) ?? (bodies.get("") as LocalizedBody),
  };
}
