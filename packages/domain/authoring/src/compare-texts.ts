/** What differs between two texts, as plain data for whoever shows it. */
import { type Body, canonicalJson, hashBody, hashText, type VersionText } from "@colophon/kernel";
import { type BodyDiff, compareBodies } from "./compare-bodies.ts";
import { type ContractChange, compareContracts } from "./compare-contracts.ts";

/** A value that is on one side only (the other is null), or different on both. */
export interface ValueChange {
  /** `model.id`, `parameters.temperature`, the name of a tool, the reference of a partial. */
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  readonly before: unknown;
  readonly after: unknown;
}

export interface LocaleDiff {
  readonly locale: string;
  readonly change: "added" | "removed" | "changed";
  readonly body: BodyDiff;
}

export interface TextDiff {
  readonly same: boolean;
  /** Whether the words are the same: body and translations. */
  readonly sameBody: boolean;
  readonly body: BodyDiff;
  /** Only those that differ. */
  readonly locales: readonly LocaleDiff[];
  readonly model: readonly ValueChange[];
  readonly tools: readonly ValueChange[];
  readonly input: readonly ContractChange[];
  readonly output: readonly ContractChange[];
  readonly cache: readonly ValueChange[];
  readonly untrusted: readonly ValueChange[];
  readonly partials: readonly ValueChange[];
}

export function compareTexts(before: VersionText, after: VersionText): TextDiff {
  return {
    same: hashText(before) === hashText(after),
    sameBody: hashBody(before) === hashBody(after),
    body: compareBodies(before.body, after.body),
    locales: compareLocales(before.locales ?? {}, after.locales ?? {}),
    model: compareValues(modelValues(before), modelValues(after)),
    tools: compareValues(toolValues(before), toolValues(after)),
    input: compareContracts(before.input, after.input),
    output: compareContracts(before.output, after.output),
    cache: compareValues(listValues("cache", before.cache), listValues("cache", after.cache)),
    untrusted: compareValues(setValues(before.untrusted), setValues(after.untrusted)),
    partials: compareValues(before.partials ?? {}, after.partials ?? {}),
  };
}

type Values = Readonly<Record<string, unknown>>;

function compareValues(before: Values, after: Values): readonly ValueChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(
    (path): readonly ValueChange[] => {
      const one = before[path] ?? null;
      const other = after[path] ?? null;
      if (canonicalJson(one) === canonicalJson(other)) return [];
      const change = one === null ? "added" : other === null ? "removed" : "changed";
      return [{ path, change, before: one, after: other }];
    },
  );
}

function modelValues({ model, defaultLocale }: VersionText): Values {
  const parameters = Object.entries(model.parameters ?? {}).map(([name, value]) => [
    `parameters.${name}`,
    value,
  ]);
  return {
    "model.provider": model.provider,
    "model.id": model.id,
    ...Object.fromEntries(parameters),
    ...(defaultLocale !== undefined && { defaultLocale }),
  };
}

/** The order of the tools is sent to the model, so it counts too. */
function toolValues({ tools = [], toolChoice }: VersionText): Values {
  return {
    ...Object.fromEntries(tools.map((tool) => [tool.name, tool])),
    ...(tools.length > 1 && { order: tools.map((tool) => tool.name) }),
    ...(toolChoice !== undefined && { toolChoice }),
  };
}

function listValues(path: string, list: readonly unknown[] | undefined): Values {
  return list === undefined ? {} : { [path]: list };
}

function setValues(names: readonly string[] = []): Values {
  return Object.fromEntries(names.map((name) => [name, true]));
}

function compareLocales(
  before: Readonly<Record<string, Body>>,
  after: Readonly<Record<string, Body>>,
): readonly LocaleDiff[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(
    (locale): readonly LocaleDiff[] => {
      const one = before[locale];
      const other = after[locale];
      const body = compareBodies(one ?? [], other ?? []);
      if (body.same) return [];
      const change = one === undefined ? "added" : other === undefined ? "removed" : "changed";
      return [{ locale, change, body }];
    },
  );
}
