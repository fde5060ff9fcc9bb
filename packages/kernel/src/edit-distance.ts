/** Edit distance between what was served and what the user kept. */

const WORD = 32;

/**
 * Levenshtein distance by Myers' bit-parallel algorithm in blocks (Hyyrö 2003), over UTF-16 units:
 * O(n·m/32), so that two pages of text take about a millisecond.
 */
export function levenshtein(a: string, b: string): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 0) return long.length;
  const blocks = Math.ceil(short.length / WORD);
  const positive = new Int32Array(blocks).fill(-1);
  const negative = new Int32Array(blocks);
  const masks = matchMasks(short, blocks);
  const none = new Int32Array(blocks);
  const lastBit = (short.length - 1) % WORD;
  let distance = short.length;
  for (let j = 0; j < long.length; j++) {
    const match = masks.get(long.charCodeAt(j)) ?? none;
    // Horizontal differences handed from block to block; the first row grows by one per column.
    let carryPlus = 1;
    let carryMinus = 0;
    for (let block = 0; block < blocks; block++) {
      const pv = positive[block] as number;
      const mv = negative[block] as number;
      const eq = (match[block] as number) | carryMinus;
      const xv = (match[block] as number) | mv;
      const xh = (((eq & pv) + pv) ^ pv) | eq;
      let ph = mv | ~(xh | pv);
      let mh = pv & xh;
      const bit = block === blocks - 1 ? lastBit : WORD - 1;
      const outPlus = (ph >>> bit) & 1;
      const outMinus = (mh >>> bit) & 1;
      ph = (ph << 1) | carryPlus;
      mh = (mh << 1) | carryMinus;
      positive[block] = mh | ~(xv | ph);
      negative[block] = ph & xv;
      carryPlus = outPlus;
      carryMinus = outMinus;
    }
    distance += carryPlus - carryMinus;
  }
  return distance;
}

function matchMasks(text: string, blocks: number): Map<number, Int32Array> {
  const masks = new Map<number, Int32Array>();
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let mask = masks.get(unit);
    if (mask === undefined) {
      mask = new Int32Array(blocks);
      masks.set(unit, mask);
    }
    const block = Math.floor(i / WORD);
    mask[block] = (mask[block] as number) | (1 << (i % WORD));
  }
  return masks;
}

/**
 * The share of a served text that was changed, from 0 (kept as it was) to 1 (nothing left of it).
 *
 * @example
 * editDistance("Dear Ada", "Hello Ada");
 */
export function editDistance(served: string, kept: string): number {
  const longest = Math.max(served.length, kept.length);
  return longest === 0 ? 0 : levenshtein(served, kept) / longest;
}
