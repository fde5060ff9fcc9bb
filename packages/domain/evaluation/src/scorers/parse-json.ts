/** Reads an answer as JSON, with or without the code fence that models like to put around it. */

const FENCE = /^\s*```[\w-]*[^\S\n]*\n(.*)\n[^\S\n]*```\s*$/s;

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: string };

/** With `allowFence` the answer may stand in one code fence; other words around it are no JSON. */
export function parseJson(text: string | null, allowFence: boolean): ParsedJson {
  if (text === null) return { ok: false, why: "there is no text" };
  const inner = allowFence ? (FENCE.exec(text)?.[1] ?? text) : text;
  try {
    return { ok: true, value: JSON.parse(inner) };
  } catch {
    return { ok: false, why: "the answer is no JSON" };
  }
}
