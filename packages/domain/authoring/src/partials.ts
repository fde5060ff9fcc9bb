/** Partials at registration: pinned ones go into the hash, all of them are read before a version is made. */
import {
  bodiesOf,
  HarnessError,
  type PartialRef,
  type PromptState,
  type RegistryState,
  templatePartials,
  type VersionText,
} from "@colophon/kernel";
import { type Texts, textsMissing } from "./text-of.ts";

/** Every partial that the bodies of a text name, each once. */
function partialsOf(text: Pick<VersionText, "body" | "locales">): readonly PartialRef[] {
  const refs = new Map<string, PartialRef>();
  for (const body of bodiesOf(text)) for (const ref of templatePartials(body)) refs.set(ref.ref, ref);
  return [...refs.values()];
}

/**
 * The text with the hash of every pinned partial (`name@vN`) that it names. To be called before hashing.
 *
 * @throws HarnessError `partial-missing` for a version that is not there.
 */
export function pinPartials(text: VersionText, state: RegistryState): VersionText {
  const pinned = partialsOf(text).filter((ref) => ref.version !== null);
  const { partials: _, ...rest } = text;
  if (pinned.length === 0) return rest;
  const hashes = pinned.map((ref) => [ref.ref, pinnedVersion(state, ref).hash] as const);
  return { ...rest, partials: Object.fromEntries(hashes) };
}

function pinnedVersion(state: RegistryState, ref: PartialRef) {
  const prompt = state.prompts.get(ref.name);
  const version = prompt?.versions.get(ref.version ?? 0);
  if (version !== undefined) return version;
  const newest = prompt === undefined ? undefined : newestVersion(prompt)?.version;
  throw new HarnessError(
    "partial-missing",
    newest === undefined
      ? `{{> ${ref.ref}}} names a prompt without versions: register ${ref.name} first.`
      : `{{> ${ref.ref}}} names a version that ${ref.name} does not have: its newest is v${newest}.`,
    { details: { partial: ref.ref } },
  );
}

/** The newest version that is not withdrawn. */
function newestVersion(prompt: PromptState) {
  return [...prompt.versions.values()].findLast((entry) => entry.withdrawn === null);
}

function newestDeclaration({ declarations }: PromptState) {
  return [...declarations.values()]
    .flat()
    .toSorted((a, b) => a.revision - b.revision)
    .at(-1);
}

/** Where the bodies of partials are looked for. */
export interface PartialSources {
  readonly state: RegistryState;
  readonly texts: Texts;
  /** By key: texts declared at the same time, newer than anything in the store. */
  readonly alongside?: ReadonlyMap<string, VersionText>;
}

/**
 * The texts of all partials of a text and of their partials, by the reference as it is written. An
 * unpinned partial stands for its newest text here; what is live decides when it is released.
 *
 * @throws HarnessError `partial-missing`, `partial-cycle`, `withdrawn`, or what `missingTexts` reads.
 */
export function collectPartials(
  root: { readonly key: string; readonly text: VersionText },
  sources: PartialSources,
): ReadonlyMap<string, VersionText> {
  const found = new Map<string, VersionText>();
  const missing = new Set<string>();
  const visit = (text: Pick<VersionText, "body" | "locales">, trail: readonly string[]): void => {
    for (const ref of partialsOf(text)) {
      if (trail.includes(ref.ref)) throw cycleOf(trail, ref);
      if (found.has(ref.ref)) continue;
      const partial = ref.version === null ? newestText(ref, sources) : pinnedText(ref, sources);
      if (typeof partial === "string") {
        missing.add(partial);
        continue;
      }
      visit(partial, [...trail, ref.ref]);
      found.set(ref.ref, partial);
    }
  };
  visit(root.text, [root.key]);
  if (missing.size > 0) throw textsMissing(missing, `a partial of ${root.key}`);
  return found;
}

function cycleOf(trail: readonly string[], ref: PartialRef): HarnessError {
  const way = [...trail.slice(trail.indexOf(ref.ref)), ref.ref].join(" → ");
  return new HarnessError("partial-cycle", `Partial ${ref.ref} includes itself: ${way}; break the circle.`, {
    details: { partial: ref.ref },
  });
}

/** The text, or the hash of one that was not loaded. */
function pinnedText(ref: PartialRef, { state, texts }: PartialSources): VersionText | string {
  const version = pinnedVersion(state, ref);
  if (version.withdrawn !== null) {
    throw new HarnessError(
      "withdrawn",
      `{{> ${ref.ref}}} names a version that was withdrawn (${version.withdrawn.reason}): name another one.`,
      { details: { partial: ref.ref } },
    );
  }
  return texts.get(version.hash) ?? version.hash;
}

function newestText(ref: PartialRef, { state, texts, alongside }: PartialSources): VersionText | string {
  const declaredNow = alongside?.get(ref.name);
  if (declaredNow !== undefined) return declaredNow;
  const prompt = state.prompts.get(ref.name);
  const hash =
    prompt === undefined ? undefined : (newestVersion(prompt)?.hash ?? newestDeclaration(prompt)?.hash);
  if (hash === undefined) {
    throw new HarnessError(
      "partial-missing",
      `{{> ${ref.ref}}} names a prompt that is not there: register ${ref.name} first, or correct the name.`,
      { details: { partial: ref.ref } },
    );
  }
  return texts.get(hash) ?? hash;
}
