/** Fences an untrusted value, so that a model can tell data from instructions. */

/**
 * Takes the fence's id and gives the function that fences with it:
 *
 *     <untrusted-ID>
 *     value
 *     </untrusted-ID>
 *
 * In the value every occurrence of the id, in any letter case, becomes `[removed]`. That text begins
 * and ends with characters that are no hexadecimal digits, and so does what stands around the value
 * (line ends): no new occurrence of the id can arise across a seam, and the value can neither close
 * the fence nor open one.
 */
export function createFence(id: string): (value: string) => string {
  const occurrence = new RegExp(id, "gi");
  const open = `<untrusted-${id}>\n`;
  const close = `\n</untrusted-${id}>`;
  return (value) => open + value.replace(occurrence, "[removed]") + close;
}
