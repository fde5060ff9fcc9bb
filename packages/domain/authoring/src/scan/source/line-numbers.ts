/** Lines of a source by offset. */

export interface LineNumbers {
  /** From 1. */
  lineAt(offset: number): number;
}

/** Counts lines as editors do: `\n`, `\r\n` and a lone `\r` end one. */
export function lineNumbers(source: string): LineNumbers {
  let starts: number[] | null = null;
  return {
    lineAt(offset) {
      starts ??= lineStarts(source);
      let low = 0;
      let high = starts.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (starts[middle]! <= offset) low = middle;
        else high = middle;
      }
      return low + 1;
    },
  };
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (const end of source.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
  return starts;
}
