/** `colophon/embedded`: the embedded store by itself, for scripts that number prompts before a release. */
import { systemClock } from "@colophon/kernel";
import { storePlace } from "@colophon/storage/sqlite/core";
import { type AnyPrompt, listDefined, type Prompt } from "./define/prompt.ts";
import { applicationOf } from "./embedded/find-application.ts";
import { requireNode } from "./embedded/node-floor.ts";
import { registerDeclarations } from "./embedded/register-declarations.ts";

export { findStore, type StorePlace } from "./embedded/find-store.ts";
export { type EmbeddedOptions, openEmbedded } from "./embedded/open-embedded.ts";

requireNode();

/** What `registerPrompts` takes; everything may be left out. */
export interface RegisterOptions {
  /** Those to register; all that this process declared when left out. */
  readonly prompts?: readonly Prompt<never>[];
  /** As for `open`. */
  readonly store?: string;
  /** COLOPHON_ENV, else `development`, when left out. */
  readonly environment?: string;
  /** As for `open`: whose code the prompts are. */
  readonly application?: string;
}

/** What became of a registered prompt. */
export interface RegisteredPrompt {
  readonly key: string;
  readonly hash: string;
  /** Null when the text could not be given a number; `refused` says why. */
  readonly version: number | null;
  readonly created: boolean;
  readonly refused: string | null;
}

/**
 * Gives the texts in the code their version numbers: for a deploy script, in any environment.
 *
 * @throws HarnessError `store-busy`, `store-read-only`, `store-corrupt` or `environment-unknown`.
 * @example
 * import "./prompts.ts";
 * import { registerPrompts } from "colophon/embedded";
 *
 * for (const { key, version } of await registerPrompts()) console.log(`${key}@v${version}`);
 */
export async function registerPrompts(options: RegisterOptions = {}): Promise<readonly RegisteredPrompt[]> {
  const store = options.store ?? (process.env.COLOPHON_STORE || process.env.COLOPHON_URL);
  const { file } = storePlace(store, process.cwd());
  const environment = options.environment ?? (process.env.COLOPHON_ENV || "development");
  const prompts: readonly AnyPrompt[] = options.prompts ?? listDefined();
  const registered = await registerDeclarations(prompts, {
    file,
    environment,
    application: applicationOf(options, process.env),
    number: true,
    clock: systemClock,
  });
  return registered.map(({ key, hash, version, created, refused }) => {
    return { key, hash, version, created, refused: refused?.message ?? null };
  });
}
