/** Proposes a key for a prompt in Python, from its function and its file. */
import type { SourceCall, SourceModule } from "../../scan/source/source-module.ts";
import { keyOfWords, telling, wordsOf } from "../propose-names.ts";

export function proposeKey(
  { file, scopes }: SourceModule,
  call: SourceCall,
  { application, taken }: { readonly application: string | null; readonly taken: ReadonlySet<string> },
): string {
  const words: (readonly string[])[] = [];
  for (let index: number | null = call.scope; index !== null; index = scopes[index]?.parent ?? null) {
    const named = telling(wordsOf(scopes[index]?.name ?? ""), "name");
    if (named !== undefined) words.push(named);
  }
  return keyOfWords(words[0] ?? ["prompt"], { file, application: application ?? "app", taken });
}
