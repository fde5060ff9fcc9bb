/** The rule for the names of prompts. */
import { HarnessError } from "@colophon/kernel";

const KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;
const LONGEST = 200;

/**
 * The key itself, when it is one.
 *
 * @throws HarnessError `prompt-invalid` for anything else.
 */
export function promptKey(key: unknown): string {
  const problem = promptKeyProblem(key);
  if (problem !== undefined) throw new HarnessError("prompt-invalid", problem);
  return key as string;
}

/** Why something is no key, as one sentence; undefined when it is one. */
export function promptKeyProblem(key: unknown): string | undefined {
  if (typeof key !== "string" || key === "") {
    return `The key ${JSON.stringify(key) ?? "undefined"} is no name of a prompt: give a text such as "support.ticket-triage".`;
  }
  if (key.length > LONGEST) {
    return `The key "${key.slice(0, 40)}…" has ${key.length} characters: use at most ${LONGEST}.`;
  }
  if (key.includes("@")) {
    return `The key "${key}" holds an @: leave the version out, as in "${key.split("@")[0] || "support.ticket-triage"}".`;
  }
  if (!KEY.test(key)) {
    return `The key "${key}" is no name of a prompt: use letters, digits, ".", "-", "_" and "/", with a letter or digit first.`;
  }
  return undefined;
}
