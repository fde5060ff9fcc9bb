/** Turns pins by the source's numbers into pins by the registry's, once those are known. */
import { type Body, HarnessError } from "@colophon/kernel";
import type { PromptSpec } from "../read-prompt-spec.ts";

const PIN = /\{\{> ([^}@\s]+)@v(\d+)\}\}/g;

/**
 * @param numberOf of a version in the registry, by the key and the number in the source.
 * @throws HarnessError `partial-missing` for a version that the registry did not get.
 */
export function repinVersion(
  spec: PromptSpec,
  numberOf: (key: string, number: number) => number | undefined,
): PromptSpec {
  const repin = (text: string): string =>
    text.replaceAll(PIN, (tag, key: string, number: string) => {
      const found = numberOf(key, Number(number));
      if (found !== undefined) return `{{> ${key}@v${found}}}`;
      throw new HarnessError(
        "partial-missing",
        `${tag} names a version that was not taken; take it in first.`,
      );
    });
  const repinBody = (body: Body): Body =>
    typeof body === "string"
      ? repin(body)
      : body.map((part) => (part === "history" ? part : { ...part, content: repin(part.content) }));
  return { ...spec, text: { ...spec.text, body: repinBody(spec.text.body) } };
}
