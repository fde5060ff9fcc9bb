/** The stated rule for tokens: four UTF-16 units of text are one token, begun ones count whole; a medium has its price. */

export const UNITS_PER_TOKEN = 4;
/** What the role and the delimiters of a message cost on top of its text. */
const TOKENS_PER_MESSAGE = 4;
/** What the start of the reply costs once per request. */
const TOKENS_PER_REPLY = 3;

/** What an image, a sound or a file costs that nobody looks at. */
export const TOKENS_PER_MEDIUM = 85;

export function countTokens(text: string): number {
  return Math.ceil(text.length / UNITS_PER_TOKEN);
}

export function countPromptTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + TOKENS_PER_MESSAGE + countTokens(text), TOKENS_PER_REPLY);
}

/** The beginning of a text that fits into so many tokens, never ending inside a surrogate pair. */
export function cutToTokens(text: string, tokens: number): string {
  const cut = text.slice(0, Math.max(0, tokens) * UNITS_PER_TOKEN);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
