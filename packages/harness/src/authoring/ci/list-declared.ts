/** Lists what code declares in an environment beside what is live there: default bodies that the registry never served. */
import { liveOf } from "@colophon/delivery";
import { getEnvironment, HarnessError, type PromptState, type VersionText } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";

export interface DeclaredQuery {
  readonly environment: string;
}

export interface DeclaredBody {
  readonly key: string;
  /** Null for the one without a name. */
  readonly application: string | null;
  /** Null for a text without a number. */
  readonly version: number | null;
  readonly hash: string;
  /** What the environment serves of the prompt. */
  readonly live: number;
  readonly text: VersionText;
}

/**
 * Where nothing was released, the body in the code is what serves; and a text that was live once is the ordinary
 * default of code that is older than the newest release.
 */
export async function listDeclared(
  harness: Harness,
  { environment }: DeclaredQuery,
): Promise<readonly DeclaredBody[]> {
  const state = await harness.records.state();
  getEnvironment(state, environment);
  const found: Omit<DeclaredBody, "text">[] = [];
  for (const prompt of [...state.prompts.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const live = liveOf(state, prompt.key, environment)?.version;
    if (live === undefined) continue;
    const served = servedHashes(prompt, { environment, live });
    for (const { application, hash } of prompt.declarations.get(environment) ?? []) {
      if (served.has(hash) || found.some((one) => one.key === prompt.key && one.hash === hash)) continue;
      const version = prompt.versionByHash.get(hash) ?? null;
      found.push({ key: prompt.key, application, version, hash, live });
    }
  }
  const texts = await harness.records.listTexts(new Set(found.map(({ hash }) => hash)));
  return found.map((one) => {
    const text = texts.get(one.hash);
    if (text !== undefined) return { ...one, text };
    throw new HarnessError(
      "store-corrupt",
      `The text that code declares of ${one.key} is not in the store; run \`colophon verify\`.`,
    );
  });
}

function servedHashes(
  { releases, versions }: PromptState,
  { environment, live }: { readonly environment: string; readonly live: number },
): ReadonlySet<string> {
  const numbers = releases
    .filter((one) => one.lane === "live" && one.environment === environment)
    .map(({ version }) => version);
  return new Set([...numbers, live].flatMap((version) => versions.get(version ?? 0)?.hash ?? []));
}
