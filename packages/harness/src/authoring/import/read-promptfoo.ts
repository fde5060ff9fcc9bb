/** Reads a promptfoo file with the prompts that it names, and its tests as an eval set. */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import {
  convertPromptfoo,
  type Imported,
  type ImportedSet,
  type PromptfooPrompt,
  Remarks,
  splitCases,
} from "@colophon/authoring/convert";
import { errorCodeOf, HarnessError } from "@colophon/kernel";
import { parseDocument, stringify } from "yaml";
import { readEvalSetFile } from "../../evaluation/eval-sets/read-eval-set-file.ts";
import type { ReadFiles } from "./read-prompt-files.ts";
import { readSourceText } from "./source-files.ts";

type Fields = Readonly<Record<string, unknown>>;

const NAMES: readonly string[] = ["promptfooconfig.yaml", "promptfooconfig.yml", "promptfooconfig.json"];

/** @param request its path is the file, or the folder that holds it. @throws HarnessError `usage` or `input-malformed`. */
export function readPromptfoo({ path: given, cwd, model }: ReadFiles): Imported {
  const path = configPath(given, cwd);
  const from = relative(cwd, path).split(sep).join("/");
  const text = readSourceText({ path: basename(path), name: from, absolute: path });
  const config = parseConfig(text, from);
  const remarks = new Remarks();
  const reading = { folder: dirname(path), from, remarks };
  const prompts = promptsOf(config.prompts, reading);
  const providers = listOf(config.providers ?? config.targets);
  const versions = convertPromptfoo({ from, prompts, providers, model }, remarks);
  sayOthers(config, { from, remarks });
  const set = testsOf(config, { from, name: setName(config, path), remarks });
  return {
    versions,
    sets: set === null ? [] : [set],
    changes: remarks.changes,
    left: remarks.left,
  };
}

function configPath(path: string, cwd: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  const name = NAMES.find((one) => existsSync(join(path, one)));
  if (name !== undefined) return join(path, name);
  throw new HarnessError("usage", `${relative(cwd, path) || "."} holds no ${NAMES[0]}; name the file.`);
}

function parseConfig(text: string, from: string): Fields {
  const document = parseDocument(text, { strict: true, uniqueKeys: true, logLevel: "error" });
  const [problem] = document.errors;
  const value = problem === undefined ? plainValue(document, from) : undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  const line = problem?.linePos?.[0].line ?? 1;
  const what = problem?.message.split(/ at line \d+|\n/)[0] ?? "it has no prompts, providers and tests";
  throw new HarnessError("input-malformed", `${from}:${line}: ${what}; correct it there.`);
}

function plainValue(document: ReturnType<typeof parseDocument>, from: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    throw new HarnessError(
      "input-malformed",
      `${from} has aliases that stand for too much; write them out.`,
      { cause },
    );
  }
}

const READ = new Set("$schema description prompts providers targets tests defaultTest scenarios".split(" "));
/** How it is run, which is no part of any prompt or test. */
const RUNNING = new Set(
  "sharing outputPath writeLatestResults commandLineOptions evaluateOptions tracing tags metadata env".split(
    " ",
  ),
);

function sayOthers(config: Fields, { from, remarks }: Pick<ReadingPrompts, "from" | "remarks">): void {
  const others = Object.keys(config).filter((name) => !READ.has(name));
  const running = others.filter((name) => RUNNING.has(name));
  if (running.length > 0)
    remarks.changed(from, `${running.join(", ")} stays behind: it is about how promptfoo runs.`);
  for (const name of others) {
    if (!RUNNING.has(name)) remarks.leave(from, `${name} is left out: it has no counterpart.`);
  }
}

