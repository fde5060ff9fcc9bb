/** Says which prompts go to which model, with which parameters. */
import type { Finding } from "../finding.ts";

export interface ModelRow {
  /** Null where the code does not say, or no call was seen. */
  readonly model: string | null;
  readonly client: string | null;
  /** Different settings that are written out, each as in the code. */
  readonly parameters: readonly Readonly<Record<string, unknown>>[];
  /** Ids of the findings that go there, each once, in the order of the findings. */
  readonly prompts: readonly string[];
  /** How many calls take them there. */
  readonly calls: number;
}

interface Draft {
  readonly model: string | null;
  readonly client: string | null;
  readonly parameters: Map<string, Readonly<Record<string, unknown>>>;
  readonly prompts: Set<string>;
  readonly calls: Set<string>;
}

/** Named models first, those with most prompts at the top; then unknown models of known clients; last what no call was seen of. */
export function mapModels(findings: readonly Finding[]): readonly ModelRow[] {
  const rows = new Map<string, Draft>();
  for (const finding of findings) {
    if (finding.uses.length === 0) rowOf(rows, null, null).prompts.add(finding.id);
    for (const { model, client, parameters, file, span } of finding.uses) {
      const row = rowOf(rows, model, client);
      row.prompts.add(finding.id);
      row.calls.add(`${file}:${span.from}`);
      if (Object.keys(parameters).length > 0) row.parameters.set(JSON.stringify(parameters), parameters);
    }
  }
  return [...rows.values()]
    .map(({ model, client, parameters, prompts, calls }) => ({
      model,
      client,
      parameters: [...parameters.values()],
      prompts: [...prompts],
      calls: calls.size,
    }))
    .sort(
      (a, b) => rank(a) - rank(b) || b.prompts.length - a.prompts.length || (nameOf(a) < nameOf(b) ? -1 : 1),
    );
}

function rowOf(rows: Map<string, Draft>, model: string | null, client: string | null): Draft {
  const key = JSON.stringify([model, client]);
  const before = rows.get(key);
  if (before !== undefined) return before;
  const row: Draft = { model, client, parameters: new Map(), prompts: new Set(), calls: new Set() };
  rows.set(key, row);
  return row;
}

function rank({ model, client }: ModelRow): number {
  return model !== null ? 0 : client !== null ? 1 : 2;
}

function nameOf({ model, client }: ModelRow): string {
  return `${model ?? ""} ${client ?? ""}`;
}
