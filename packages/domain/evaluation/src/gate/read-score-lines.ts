/** Reads score lines out of JSON Lines strictly, whoever wrote them, and says which line is wrong. */
import { nearestName } from "@colophon/kernel";
import { InputProblems } from "../eval-set/input-problems.ts";
import { type Complain, type Fields, isFields, shown } from "../eval-set/read-scorer-spec.ts";
import { NameNumbers } from "../name-numbers.ts";
import type { ScoreGuards, ScoreLine } from "../score-line.ts";

const FIELDS = [
  "case",
  "cluster",
  "repeat",
  "score",
  "error",
  "towardsAnchor",
  "slice",
  "required",
  "metrics",
  "guards",
] as const;
const GUARDS = ["cost", "latency", "length", "refused"] as const;

/**
 * `case` and `score` must be there; `score` is a number in [0, 1], or null with an `error`. Fields of
 * other tools are passed over, unless they look like a slip of one of ours. Blank lines are passed over.
 *
 * A line is read when it is asked for; what is wrong is said after the last one, all at once.
 *
 * @throws HarnessError `input-malformed` with the number of each wrong line, and for a case in two clusters or a
 * repeat of it that comes twice.
 */
export function* readScoreLines(text: string, file: string): Generator<ScoreLine> {
  const problems = new InputProblems();
  const cases = new NameNumbers();
  const clusters: (string | null)[] = [];
  /** By repeat and number of the case, the line that it stands in. */
  const places = new Map<number, Map<number, number>>();
  let number = 0;
  for (const row of rowsOf(text)) {
    number += 1;
    if (row.trim() === "") continue;
    const at = number;
    const complain: Complain = (what) => problems.add(`line ${at}`, what);
    const line = readScoreLine(row, complain);
    if (line === undefined) continue;
    const known = places.get(line.repeat) ?? new Map<number, number>();
    places.set(line.repeat, known);
    const place = cases.of(line.case);
    if (place === clusters.length) clusters.push(line.cluster);
    const cluster = clusters[place] ?? null;
    if (cluster !== line.cluster) {
      complain(`"${line.case}" is in the clusters ${cluster} and ${line.cluster}; keep it in one`);
      continue;
    }
    const before = known.get(place);
    if (before === undefined) known.set(place, at);
    else complain(`repeat ${line.repeat} of "${line.case}" stands in line ${before} already`);
    yield line;
  }
  problems.refuse(file);
}

function* rowsOf(text: string): Generator<string> {
  for (let start = text.startsWith("\uFEFF") ? 1 : 0; start <= text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, stop);
    start = stop + 1;
  }
}

function readScoreLine(row: string, complain: Complain): ScoreLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch (cause) {
    complain(`it is no JSON (${(cause as Error).message})`);
    return undefined;
  }
  if (!isFields(value)) {
    complain(`it is ${shown(value)}; give an object`);
    return undefined;
  }
  refuseSlips(value, complain);
  const { case: id } = value;
  if (typeof id !== "string" || id === "") {
    complain(`"case" is ${shown(id)}; give a name`);
    return undefined;
  }
  return {
    case: id,
    cluster: read(value, CLUSTER, complain) ?? null,
    repeat: read(value, REPEAT, complain) ?? 0,
    ...readScore(value, complain),
    ...optional("towardsAnchor", read(value, TOWARDS_ANCHOR, complain)),
    slice: read(value, SLICE, complain) ?? [],
    ...optional("required", read(value, REQUIRED, complain)),
    ...optional("metrics", read(value, METRICS, complain)),
    ...optional("guards", readGuards(value, complain)),
  };
}

/** `require` would lose a veto in silence. */
function refuseSlips(value: Fields, complain: Complain): void {
  for (const name of Object.keys(value)) {
    if (FIELDS.some((known) => known === name)) continue;
    const meant = nearestName(name, FIELDS);
    if (meant !== undefined && !(meant in value)) {
      complain(`"${name}" is no field here; did you mean "${meant}"?`);
    }
  }
}

function readScore(value: Fields, complain: Complain): Pick<ScoreLine, "score" | "error"> {
  const { score, error } = value;
  if (score === null) {
    if (typeof error === "string" && error !== "") return { score, error };
    complain(`"score" is null without an "error"; say why there is none`);
    return { score };
  }
  if (error !== undefined && error !== null)
    complain(`it has a score and an "error"; give null for the score of a failed scorer`);
  if (isScore(score)) return { score };
  complain(`"score" is ${shown(score)}; give a number from 0 to 1, or null with an "error"`);
  return { score: null };
}

interface Field<T> {
  readonly name: string;
  readonly is: (value: unknown) => value is T;
  readonly wanted: string;
}

function isScore(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}

function isAmount(value: unknown): value is number | null {
  return value === null || (typeof value === "number" && Number.isFinite(value) && value >= 0);
}

const CLUSTER: Field<string | null> = {
  name: "cluster",
  is: (value): value is string | null => value === null || (typeof value === "string" && value !== ""),
  wanted: "a name, or null",
};
const REPEAT: Field<number> = {
  name: "repeat",
  is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
  wanted: "a whole number from 0",
};
const SLICE: Field<readonly string[]> = {
  name: "slice",
  is: (value): value is readonly string[] =>
    Array.isArray(value) && value.every((one) => typeof one === "string" && one !== ""),
  wanted: "a list of names",
};
const TOWARDS_ANCHOR: Field<number | null> = {
  name: "towardsAnchor",
  is: (value): value is number | null => value === null || isScore(value),
  wanted: "a number from 0 to 1, or null",
};
const REQUIRED: Field<boolean> = {
  name: "required",
  is: (value): value is boolean => typeof value === "boolean",
  wanted: "true or false",
};
const METRICS: Field<Readonly<Record<string, number | null>>> = {
  name: "metrics",
  is: (value): value is Readonly<Record<string, number | null>> =>
    isFields(value) && Object.values(value).every((one) => one === null || isScore(one)),
  wanted: "an object with a number from 0 to 1, or null, for each metric",
};

/** Undefined where it is left out, and, with a complaint, where it is something else. */
function read<T>(value: Fields, { name, is, wanted }: Field<T>, complain: Complain): T | undefined {
  const given = value[name];
  if (given === undefined || is(given)) return given;
  complain(`"${name}" is ${shown(given)}; give ${wanted}`);
  return undefined;
}

function readGuards({ guards }: Fields, complain: Complain): ScoreGuards | undefined {
  if (guards === undefined) return undefined;
  if (!isFields(guards)) {
    complain(`"guards" is ${shown(guards)}; give an object with any of ${GUARDS.join(", ")}`);
    return undefined;
  }
  const { cost = null, latency = null, length = null, refused = null, ...rest } = guards;
  for (const name of Object.keys(rest)) complain(`"${name}" is no guard; give any of ${GUARDS.join(", ")}`);
  for (const [name, amount] of Object.entries({ cost, latency, length })) {
    if (!isAmount(amount)) complain(`"${name}" is ${shown(amount)}; give a number from 0, or null`);
  }
  if (refused !== null && typeof refused !== "boolean")
    complain(`"refused" is ${shown(refused)}; give true, false or null`);
  return { cost, latency, length, refused } as ScoreGuards;
}

function optional<K extends string, T>(name: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: T });
}