interface ReadingPrompts {
  /** Of the file; nothing outside of it is read. */
  readonly folder: string;
  readonly from: string;
  readonly remarks: Remarks;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function promptsOf(value: unknown, reading: ReadingPrompts): readonly PromptfooPrompt[] {
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isMap
    ? Object.entries(value).map(([file, label]): unknown => ({ id: file, label }))
    : listOf(value);
  return entries.flatMap((entry, index) => {
    try {
      return promptOf(entry, { ...reading, index });
    } catch (error) {
      if (errorCodeOf(error) === undefined) throw error;
      reading.remarks.leave(reading.from, `prompt ${index + 1}: ${(error as Error).message}`);
      return [];
    }
  });
}

const FILE = /^(?:file:\/\/\S+|[^\n{}]+\.(?:txt|md|json|ya?ml|j2|jinja2?|njk))$/;

function promptOf(
  entry: unknown,
  reading: ReadingPrompts & { readonly index: number },
): readonly PromptfooPrompt[] {
  const { from, index } = reading;
  const fields: Fields = typeof entry === "object" && entry !== null ? (entry as Fields) : { raw: entry };
  const { raw, id, label, config } = fields;
  const content = raw ?? id;
  if (typeof content !== "string" || content.trim() === "") throw refusal("it is neither a text nor a file");
  if (config !== undefined) reading.remarks.leave(from, `prompt ${index + 1}: its own config is left out.`);
  if (/^(?:exec:|langfuse:|portkey:|helicone:)/.test(content)) {
    throw refusal(`${content.slice(0, 60)} is made elsewhere; import it from there`);
  }
  const name = typeof label === "string" && label !== "" ? label : null;
  if (!FILE.test(content)) {
    return [
      {
        from: `${from}, prompt ${index + 1}`,
        label: name ?? (raw === undefined ? null : textOf(id)) ?? `prompt-${index + 1}`,
        names: [textOf(id), content].filter((one) => one !== null),
        text: content,
      },
    ];
  }
  return fileTexts(content, { ...reading, label: name });
}

function fileTexts(
  named: string,
  { folder, label }: ReadingPrompts & { readonly label: string | null },
): readonly PromptfooPrompt[] {
  const path = named.replace(/^file:\/\//, "");
  if (/[*?]/.test(path)) throw refusal(`${path} stands for several files; name each`);
  const absolute = resolve(folder, path);
  if (relative(folder, absolute).startsWith("..")) throw refusal(`${path} lies outside of the file's folder`);
  if (/\.(?:[cm]?[jt]s|py|rb|go|sh)(?::\w+)?$/.test(path)) {
    throw refusal(`${path} is code, and nothing is ever run; write the text that it makes`);
  }
  const text = readSourceText({ path, name: path, absolute }).replace(/\n$/, "");
  const stem = label ?? basename(path).replace(/\.[^.]+$/, "");
  if (/\.ya?ml$/.test(path)) {
    return [
      {
        from: path,
        label: stem,
        names: [named, path],
        text: JSON.stringify(plainValue(parseDocument(text), path)),
      },
    ];
  }
  const parts = path.endsWith(".json") ? [text] : text.split(/^---[ \t]*$/m).map((part) => part.trim());
  const whole = parts.length === 1 ? [text] : parts.filter((part) => part !== "");
  return whole.map((part, index) => ({
    from: whole.length === 1 ? path : `${path}, part ${index + 1}`,
    label: whole.length === 1 ? stem : `${stem}-${index + 1}`,
    names: [stem, named, path],
    text: part,
  }));
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function refusal(why: string): HarnessError {
  return new HarnessError("input-malformed", `${why}.`);
}

function setName({ description }: Fields, path: string): string {
  const stem = basename(path).replace(/\.[^.]+$/, "");
  const name = textOf(description) ?? (stem === "promptfooconfig" ? basename(dirname(path)) : stem);
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
      .slice(0, 60) || "tests"
  );
}

interface ReadingTests {
  readonly from: string;
  readonly name: string;
  readonly remarks: Remarks;
}

/** By the reader that eval sets have for promptfoo's tests. */
function testsOf(config: Fields, { from, name, remarks }: ReadingTests): ImportedSet | null {
  const { tests, defaultTest, scenarios } = config;
  if (tests === undefined && scenarios === undefined) return null;
  const whole = {
    ...(defaultTest !== undefined && { defaultTest }),
    ...(scenarios !== undefined && { scenarios }),
    tests: tests ?? [],
  };
  try {
    const file = readEvalSetFile({ file: from, format: "yaml", text: stringify(whole) });
    for (const { test, assertion, why, instead } of file.unmapped) {
      const where = assertion === null ? test : `${test}, ${assertion}`;
      if (instead === null) remarks.leave(from, `${where}: ${why}.`);
      else remarks.changed(from, `${where} is ${instead}: ${why}.`);
    }
    const common = file.scorers ?? [];
    const cases = [...file.drafts].map(({ variables, expected, split, tags, cluster, scorers }) => ({
      variables,
      ...(expected.kind !== "none" && { expected }),
      ...(split !== null && { split }),
      ...(tags.length > 0 && { tags }),
      ...(cluster !== null && { cluster }),
      ...(common.length + scorers.length > 0 && { scorers: [...common, ...scorers] }),
    }));
    file.close();
    if (cases.length > 0) return splitCases({ from, name, cases }, remarks);
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    remarks.leave(from, (error as Error).message);
  }
  return null;
}
