/** Says whether the code that declares a prompt could be served a text. */
import { fitOf } from "@colophon/delivery";
import { errorCodeOf, type VersionText } from "@colophon/kernel";
import { withTexts } from "../../change-registry.ts";
import type { ComparePlace } from "./compare-prompt.ts";
import type { FoundSide } from "./find-side.ts";

export interface CallersFit {
  readonly environment: string;
  /** What keeps the code there from serving the text, in sentences; empty where it fits, null where nobody knows. */
  readonly misfits: readonly string[] | null;
}

/** Of each environment in which code declares the prompt, by the rules of releases. */
export async function callersFit(
  { harness, state }: ComparePlace,
  key: string,
  { side: { hash }, text }: FoundSide,
): Promise<readonly CallersFit[]> {
  const prompt = state?.prompts.get(key);
  if (harness === null || state === null || prompt === undefined) return [];
  const known: (readonly [string, VersionText])[] = hash === null ? [] : [[hash, text]];
  const fits: CallersFit[] = [];
  for (const environment of prompt.declarations.keys()) {
    const misfits =
      hash === null
        ? null
        : await withTexts(harness, async (texts) =>
            fitOf(state, { prompt, hash, environment, texts: new Map([...texts, ...known]) }),
          ).then(
            (fit) => fit.misfits,
            (error: unknown) => {
              if (errorCodeOf(error) === undefined) throw error;
              return null;
            },
          );
    fits.push({ environment, misfits });
  }
  return fits;
}
