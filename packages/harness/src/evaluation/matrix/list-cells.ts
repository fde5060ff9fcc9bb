/** Lists the cells of the matrix: every live prompt on each of its models, with what evidence says of them. */
import { liveOf } from "@colophon/delivery";
import {
  CELL_ROLES,
  type CellEvidence,
  type CellRole,
  type CellSubject,
  type EvalSetContent,
  judgeName,
  judgesNamed,
  type MatrixCell,
  modelName,
  readCell,
} from "@colophon/evaluation";
import {
  type EvalSetEntry,
  getEnvironment,
  getPrompt,
  type ModelChoice,
  type PromptState,
  type RegistryState,
  type RunData,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { findJudge } from "../judges/find-judge.ts";
import { modelOf } from "../runs/load-contender.ts";

export interface MatrixQuery {
  readonly environment: string;
  /** Keys of prompts; all that are live unless given. */
  readonly prompts?: readonly string[] | undefined;
  /** Models beside those that the prompts name. */
  readonly models?: readonly ModelChoice[] | undefined;
}

export interface Matrix {
  readonly environment: string;
  readonly cells: readonly MatrixCell[];
  /** `provider/model`, primary ones first. */
  readonly models: readonly string[];
  /** Every run, oldest first. */
  readonly runs: readonly RunData[];
}

/**
 * @throws HarnessError `environment-unknown` or `key-unknown`.
 * @example
 * const { cells } = await listMatrix(harness, { environment: "production" });
 */
export async function listMatrix(harness: Harness, query: MatrixQuery): Promise<Matrix> {
  const state = await harness.records.state();
  getEnvironment(state, query.environment);
  const { evidence, runs } = await allEvidence(harness);
  const keys = query.prompts ?? [...state.prompts.keys()].sort();
  const cells: MatrixCell[] = [];
  for (const key of keys) {
    const subjects = await subjectsOf(harness, { state, prompt: getPrompt(state, key), query });
    cells.push(...subjects.map((subject) => readCell(subject, evidence)));
  }
  const byRole = [...cells].sort((a, b) => CELL_ROLES.indexOf(a.role) - CELL_ROLES.indexOf(b.role));
  const models = [...new Set(byRole.map(modelName))];
  return { environment: query.environment, cells, models, runs };
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

interface Row {
  readonly state: RegistryState;
  readonly prompt: PromptState;
  readonly query: MatrixQuery;
}

async function subjectsOf(harness: Harness, { state, prompt, query }: Row): Promise<readonly CellSubject[]> {
  const { key, metadata } = prompt;
  const live = liveOf(state, key, query.environment);
  const entry = live === undefined ? undefined : prompt.versions.get(live.version);
  const text =
    entry === undefined ? undefined : (await harness.records.listTexts([entry.hash])).get(entry.hash);
  if (live === undefined || entry === undefined || text === undefined) return [];
  const set = metadata?.evalSet == null ? undefined : state.evalSets.get(metadata.evalSet)?.at(-1);
  const judges = set === undefined ? [] : await judgesOf(harness, set);
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
    evalSet: set === undefined ? null : { name: set.name, version: set.version, hash: set.hash },
    judges,
    cases: set?.cases.test ?? 0,
  }));
}

/** The judges that a set asks, as they are now. */
async function judgesOf(harness: Harness, { hash }: EvalSetEntry): Promise<readonly string[]> {
  const content = (await harness.records.listDocuments([hash])).get(hash) as EvalSetContent | undefined;
  const specs = [...(content?.scorers ?? []), ...(content?.cases ?? []).flatMap(({ scorers }) => scorers)];
  const references = new Set(specs.filter(({ scorer }) => scorer === "judge").flatMap(judgesNamed));
  const names: string[] = [];
  for (const reference of references) names.push(judgeName(await findJudge(harness, reference)));
  return names;
}
