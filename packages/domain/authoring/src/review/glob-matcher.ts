/** Matches names against globs, in which `*` stands for any letters. */

export function globMatcher(glob: string): (name: string) => boolean {
  const pieces = glob.split("*");
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return (name) => name === glob;
  return (name) => {
    if (name.length < first.length + last.length) return false;
    if (!name.startsWith(first) || !name.endsWith(last)) return false;
    // Each piece where it stands first leaves most for those after it.
    let from = first.length;
    for (const piece of rest) {
      const at = name.indexOf(piece, from);
      if (at < 0) return false;
      from = at + piece.length;
    }
    return from <= name.length - last.length;
  };
}
