/** What came of Langfuse, from its API or an export, before it is converted. */
import {
  convertLangfuse,
  convertLangfuseDataset,
  type Imported,
  ImportKeys,
  type LangfuseDataset,
  Remarks,
} from "@colophon/authoring/convert";

export interface LangfuseSource {
  /** Versions of prompts, each with where it stands. */
  readonly prompts: readonly { readonly from: string; readonly value: unknown }[];
  readonly datasets: readonly LangfuseDataset[];
}

export function convertLangfuseSource(
  { prompts, datasets }: LangfuseSource,
  options: Parameters<typeof convertLangfuse>[1],
): Imported {
  const converted = convertLangfuse(prompts, options);
  const remarks = new Remarks();
  const names = new ImportKeys(
    datasets.map(({ name }) => name),
    remarks,
  );
  const sets = datasets
    .map((dataset) => ({ ...convertLangfuseDataset(dataset, remarks), name: names.of(dataset.name) }))
    .filter(({ cases, from }) => {
      if (cases.length === 0) remarks.leave(from, "it has no item to take in.");
      return cases.length > 0;
    });
  return {
    ...converted,
    sets,
    changes: [...converted.changes, ...remarks.changes],
    left: [...converted.left, ...remarks.left],
  };
}
