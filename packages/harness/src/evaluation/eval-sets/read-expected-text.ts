/** Reads what a case expects out of one text: `reference:…`, `json:…`, `rubric:…`, or a label. */
import type { Complain, Expectation } from "@colophon/evaluation";

const KINDS = /^(label|json|reference|rubric):([\s\S]*)$/;

export function readExpectedText(text: string, complain: Complain): Expectation {
  if (text === "") return { kind: "none" };
  const [, kind, value = ""] = KINDS.exec(text) ?? [];
  if (kind === undefined) return { kind: "label", value: text };
  if (kind !== "json") return { kind, value } as Expectation;
  return { kind, value: parseJson(value, (why) => complain(`"expected" ${why}`)) };
}

/** Undefined, with a complaint, for what is no JSON. */
export function parseJson(text: string, complain: Complain): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    // The engine counts lines of this text, which is itself one line of a file.
    complain(`is no JSON (${(cause as Error).message.replace(/ in JSON at position.*| \(line.*/, "")})`);
    return undefined;
  }
}
