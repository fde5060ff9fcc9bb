/** Finds the judge that somebody names: a version of the registry, or one that comes with the house. */
import { decideVersion, versionReference } from "@colophon/authoring";
import { builtInJudge, JUDGE_TEXTS, type Judge, judgeOf } from "@colophon/evaluation";
import { getPrompt, getServable, HarnessError } from "@colophon/kernel";
import { changeRegistry } from "../../change-registry.ts";
import type { Harness } from "../../harness.ts";

/**
 * `KEY@vN`, or the key alone of a judge of the house; that one has the number under which this very text
 * is registered, if it is.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `withdrawn`, `store-corrupt`, `prompt-invalid` for a text
 * that is no judge, or `usage` for a key of one's own without a version.
 * @example
 * const { hash } = await findJudge(harness, "colophon.judge.rubric");
 */
export async function findJudge(harness: Harness, reference: string): Promise<Judge> {
  const { key, version } = versionReference(reference);
  const state = await harness.records.state();
  if (version === null) {
    const judge = builtInJudge(key);
    if (judge !== undefined) {
      return { ...judge, version: state.prompts.get(key)?.versionByHash.get(judge.hash) ?? null };
    }
    const known = Object.values(JUDGE_TEXTS).map((one) => one.key);
    throw new HarnessError(
      "usage",
      `The judge ${key} is pinned by its version: write ${key}@vN, or take ${known.join(", ")}.`,
    );
  }
  const { hash } = getServable(getPrompt(state, key), version);
  const text = (await harness.records.listTexts([hash])).get(hash);
  if (text !== undefined) return judgeOf({ key, version, text });
  throw new HarnessError(
    "store-corrupt",
    `The text of ${key}@v${version} is not in the store; run \`colophon verify\`.`,
  );
}

/** A judge of the house becomes a version of the registry like any other text; one that is stays as it is. */
export async function registerJudge(harness: Harness, judge: Judge): Promise<Judge> {
  if (judge.version !== null) return judge;
  const by = harness.actor;
  const { result } = await changeRegistry(harness, (state, texts) =>
    decideVersion(state, {
      key: judge.key,
      text: judge.text,
      source: "import",
      message: "comes with Colophon",
      commit: null,
      author: by.id,
      by,
      texts,
    }),
  );
  return { ...judge, version: result.version };
}
