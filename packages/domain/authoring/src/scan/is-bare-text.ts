/** Tells a text that says nothing by itself: placeholders alone, an identifier around one, an address or a media type. */

const PLACEHOLDER = /\{\{[^{}]*\}\}/g;
const IDENTIFIER = /^[!-~]*[_=#/][!-~]*$/;
const ADDRESS = /^(?:data:[\w/.+-]*[;,{]|https?:\/\/\S*$|[a-z]+\/[\w.+-]+$)/;

/** @param text in the template language */
export function isBareText(text: string): boolean {
  const said = text.trim();
  if (!/\p{L}/u.test(said.replaceAll(PLACEHOLDER, " ")) || ADDRESS.test(said)) return true;
  // `msg_{{id}}`, but not `Question:{{question}}`.
  const written = said.replaceAll(PLACEHOLDER, "0");
  return written.length < said.length && IDENTIFIER.test(written) && !/:0/.test(written);
}
