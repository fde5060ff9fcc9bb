/** The order in which prompts become versions: what others include as a partial goes before them. */
import { bodiesOf, templatePartials, type VersionText } from "@colophon/kernel";

export interface OrderedPrompt {
  readonly key: string;
  readonly text: VersionText;
}

/** By key where nothing else decides; a circle is left to registration, which refuses it. */
export function pushOrder<T extends OrderedPrompt>(prompts: readonly T[]): readonly T[] {
  const byKey = new Map(prompts.map((prompt) => [prompt.key, prompt]));
  const ordered = new Set<T>();
  const begun = new Set<T>();
  const visit = (prompt: T): void => {
    if (begun.has(prompt)) return;
    begun.add(prompt);
    for (const name of partialNames(prompt.text)) {
      const partial = byKey.get(name);
      if (partial !== undefined) visit(partial);
    }
    ordered.add(prompt);
  };
  for (const key of [...byKey.keys()].sort()) {
    const prompt = byKey.get(key);
    if (prompt !== undefined) visit(prompt);
  }
  return [...ordered];
}

function partialNames(text: VersionText): readonly string[] {
  const names = bodiesOf(text).flatMap((body) => templatePartials(body).map(({ name }) => name));
  return [...new Set(names)].sort();
}
