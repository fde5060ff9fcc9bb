/** Writes the partials that a branch changes into the texts that include them, so that the gate can be asked with both. */
import { inlinePartials, promptSpecValue, readPromptSpec } from "@colophon/authoring";
import { bodiesOf, type PartialRef, templatePartials, type VersionText } from "@colophon/kernel";
import type { PromptSummary } from "../../list-prompts.ts";
import type { PromptFile } from "../sync/prompt-folder.ts";

/** What a branch makes of its partials. */
export interface BranchPartials {
  /** Texts as the branch has them, by key. */
  readonly texts: ReadonlyMap<string, VersionText>;
  /** What the registry knows, by key. */
  readonly known: ReadonlyMap<string, Pick<PromptSummary, "newest">>;
}

/** A version that is there never changes; what is pinned before it is pushed, and what is not pinned, is the branch's. */
function changedText({ texts, known }: BranchPartials, { name, version }: PartialRef) {
  const isThere = version !== null && version <= (known.get(name)?.newest ?? 0);
  return isThere ? undefined : texts.get(name);
}

/**
 * The value of a prompt with them, and their keys.
 *
 * @param value what the file says, parsed.
 * @throws HarnessError as `inlinePartials` does.
 */
export function withBranchPartials(
  { value, file }: { readonly value: unknown; readonly file: string },
  partials: BranchPartials,
): { readonly value: unknown; readonly inlined: readonly string[] } {
  const spec = readPromptSpec(value, file);
  const { text, inlined } = inlinePartials(spec.text, (ref) => changedText(partials, ref));
  return inlined.length === 0 ? { value, inlined } : { value: promptSpecValue({ ...spec, text }), inlined };
}

/** Files as they were that say something else now, since one of the partials that they reach does. */
export function dependentFiles(
  files: readonly PromptFile[],
  partials: BranchPartials,
): readonly PromptFile[] {
  const texts = new Map(files.map(({ spec }) => [spec.key, spec.text]));
  const reached = new Map<string, boolean>();
  const reaches = (text: VersionText): boolean =>
    bodiesOf(text)
      .flatMap((body) => templatePartials(body))
      .some((ref) => changedText(partials, ref) !== undefined || (ref.version === null && goesOn(ref.name)));
  const goesOn = (key: string): boolean => {
    const known = reached.get(key);
    if (known !== undefined) return known;
    // Those that include each other end here; which is refused elsewhere.
    reached.set(key, false);
    const text = texts.get(key);
    const found = text !== undefined && reaches(text);
    reached.set(key, found);
    return found;
  };
  return files.filter(({ spec }) => !partials.texts.has(spec.key) && goesOn(spec.key));
}
