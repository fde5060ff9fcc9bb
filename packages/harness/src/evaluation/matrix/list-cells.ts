/** Lists the cells of the matrix: every live prompt on each of its models, with what evidence says of them. */
import { liveOf } from "@colophon/delivery";
import {
  CELL_ROLES,
  type CellEvidence,
  type CellReading,
  type CellRole,
  type CellSubject,
  judgeName,
  judgesNamed,
  type MatrixCell,
  modelName,
  readCell,
  type ScorerSpec,
  type TextOnModel,
} from "@colophon/evaluation";
import {
  type EvalSetEntry,
  errorCodeOf,
  getEnvironment,
  getPrompt,
  type ModelChoice,
  type PromptState,
  type RegistryState,
  type RunData,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { openEvalSet } from "../eval-sets/load-eval-set.ts";
import { findJudge } from "../judges/find-judge.ts";
import { modelOf } from "../runs/load-contender.ts";
import { type CountedCalls, countCalls } from "./count-calls.ts";

export interface MatrixQuery {
  readonly environment: string;
  /** Keys of prompts; all that are live unless given. */
  readonly prompts?: readonly string[] | undefined;
  /** Models beside those that the prompts name. */
  readonly models?: readonly ModelChoice[] | undefined;
}

/** A cell, and the calls that were served from it in the last seven days. */
export interface CountedCell extends MatrixCell {
  readonly calls: number;
}

/** What calls of the last seven days were on beside the listed cells, such as an older version that is pinned. */
export interface UnlistedCell extends TextOnModel, CellReading {
  /** Null for a text without a number. */
  readonly version: number | null;
  readonly calls: number;
}

export interface Matrix {
  readonly environment: string;
  readonly cells: readonly CountedCell[];
  /** Most calls first. */
  readonly unlisted: readonly UnlistedCell[];
  /** `provider/model`, primary ones first. */
  readonly models: readonly string[];
  /** Every run, oldest first. */
  readonly runs: readonly RunData[];
}

/**
 * @throws HarnessError `environment-unknown` or `key-unknown`.
 */
export async function listMatrix(harness: Harness, query: MatrixQuery): Promise<Matrix> {
  const state = await harness.records.state();
  getEnvironment(state, query.environment);
  const { evidence, runs } = await allEvidence(harness);
  const keys = query.prompts ?? [...state.prompts.keys()].sort();
  const served = Map.groupBy(await countCalls(harness, query.environment), ({ key }) => key);
  const cells: CountedCell[] = [];
  const unlisted: UnlistedCell[] = [];
  for (const key of keys) {
    const prompt = getPrompt(state, key);
    const left = new Set(served.get(key) ?? []);
    if (left.size === 0 && liveOf(state, key, query.environment) === undefined) continue;
    const row = { state, query, prompt, held: await heldTo(harness, { state, prompt }) };
    for (const subject of await subjectsOf(harness, row)) {
      const own = [...left].find((one) => one.hash === subject.hash && isOn(one, subject.model));
      if (own !== undefined) left.delete(own);
      cells.push({ ...readCell(subject, evidence), calls: own?.calls ?? 0 });
    }
    for (const one of left) unlisted.push(readCell(await unlistedCell(harness, one, row), evidence));
  }
  unlisted.sort((a, b) => b.calls - a.calls);
  const byRole = [...cells].sort((a, b) => CELL_ROLES.indexOf(a.role) - CELL_ROLES.indexOf(b.role));
  const models = [...new Set(byRole.map(modelName))];
  return { environment: query.environment, cells, unlisted, models, runs };
}

/** Evidence names its challenger's model only where it is not the text's own; its run always does. */
async function allEvidence(
  harness: Harness,
): Promise<{ readonly evidence: readonly CellEvidence[]; readonly runs: readonly RunData[] }> {
  const records = await harness.records.listRecords({ kinds: ["run", "evidence"] });
  const runs = new Map<string, RunData>();
  const evidence: CellEvidence[] = [];
  for (const { kind, data } of records) {
    if (kind === "run") runs.set(data.id, data);
    if (kind !== "evidence") continue;
    const model = data.runs.map((id) => runs.get(id)).find((run) => run?.side === "challenger")?.model;
    if (model !== undefined) evidence.push({ data, model });
  }
  return { evidence, runs: [...runs.values()] };
}

/** What every text of a prompt is held to, whatever model it is on. */
type HeldTo = Pick<CellSubject, "evalSet" | "judges" | "cases">;

interface Row {
  readonly state: RegistryState;
  readonly prompt: PromptState;
  readonly query: MatrixQuery;
  readonly held: HeldTo;
}

async function heldTo(
  harness: Harness,
  { state, prompt }: { readonly state: RegistryState; readonly prompt: PromptState },
): Promise<HeldTo> {
  const name = prompt.metadata?.evalSet ?? null;
  const set = name === null ? undefined : state.evalSets.get(name)?.at(-1);
  if (set === undefined) return { evalSet: null, judges: [], cases: 0 };
  const { version, hash, cases } = set;
  const judges = await judgesOf(harness, set);
  return { evalSet: { name: set.name, version, hash }, judges, cases: cases.test };
}

function isOn({ provider, model }: CountedCalls, { provider: other, id }: ModelChoice): boolean {
  return provider === other && model === id;
}

async function unlistedCell(
  harness: Harness,
  { key, version, hash, provider, model: id, calls }: CountedCalls,
  { query: { environment }, held: { evalSet, judges } }: Row,
): Promise<Omit<UnlistedCell, keyof CellReading>> {
  const text = (await harness.records.listTexts([hash])).get(hash);
  const asked: ModelChoice = { provider, id };
  const model = text === undefined ? asked : modelOf(text, asked);
  return { key, environment, version, hash, model, evalSet, judges, calls };
}

async function subjectsOf(
  harness: Harness,
  { state, prompt, query, held }: Row,
): Promise<readonly CellSubject[]> {
  const { key, metadata } = prompt;
  const live = liveOf(state, key, query.environment);
  const entry = live === undefined ? undefined : prompt.versions.get(live.version);
  const text =
    entry === undefined ? undefined : (await harness.records.listTexts([entry.hash])).get(entry.hash);
  if (live === undefined || entry === undefined || text === undefined) return [];
  const primary = modelOf(text, live.release.model);
  const named: readonly (readonly [CellRole, ModelChoice])[] = [
    ["primary", primary],
    ...(metadata?.backup ?? []).map((model) => ["backup", model] as const),
    ...Object.values(metadata?.routes ?? {}).map((model) => ["route", model] as const),
    ...(query.models ?? []).map((model) => ["other", model] as const),
  ];
  const byModel = new Map<string, readonly [CellRole, ModelChoice]>();
  for (const [role, model] of named) {
    const name = modelName({ model });
    if (!byModel.has(name)) byModel.set(name, [role, role === "primary" ? model : modelOf(text, model)]);
  }
  return [...byModel.values()].map(([role, model]) => ({
    key,
    risk: metadata?.risk ?? "medium",
    environment: query.environment,
    version: live.version,
    hash: entry.hash,
    model,
    role,
    ...held,
  }));
}

/** The judges that a set asks, as they are now. */
async function judgesOf(harness: Harness, entry: EvalSetEntry): Promise<readonly string[]> {
  const set = await openEvalSet(harness, entry);
  const references = new Set<string>();
  const look = (specs: readonly ScorerSpec[]): void => {
    for (const spec of specs) for (const reference of judgesNamed(spec)) references.add(reference);
  };
  look(set.scorers);
  for (let at = 0; at < set.chunks.length; at++) for (const { scorers } of await set.chunk(at)) look(scorers);
  const names: string[] = [];
  for (const reference of references) names.push(await judgeNow(harness, reference));
  return names;
}

/** One that cannot judge any more is none that evidence could name, so that its cells are stale. */
async function judgeNow(harness: Harness, reference: string): Promise<string> {
  try {
    return judgeName(await findJudge(harness, reference));
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === undefined || code === "store-corrupt") throw error;
    return `${reference} (${code})`;
  }
}
