/** A plan: what extract proposes, as a document that a person edits before it is carried out. */
import { HarnessError } from "@colophon/kernel";
import { promptKeyProblem } from "../prompt-key.ts";
import type { ExtractionProposal, LeftAlone, ProposalChoice } from "./extraction.ts";

const PLAN_VERSION = 1;

/** `extract`, `key` and `name` of each are for people to change; the rest says what they are about. */
export function extractionPlan(
  proposals: readonly ExtractionProposal[],
  left: readonly LeftAlone[],
): Readonly<Record<string, unknown>> {
  return {
    plan: "extract",
    version: PLAN_VERSION,
    proposals: proposals.map(({ id, file, line, key, name, client, text, variables, remarks }) => ({
      id,
      extract: true,
      key,
      name,
      file,
      line,
      client,
      model: `${text.model.provider}/${text.model.id}`,
      body: text.body,
      variables: Object.fromEntries(variables.map((variable) => [variable.name, variable.source])),
      remarks,
    })),
    left,
  };
}

/**
 * The choices of an edited plan.
 *
 * @throws HarnessError `usage` for what is no plan, or says something that cannot be done.
 */
export function readExtractionPlan(value: unknown, source: string): readonly ProposalChoice[] {
  const refuse = (what: string): never => {
    throw new HarnessError("usage", `${source} is no plan that can be carried out: ${what}`);
  };
  const plan = value as { readonly plan?: unknown; readonly version?: unknown; readonly proposals?: unknown };
  if (
    typeof value !== "object" ||
    value === null ||
    plan.plan !== "extract" ||
    !Array.isArray(plan.proposals)
  ) {
    return refuse("write one with colophon extract -o plan.json.");
  }
  if (plan.version !== PLAN_VERSION)
    return refuse(`its version is ${String(plan.version)}, and 1 is known here.`);
  const choices = plan.proposals.map((entry, index) =>
    readChoice(entry, (what) => refuse(`proposals[${index}] ${what}`)),
  );
  for (const field of ["key", "name"] as const) {
    const said = choices.filter(({ extract }) => extract).flatMap((choice) => choice[field] ?? []);
    const twice = said.find((one, index) => said.indexOf(one) !== index && isTwoThings(choices, field, one));
    if (twice !== undefined) refuse(`${field} "${twice}" stands for two prompts; give one of them another.`);
  }
  return choices;
}

/** Equal prompts share both key and name. */
function isTwoThings(choices: readonly ProposalChoice[], field: "key" | "name", said: string): boolean {
  const other = field === "key" ? "name" : "key";
  return (
    new Set(
      choices.filter((choice) => choice.extract && choice[field] === said).map((choice) => choice[other]),
    ).size > 1
  );
}

/** Words that a module may not declare. */
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public return " +
    "static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

function isName(name: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) && !RESERVED.has(name);
}

function readChoice(entry: unknown, refuse: (what: string) => never): ProposalChoice {
  if (typeof entry !== "object" || entry === null) return refuse("is no object.");
  const { id, extract, key, name } = entry as Readonly<Record<string, unknown>>;
  if (typeof id !== "string") return refuse("has no id; leave those of the plan as they are.");
  if (typeof extract !== "boolean") return refuse("says neither extract: true nor extract: false.");
  const problem = promptKeyProblem(key);
  if (problem !== undefined) return refuse(`has a key that cannot be: ${problem}`);
  if (name !== null && (typeof name !== "string" || !isName(name))) {
    return refuse(
      `has the name ${JSON.stringify(name)}; give one that JavaScript takes, such as triagePrompt.`,
    );
  }
  return { id, extract, key: key as string, name };
}
