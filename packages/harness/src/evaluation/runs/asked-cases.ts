/** The cases of a split in the order in which a run asks them, a chunk in memory at a time. */
import type { EvalCase, Split } from "@colophon/evaluation";
import { HarnessError, unitDraw } from "@colophon/kernel";
import type { OpenEvalSet } from "../eval-sets/load-eval-set.ts";

export interface AskedSplitOf {
  readonly set: OpenEvalSet;
  readonly split: Split;
  /** The most cases; all of the split unless given. */
  readonly take?: number;
}

/** Can be gone through again and again. */
export interface AskedCases extends AsyncIterable<EvalCase> {
  readonly count: number;
}

/**
 * In an order drawn by the set's hash: a run that ends early has asked a fair sample. Any chunk is one, so that
 * chunks are drawn and then the cases in them.
 *
 * @throws HarnessError `input-malformed` for a split without cases.
 */
export function askedCases({ set, split, take }: AskedSplitOf): AskedCases {
  const { name, version, hash, cases } = set.entry;
  if (cases[split] === 0) {
    const other = split === "test" ? "dev" : "test";
    throw new HarnessError(
      "input-malformed",
      `${name}@v${version} has no ${split} split; import cases with split ${split}, or use --split ${other} where that will do.`,
    );
  }
  const count = Math.min(cases[split], take ?? cases[split]);
  const chunks = drawn([...set.chunks.keys()], (at) => `${hash}:chunk ${at}`);
  return {
    count,
    async *[Symbol.asyncIterator]() {
      let left = count;
      for (const at of chunks) {
        const own = (await set.chunk(at)).filter((one) => one.split === split);
        for (const one of drawn(own, ({ id }) => `${hash}:${id}`)) {
          if (left === 0) return;
          left -= 1;
          yield one;
        }
      }
    },
  };
}

function drawn<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, draw: unitDraw(nameOf(item)) }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ item }) => item);
}
