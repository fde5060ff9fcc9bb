/** What a prompt in the code declares, as the registry takes it. */
import type { Declaration } from "@colophon/authoring/registration";
import type { VersionText } from "@colophon/kernel";
import { type AnyPrompt, type Declared, declaredOf } from "../define/prompt.ts";
import type { Variables } from "../open-options.ts";

export function declarationOf(prompt: AnyPrompt): Declaration {
  const declared = declaredOf(prompt);
  const { key, text, caller, binders } = declared;
  return {
    key,
    text: text as VersionText,
    bound: Object.keys(binders ?? {}),
    providers: caller?.providers ?? [],
    tools: caller?.tools ?? [],
    metadata: metadataOf(declared),
  };
}

/** Only what the code says; what it leaves out stays as the registry has it. */
function metadataOf({ facts = {}, backup, routes }: Declared): Declaration["metadata"] {
  const { purpose, owner, risk, tags, evalSet } = facts;
  return {
    purpose,
    owner,
    risk,
    tags,
    evalSet,
    backup: facts.backup === undefined ? undefined : backup,
    routes: facts.routes === undefined ? undefined : routes,
  };
}

/** The commit that a build was made from, as the usual builders name it. */
export function commitOf(env: Variables): string | null {
  return env.COLOPHON_COMMIT ?? env.GITHUB_SHA ?? env.CI_COMMIT_SHA ?? env.VERCEL_GIT_COMMIT_SHA ?? null;
}
