/** Cuts an identifier into its words. */

/** `systemPrompt`, `SYSTEM_PROMPT` and `system-prompt` are "system", "prompt". */
export function nameWords(name: string): readonly string[] {
  return name
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
