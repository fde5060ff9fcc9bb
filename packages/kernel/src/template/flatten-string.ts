/** Gives a text one contiguous piece of memory. */

/**
 * Engines keep concatenated strings as trees ("ropes") and slices as views of their parent. Joining
 * a few ropes is cheap, but sending the result walks every leaf of every literal, each time: ten
 * times slower for a 600-word body. A parser has to write its strings out afresh, and in one byte per
 * character where that suffices; lone surrogates survive since JSON writes them as escapes.
 */
export function flattenString(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
