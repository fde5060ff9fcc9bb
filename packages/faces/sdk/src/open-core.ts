/** Opens the core over its parts: the typed face of a runtime, the same everywhere. */
import { HarnessError, say, words } from "@colophon/kernel";
import {
  bareDeclaration,
  createRuntime,
  type Declaration,
  type RuntimeParts,
  readPin,
} from "@colophon/runtime";
import type { Colophon } from "./colophon.ts";
import { type AnyPrompt, declaredOf, promptFrom } from "./define/prompt.ts";

/** What a face adds to its runtime. */
export interface CoreParts extends RuntimeParts {
  /** Tells of prompts that are to be known, now and as they come; returns how to stop it. */
  readonly prompts: (declare: (prompt: AnyPrompt) => void) => () => void;
}

/** Puts runtime and face together. */
export function openCore(parts: CoreParts): Colophon {
  const { decide: _, declare, ...runtime } = createRuntime(parts);
  const deaf = parts.prompts((prompt) => declare(declaredOf(prompt)));
  return {
    ...runtime,
    resolve: (prompt, context) => runtime.resolve(declaredOf(prompt as AnyPrompt), context),
    get(key, options) {
      const declaration = pinnedDeclaration(key, options?.version);
      declare(declaration);
      return promptFrom(declaration);
    },
    /** There is nothing to fetch where a snapshot is all there is. */
    async prefetch() {},
    close() {
      deaf();
      return runtime.close();
    },
  };
}

function pinnedDeclaration(key: string, version: string | undefined): Declaration {
  const pin = readPin(`${key}@${version}`);
  if (pin?.key !== key || pin.version === null) {
    const what = words(() => (version === undefined ? "no version" : `"${version}"`));
    throw new HarnessError(
      "version-unknown",
      say`get("${key}") was asked for ${what}; name a concrete one such as { version: "v7" }, there is no latest.`,
    );
  }
  return { ...bareDeclaration(key), pinned: pin.version };
}
