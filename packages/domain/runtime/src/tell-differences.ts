/** Says once of each prompt where its text in the code and the one that is live differ. */
import { hashText } from "@colophon/kernel";
import type { Declaration } from "./declaration.ts";
import type { LiveSpace } from "./live-space.ts";

export interface Differences {
  /** Says what is to be said of a prompt, unless that was done. */
  tell(declaration: Declaration): void;
  /** What was said of a prompt is of a declaration of old. */
  forget(key: string): void;
}

export function tellDifferences(live: LiveSpace, onNotice: (message: string) => void): Differences {
  const said = new Set<string>();
  return {
    tell({ key, hash }) {
      const { snapshot, environment } = live;
      const entry = snapshot?.prompts.get(key);
      const version = entry?.releases.get(environment)?.version;
      const released = version && entry?.versions.get(version)?.hash;
      if (!released || released === hash || said.has(key)) return;
      const text = snapshot?.texts.get(released);
      // A registered text also pins its partials by hash, which the code's own text cannot know.
      if (text && hashText({ ...text, partials: undefined }) === hash) return;
      said.add(key);
      onNotice(
        `${key}: ${environment} serves v${version} (${released.slice(0, 12)}), the text in the code is another (${hash.slice(0, 12)}).`,
      );
    },
    forget: (key) => void said.delete(key),
  };
}
