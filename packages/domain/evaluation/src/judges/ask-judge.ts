/** Asks a judge one question, and reads what it found; whatever cannot be read is an error. */
import { type CompiledBody, compileBody, fenceId } from "@colophon/kernel";
import { parseJson } from "../scorers/parse-json.ts";
import type { Judge, JudgeVariable } from "./judge.ts";
import type { JudgeCaller } from "./judge-caller.ts";

export type JudgeMaterial = Readonly<Partial<Record<JudgeVariable, string>>>;

/** What a judge said, read by its form. */
export type JudgeFinding =
  | { readonly kind: "grade"; readonly value: number; readonly reason: string }
  | { readonly kind: "preference"; readonly better: "A" | "B" | "tie"; readonly reason: string };

export type JudgeOutcome =
  | { readonly ok: true; readonly finding: JudgeFinding }
  | { readonly ok: false; readonly error: string };

/** A longer text costs more than a judgement is worth, and no judge reads it to its end. */
const LONGEST_JUDGED = 50_000;

const bodies = new WeakMap<Judge, CompiledBody>();

function bodyOf(judge: Judge): CompiledBody {
  const known = bodies.get(judge);
  if (known !== undefined) return known;
  const { body, untrusted = [] } = judge.text;
  const made = compileBody(body, { untrusted, fence: fenceId(judge.hash) });
  bodies.set(judge, made);
  return made;
}

export interface JudgeTask {
  readonly judge: Judge;
  readonly material: JudgeMaterial;
  readonly draw: number;
}

/** What the judge does not take is left out; what it needs and is not there is an error. */
export async function askJudge(
  caller: JudgeCaller,
  { judge, material, draw }: JudgeTask,
): Promise<JudgeOutcome> {
  const missing = [...judge.needs].find((name) => material[name] === undefined);
  if (missing !== undefined) return failed(judge, `needs a ${missing}, and the case has none`);
  const told = Object.entries(material).filter(([name]) => judge.takes.has(name as JudgeVariable));
  const long = told.find(([, text]) => text !== undefined && text.length > LONGEST_JUDGED);
  if (long !== undefined) {
    const size = `${long[1]?.length} characters, more than the ${LONGEST_JUDGED} that are judged`;
    return failed(judge, `was not asked: the ${long[0]} has ${size}`);
  }
  // A variable that a condition asks for must be there, if only as nothing.
  const blank = Object.fromEntries([...judge.takes].map((name) => [name, ""]));
  const messages = bodyOf(judge).render({ ...blank, ...Object.fromEntries(told) });
  const reply = await caller.ask({ judge, messages, draw });
  if (!reply.ok) return failed(judge, `gave no answer: ${reply.error.replace(/\.$/, "")}`);
  const { refused, cutShort, text } = reply.answer;
  if (refused) return failed(judge, "declined to judge");
  if (cutShort) return failed(judge, "was cut short by its limit of tokens");
  return readFinding(judge, text);
}

function failed({ key }: Judge, why: string): JudgeOutcome {
  return { ok: false, error: `The judge ${key} ${why}.` };
}

function readFinding(judge: Judge, text: string | null): JudgeOutcome {
  const parsed = parseJson(text, true);
  if (!parsed.ok || typeof parsed.value !== "object" || parsed.value === null) {
    return failed(judge, "gave an answer that is no JSON object");
  }
  const said = parsed.value as Readonly<Record<string, unknown>>;
  const reason = typeof said.reason === "string" ? said.reason : "";
  const { form } = judge;
  if (form.kind === "preference") {
    const better = said.preference;
    if (better !== "A" && better !== "B" && better !== "tie") {
      return failed(judge, `prefers ${JSON.stringify(better)}, which is neither A, B nor tie`);
    }
    return { ok: true, finding: { kind: "preference", better, reason } };
  }
  if (form.kind === "pass") {
    if (typeof said.pass !== "boolean") return failed(judge, "said neither that it passes nor that it fails");
    return { ok: true, finding: { kind: "grade", value: Number(said.pass), reason } };
  }
  const [low, high] = form.scale;
  const { score } = said;
  if (typeof score !== "number" || !(score >= low && score <= high)) {
    return failed(judge, `gave the mark ${JSON.stringify(score)}, which is not from ${low} to ${high}`);
  }
  return { ok: true, finding: { kind: "grade", value: (score - low) / (high - low), reason } };
}
