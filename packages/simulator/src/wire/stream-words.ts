/** Cuts a text into what a stream sends one by one: words with the space before them. */

export function streamWords(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}
