/** Makes a version ready to be asked by a run: its text, its partials, compiled once. */
import { liveOf } from "@colophon/delivery";
import type { Contender, RunSide } from "@colophon/evaluation";
import {
  bodiesOf,
  compileBody,
  fenceId,
  HarnessError,
  hashText,
  localizedTexts,
  type ModelChoice,
  mediaPaths,
  type PartialRef,
  type RegistryState,
  templatePartials,
  type VersionText,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { findText, type TextReference } from "../../text-reference.ts";

export type ContenderQuery = TextReference & {
  readonly side: RunSide;
  /** Instead of the text's own. */
  readonly model: ModelChoice | null;
  readonly drawOffset: number;
  /** Where partials without a version are looked up. */
  readonly environment: string;
};

/**
 * A text with its own model is asked with its own parameters; another model of the same provider too, a model
 * of another provider without them, since they are that provider's words.
 *
 * @throws HarnessError `key-unknown`, `version-unknown`, `withdrawn`, `partial-missing`, `store-corrupt`, or what is
 * wrong with the body.
 */
export async function loadContender(harness: Harness, query: ContenderQuery): Promise<Contender> {
  const state = await harness.records.state();
  const { side, key, drawOffset } = query;
  const { subject, version, hash } = findText(state, query);
  const text = await textOf(harness, { hash, name: `${key}@${subject}` });
  const partials = await partialsOf(harness, state, { text, environment: query.environment });
  const [plain] = localizedTexts(text, partials);
  const compiled = compileBody(plain?.body ?? text.body, {
    partials: plain?.partials ?? new Map(),
    untrusted: text.untrusted ?? [],
    fence: fenceId(hash),
    media: mediaPaths(text.input),
  });
  const model = modelOf(text, query.model);
  const parts = [...partials.values()].map((partial) => hashText(partial)).sort();
  const about = { side, key, subject, version, hash, text, model, parts, drawOffset };
  return { ...about, render: (given) => compiled.render(given) };
}

/** The model that a text is asked on, when another one is named. */
export function modelOf({ model }: Pick<VersionText, "model">, other: ModelChoice | null): ModelChoice {
  if (other === null) return model;
  const own = other.provider === model.provider ? model.parameters : undefined;
  const parameters = { ...own, ...other.parameters };
  const { provider, id } = other;
  return Object.keys(parameters).length === 0 ? { provider, id } : { provider, id, parameters };
}

async function textOf(
  harness: Harness,
  { hash, name }: { readonly hash: string; readonly name: string },
): Promise<VersionText> {
  const text = (await harness.records.listTexts([hash])).get(hash);
  if (text !== undefined) return text;
  throw new HarnessError(
    "store-corrupt",
    `The text of ${name} is not in the store; run \`colophon verify\`.`,
  );
}

async function partialsOf(
  harness: Harness,
  state: RegistryState,
  { text, environment }: { readonly text: VersionText; readonly environment: string },
): Promise<ReadonlyMap<string, VersionText>> {
  const found = new Map<string, VersionText>();
  const pending = refsOf(text);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next.ref)) continue;
    const prompt = state.prompts.get(next.name);
    const live = prompt === undefined ? undefined : liveOf(state, next.name, environment)?.version;
    const version = next.version ?? live;
    const entry = version === undefined ? undefined : prompt?.versions.get(version);
    if (entry === undefined) {
      throw new HarnessError(
        "partial-missing",
        `The partial {{> ${next.ref}}} is not known in ${environment}; register it, or pin a version that is there.`,
      );
    }
    const partial = await textOf(harness, { hash: entry.hash, name: next.ref });
    found.set(next.ref, partial);
    pending.push(...refsOf(partial));
  }
  return found;
}

function refsOf(text: VersionText): PartialRef[] {
  return bodiesOf(text).flatMap((body) => templatePartials(body));
}
