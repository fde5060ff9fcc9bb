/** Says which text at work, and which model, something is about. */
import { type Work, type Worker, workName } from "./cost-window.ts";

interface Cell {
  readonly work: Work;
  readonly worker: Worker;
}

/** A text at work; the environment where there are several, the purpose where it is not `serve`. */
export function workWords(work: Work, cells: readonly Cell[]): string {
  const { purpose, environment } = work;
  const many = new Set(cells.map((cell) => cell.work.environment)).size > 1;
  return `${textWords(work)}${purpose === "serve" ? "" : ` for ${purpose}`}${many ? ` in ${environment}` : ""}`;
}

function textWords({ prompt, version }: Work): string {
  return version === null ? `${prompt} (text in code)` : `${prompt}@v${version}`;
}

export function workerWords({ provider, model }: Worker): string {
  return `${provider}/${model}`;
}

/** ` in KEY@v7 on provider/model`, without what is the same for all cells. */
export function placeWords(
  cells: readonly Cell[],
  { work, worker }: { readonly work: Work; readonly worker: Worker | null },
): string {
  const workers = cells.filter((cell) => workName(cell.work) === workName(work));
  const models = new Set(workers.map((cell) => workerWords(cell.worker)));
  const works = new Set(cells.map((cell) => workName(cell.work)));
  const text = works.size > 1 ? ` in ${workWords(work, cells)}` : "";
  return `${text}${worker !== null && models.size > 1 ? ` on ${workerWords(worker)}` : ""}`;
}
