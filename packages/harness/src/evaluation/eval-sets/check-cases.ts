/** Holds cases against the scorers that there are, and against the contracts of the prompts that they are for. */
import { type CaseDraft, createScorers, type InputProblems, type ScorerSpec } from "@colophon/evaluation";
import {
  canonicalJson,
  declarationsIn,
  getPrompt,
  HarnessError,
  type JsonSchema,
  type RegistryState,
} from "@colophon/kernel";
import type { Harness } from "../../harness.ts";
import { type CheckerOf, variablesOf } from "../../registry-declaration.ts";
import { schemaChecker } from "../runs/run-scorers.ts";

/** Holds one draft against something, and tells its problems. */
export type DraftCheck = (draft: CaseDraft) => void;

/** The scorers of the set are held at once, those of a case with it. */
export function scorerCheck(
  scorers: readonly ScorerSpec[],
  more: { readonly checkerOf: CheckerOf; readonly problems: InputProblems },
): DraftCheck {
  const { problems } = more;
  const all = createScorers({ checkerOf: schemaChecker(more.checkerOf) });
  const known = new Map<string, string | undefined>();
  const hold = (place: string, specs: readonly ScorerSpec[]): void => {
    for (const spec of specs) {
      const name = canonicalJson(spec);
      if (!known.has(name)) known.set(name, all.check(spec)?.replace(/\.$/, ""));
      const problem = known.get(name);
      if (problem !== undefined) problems.add(place, problem);
    }
  };
  hold("the scorers of the set", scorers);
  return ({ place, scorers }) => hold(place, scorers);
}

/** A prompt's contract of variables, with those that its code binds itself. */
export interface CaseContract {
  /** `support.triage@v7`. */
  readonly name: string;
  readonly input: JsonSchema;
  readonly bound: ReadonlySet<string>;
}

/**
 * The contract of each prompt's newest version, else of what its code declares.
 *
 * @throws HarnessError `key-unknown`, or `version-unknown` for a prompt that has neither.
 */
export async function contractsOf(
  harness: Harness,
  state: RegistryState,
  keys: readonly string[],
): Promise<readonly CaseContract[]> {
  const contracts: CaseContract[] = [];
  for (const key of keys) {
    const prompt = getPrompt(state, key);
    const declared = [...state.environments.keys()].flatMap((name) => declarationsIn(prompt, name));
    const bound = new Set(declared.flatMap((one) => one.bound));
    const version = [...prompt.versions.values()].at(-1);
    const text = version && (await harness.records.listTexts([version.hash])).get(version.hash);
    const input = text?.input ?? declared.at(-1)?.input;
    if (input === undefined) {
      throw new HarnessError(
        "version-unknown",
        `${key} has no version whose contract the cases could be held against: register one first.`,
      );
    }
    contracts.push({ name: version === undefined ? key : `${key}@v${version.version}`, input, bound });
  }
  return contracts;
}

export function variablesCheck(
  contracts: readonly CaseContract[],
  more: { readonly checkerOf: CheckerOf; readonly problems: InputProblems },
): DraftCheck {
  const held = contracts.map((contract): Held => {
    const { input } = contract;
    return { ...contract, known: variablesOf(input), check: more.checkerOf(input) };
  });
  return ({ place, variables }) => {
    for (const contract of held) {
      const problem = misfit(variables, contract);
      if (problem !== undefined) more.problems.add(place, problem);
    }
  };
}

interface Held extends CaseContract {
  readonly known: ReadonlySet<string> | null;
  readonly check: ReturnType<CheckerOf>;
}

function misfit(variables: CaseDraft["variables"], { name, known, bound, check }: Held): string | undefined {
  const extra = Object.keys(variables).find((one) => known !== null && !known.has(one));
  if (extra !== undefined)
    return `${name} has no variable "${extra}"; its contract names ${[...(known ?? [])].join(", ") || "none"}`;
  const result = check(variables);
  if (result instanceof Promise || result.issues === undefined) return undefined;
  for (const issue of result.issues) {
    const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
    const [head] = path;
    if (head !== undefined && variables[head] === undefined) {
      if (!bound.has(head)) return `${name} needs the variable "${head}", which the case does not have`;
    } else
      return `${path.join(".") || "the variables"} does not fit the contract of ${name}: ${issue.message}`;
  }
  return undefined;
}
