/** Opens the rules and judges that score calls of production, each pinned by its hash. */
import {
  builtInJudge,
  createScorers,
  JUDGE_TEXTS,
  type Judge,
  judgesNamed,
  type OnlineRater,
  onlineLack,
  onlineRater,
  type ScorerSpec,
  type Scorers,
  scorerFiles,
} from "@colophon/evaluation";
import { getPrompt, HarnessError } from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { findEvalSet } from "../eval-sets/load-eval-set.ts";
import { findJudge, registerJudge } from "../judges/find-judge.ts";
import { loadCustomScorers } from "../runs/load-custom-scorers.ts";
import { type Desk, openDesk } from "../runs/open-desk.ts";
import { judgeCaller, schemaChecker } from "../runs/run-scorers.ts";
import type { OnlineParts, OnlineRequest } from "./online-request.ts";

export interface OpenRaters {
  readonly raters: readonly OnlineRater[];
  readonly scorers: Scorers;
  /** In sentences, scorers of the set that are left out. */
  readonly skipped: readonly string[];
  /** Null where no judge is asked. */
  readonly desk: Desk | null;
  close(): Promise<void>;
}

const AT_ONCE = 8;

/** What judges say of calls of production is not kept beside the ledger, where no erasure would reach it. */
const KEEP_NOTHING = { find: () => undefined, keep: () => undefined };

/**
 * @throws HarnessError `usage` for scorers that cannot score calls of production, for none at all, and for a judge
 * without a budget; as `findJudge` and `findEvalSet` do.
 */
export async function openRaters(
  harness: Harness,
  request: OnlineRequest,
  parts: OnlineParts,
): Promise<OpenRaters> {
  const { specs, skipped } = await askedSpecs(harness, request);
  const judges = await registerJudges(harness, specs);
  const custom = await loadCustomScorers(specs, parts.folder);
  const { environment, budget, concurrency = AT_ONCE } = request;
  if (judges.size > 0 && budget === undefined) {
    throw new HarnessError(
      "usage",
      `${[...judges.keys()].join(" and ")} costs money with every call: say what this may use at most, such as --budget 1usd.`,
    );
  }
  for (const { text } of judges.values()) parts.endpointOf(text.model);
  const place = { environment, concurrency, ...(budget !== undefined && { budget }) };
  const desk = judges.size === 0 ? null : await openDesk(harness, place, { ...parts, answers: KEEP_NOTHING });
  try {
    const find = (reference: string): Judge | undefined => judges.get(reference) ?? builtInJudge(reference);
    const scorers = createScorers({
      checkerOf: schemaChecker(parts.checkerOf),
      embedder: parts.embedder,
      judging: desk === null ? undefined : { caller: judgeCaller(desk.calls), find },
      custom: custom.byFile,
    });
    checkSpecs(scorers, specs);
    const files = scorerFiles(specs);
    const raters = specs.map((spec) =>
      onlineRater(spec, {
        judges: scorers.judgesOf([spec]),
        fileHash: custom.hashes[files.indexOf(scorerFiles([spec])[0] ?? "")] ?? null,
      }),
    );
    return { raters, scorers, skipped, desk, close: async () => desk?.close() };
  } catch (error) {
    await desk?.close();
    throw error;
  }
}

interface AskedSpecs {
  readonly specs: readonly ScorerSpec[];
  readonly skipped: readonly string[];
}

/** What somebody asked for has to do; what a set asks of its cases is left out where there are none. */
async function askedSpecs(harness: Harness, { key, scorers }: OnlineRequest): Promise<AskedSpecs> {
  const specs: ScorerSpec[] = [];
  const skipped: string[] = [];
  for (const given of scorers ?? (await setScorers(harness, key))) {
    const spec = withJudge(given);
    const judges = await Promise.all(judgesNamed(spec).map((one) => findJudge(harness, one)));
    const lack = onlineLack(spec, judges);
    if (lack === undefined) specs.push(spec);
    else if (scorers === undefined) skipped.push(lack);
    else throw new HarnessError("usage", lack);
  }
  if (specs.length > 0) return { specs, skipped };
  const why = skipped.length === 0 ? "" : ` Its eval set has: ${skipped.join(" ")}`;
  throw new HarnessError(
    "usage",
    `There is nothing to score calls of ${key} with: name a scorer or a judge, such as --scorer json-valid.${why}`,
  );
}

/** Of the set that the prompt names; a case's own scorers are of no use without it. */
export async function setScorers(harness: Harness, key: string): Promise<readonly ScorerSpec[]> {
  const { metadata } = getPrompt(await harness.records.state(), key);
  const name = metadata?.evalSet ?? null;
  return name === null ? [] : (await findEvalSet(harness, name)).scorers;
}

/** Without a case there is no reference, so the judge that is meant is that of the rubric. */
function withJudge(spec: ScorerSpec): ScorerSpec {
  const { scorer, options } = spec;
  if (scorer !== "judge" || options?.judge !== undefined || options?.judges !== undefined) return spec;
  return { ...spec, options: { ...options, judge: JUDGE_TEXTS.rubric.key } };
}

async function registerJudges(
  harness: Harness,
  specs: readonly ScorerSpec[],
): Promise<ReadonlyMap<string, Judge>> {
  const judges = new Map<string, Judge>();
  for (const reference of new Set(specs.flatMap(judgesNamed))) {
    judges.set(reference, await registerJudge(harness, await findJudge(harness, reference)));
  }
  return judges;
}

function checkSpecs(scorers: Scorers, specs: readonly ScorerSpec[]): void {
  for (const spec of specs) {
    const problem = scorers.check(spec) ?? scorers.lacks(spec);
    if (problem !== undefined) throw new HarnessError("usage", problem);
  }
}
