/** Reads prompts and datasets from an export of Langfuse: JSON or JSON Lines, in one file or a folder. */
import type { LangfuseDataset } from "@colophon/authoring/convert";
import { HarnessError } from "@colophon/kernel";
import type { LangfuseSource } from "./langfuse-source.ts";
import { readSourceText, type SourceFile, sourceFiles } from "./source-files.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * A file holds versions of prompts, datasets with `items`, or items with `datasetName`: one, a list of them, a list
 * under `data`, `prompts`, `datasets` or `items`, or one a line.
 *
 * @throws HarnessError `usage`, `input-malformed` or `too-large`.
 */
export function readLangfuseExport(path: string, cwd: string): LangfuseSource {
  const prompts: { from: string; value: unknown }[] = [];
  const sets = new Map<string, unknown[]>();
  const abouts = new Map<string, Fields>();
  for (const file of sourceFiles({ path, cwd, endings: [".json", ".jsonl", ".ndjson"] })) {
    for (const [index, value] of valuesOf(readJson(file)).entries()) {
      const fields = fieldsOf(value);
      const set = fields.datasetName ?? (Array.isArray(fields.items) ? fields.name : undefined);
      if (typeof set === "string") {
        const items = sets.get(set) ?? [];
        items.push(...(Array.isArray(fields.items) ? fields.items : [value]));
        if (Array.isArray(fields.items)) abouts.set(set, fields);
        sets.set(set, items);
        continue;
      }
      const { name, version } = fields;
      const known = typeof name === "string" && typeof version === "number" ? `${name} v${version}` : null;
      prompts.push({ from: known ?? `${file.name}, value ${index + 1}`, value });
    }
  }
  const datasets = [...sets].map(([name, items]): LangfuseDataset => {
    return { name, items, about: abouts.get(name) ?? {} };
  });
  return { prompts, datasets };
}

function valuesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const fields = fieldsOf(value);
  const lists = ["prompts", "datasets", "data"].flatMap((name) => {
    const list = fields[name];
    return Array.isArray(list) ? list : [];
  });
  const isBare = "prompt" in fields || "datasetName" in fields || "items" in fields;
  return isBare || lists.length === 0 ? [value] : lists;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function readJson(file: SourceFile): unknown {
  const text = readSourceText(file).replace(/^\uFEFF/, "");
  if (/\.(?:jsonl|ndjson)$/.test(file.name)) {
    return text
      .split("\n")
      .flatMap((line, index) => (line.trim() === "" ? [] : [parse(line, `${file.name}:${index + 1}`)]));
  }
  return parse(text, file.name);
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const what = /^\s*</.test(text) ? "a web page" : "no JSON";
    throw new HarnessError("input-malformed", `${where} is ${what}; export it as JSON again.`, { cause });
  }
}
