/** Says how a mix moved: which version, prompt or model took calls from which, and how it differs. */
import { byWork, type PlaceSplit } from "./cost-places.ts";
import { type Work, workName } from "./cost-window.ts";
import { formatFigure, formatShare } from "./format-amount.ts";
import { workerWords, workWords } from "./place-words.ts";
import { type CellFactors, type CellSplit, callCosts } from "./split-cells.ts";

/** A work's share of the traces in both windows, and what a trace of it takes. */
interface Taker {
  readonly work: Work;
  readonly before: number;
  readonly after: number;
  readonly cost: number;
  readonly inputCost: number;
  readonly outputCost: number;
  /** Tokens per call. */
  readonly input: number;
  readonly output: number;
}

export function promptMixWords(cells: readonly CellSplit[], { work }: PlaceSplit): string {
  const takers = [...byWork(cells).values()].flatMap((some) =>
    some[0] ? [takerOf(some[0].work, some)] : [],
  );
  const top = takers.find((taker) => workName(taker.work) === workName(work));
  const name = (taker: Taker): string => workWords(taker.work, cells);
  if (top === undefined) return "the mix of prompts and versions";
  const partner = counterpart(top, takers);
  const [gainer, loser] = gain(top) >= 0 ? [top, partner] : [partner, top];
  if (gainer === undefined || loser === undefined) {
    return `the mix of prompts: ${name(top)} went from ${formatShare(top.before)} to ${formatShare(top.after)} of all traces`;
  }
  if (isSameWork(gainer.work, loser.work)) {
    const taken = gain(gainer) / loser.before;
    const calls = taken > NEARLY_ALL ? "all calls of" : `${formatShare(taken)} of the calls of`;
    return `the mix of versions: ${versionWords(gainer)} took ${calls} ${versionWords(loser)} and ${differenceWords(gainer, loser)}`;
  }
  const shares = `rose from ${formatShare(gainer.before)} to ${formatShare(gainer.after)} of all traces`;
  const costs = costWords([gainer.cost, loser.cost], { per: "trace", other: name(loser) });
  return `the mix of prompts: ${name(gainer)} ${shares} and ${costs}`;
}

export function modelMixWords(cells: readonly CellSplit[], { cells: [top] }: PlaceSplit): string {
  if (top === undefined) return "the mix of models";
  const others = cells.filter((cell) => workName(cell.work) === workName(top.work) && cell !== top);
  const shift = ({ before, after }: CellSplit): number => after.share - before.share;
  const partner = others
    .filter((cell) => shift(cell) * shift(top) < 0)
    .reduce<CellSplit | undefined>(
      (best, cell) => (best === undefined || Math.abs(shift(cell)) > Math.abs(shift(best)) ? cell : best),
      undefined,
    );
  const [gainer, loser] = shift(top) >= 0 ? [top, partner] : [partner, top];
  if (gainer === undefined || loser === undefined) return "the mix of models";
  const shares = `answered ${formatShare(gainer.after.share)} of the calls (${formatShare(gainer.before.share)} before)`;
  const costs = costWords([callCosts(gainer.after).all, callCosts(loser.after).all], {
    per: "call",
    other: workerWords(loser.worker),
  });
  return `the mix of models: ${workerWords(gainer.worker)} ${shares} and ${costs}`;
}

function takerOf(work: Work, cells: readonly CellSplit[]): Taker {
  const mean = (value: (factors: CellFactors) => number): number => {
    const weights = cells.map(({ after }) => after.share);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    const sum = cells.reduce((total, { after }, at) => total + value(after) * (weights[at] ?? 0), 0);
    return all === 0 ? 0 : sum / all;
  };
  const [cell] = cells;
  const calls = cell === undefined ? 0 : cell.after.callsPerTrace * cell.after.attempts;
  return {
    work,
    before: cell?.before.mix ?? 0,
    after: cell?.after.mix ?? 0,
    cost: calls * mean((factors) => callCosts(factors).all),
    inputCost: calls * mean((factors) => callCosts(factors).input),
    outputCost: calls * mean((factors) => callCosts(factors).output),
    input: mean(({ input }) => input),
    output: mean(({ visible, reasoning }) => visible + reasoning),
  };
}

function gain({ before, after }: Taker): number {
  return after - before;
}

/** Who moved the other way most; another version of the same work before any other work. */
function counterpart(top: Taker, takers: readonly Taker[]): Taker | undefined {
  const others = takers.filter((taker) => gain(taker) * gain(top) < 0);
  const same = others.filter((taker) => isSameWork(taker.work, top.work));
  return (same.length > 0 ? same : others).reduce<Taker | undefined>(
    (best, taker) => (best === undefined || Math.abs(gain(taker)) > Math.abs(gain(best)) ? taker : best),
    undefined,
  );
}

function isSameWork(a: Work, b: Work): boolean {
  return a.prompt === b.prompt && a.environment === b.environment && a.purpose === b.purpose;
}

function versionWords({ work }: Taker): string {
  return work.version === null ? "the text in code" : `v${work.version}`;
}

/** A share that would be printed as all. */
const NEARLY_ALL = 0.995;

/** Below it a difference in tokens is no explanation. */
const NOTABLE = 0.1;

/** What makes a call of one version cost more than one of the other. */
function differenceWords(gainer: Taker, loser: Taker): string {
  const differs = (a: number, b: number): boolean => a > 0 && b > 0 && Math.abs(Math.log(a / b)) > NOTABLE;
  const input = Math.abs(gainer.inputCost - loser.inputCost);
  const output = Math.abs(gainer.outputCost - loser.outputCost);
  if (input >= output && differs(gainer.input, loser.input)) {
    return `sends ${formatFigure(gainer.input / loser.input)} times the input tokens`;
  }
  if (output > input && differs(gainer.output, loser.output)) {
    return `gets ${formatFigure(gainer.output / loser.output)} times the output tokens`;
  }
  return costWords([gainer.cost, loser.cost], { per: "trace", other: versionWords(loser) });
}

function costWords(
  [one, other]: readonly [number, number],
  { per, other: name }: { readonly per: string; readonly other: string },
): string {
  if (other === 0) return `costs something, which ${name} does not`;
  return `costs ${formatFigure(one / other)} times as much per ${per} as ${name}`;
}
