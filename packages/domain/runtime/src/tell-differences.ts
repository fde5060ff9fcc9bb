/** Says once of each prompt where its text in the code and the one that is live differ. */
import { hashText } from "@colophon/kernel";
import type { Declaration } from "./declaration.ts";
import type { LiveSpace } from "./live-space.ts";

/** Says what is to be said of a declaration, unless that was done. */
export type TellDifference = (declaration: Declaration) => void;

export function tellDifferences(live: LiveSpace, onNotice: (message: string) => void): TellDifference {
  /** Hashes in the code by key: what was said of another text of it is of old. */
  const said = new Map<string, string>();
  return ({ key, hash }) => {
    const { snapshot, environment } = live;
    const entry = snapshot?.prompts.get(key);
    const version = entry?.releases.get(environment)?.version;
    const released = version && entry?.versions.get(`${version}`)?.hash;
    if (!released || released === hash || said.get(key) === hash) return;
    const text = snapshot?.texts.get(released);
    try {
      // A registered text also pins its partials by hash, which the code's own text cannot know.
      if (text && hashText({ ...text, partials: undefined }) === hash) return;
    } catch {
      // One that cannot be hashed is no text of the code's.
    }
    said.set(key, hash);
    onNotice(
      `${key}: ${environment} serves v${version} (${released.slice(0, 12)}), the text in the code is another (${hash.slice(0, 12)}).`,
    );
  };
}
