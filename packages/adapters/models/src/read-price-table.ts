/** Reads a file of negotiated prices strictly, and says what is wrong with it and where. */
import { createHash } from "node:crypto";
import {
  canonicalJson,
  type EpochMs,
  HarnessError,
  modelChoice,
  nearestName,
  type PriceEntry,
  type PriceTable,
} from "@colophon/kernel";
import { LineCounter, parseDocument } from "yaml";

export interface PriceFile {
  /** The file as people know it, for messages. */
  readonly file: string;
  readonly text: string;
  /** Reads ISO 8601; throws a HarnessError that begins with `where`. */
  readonly readTime: (text: string, where: string) => EpochMs;
}

export interface ReadPrices {
  /** Null where the file gives none. */
  readonly name: string | null;
  readonly table: PriceTable;
  /** SHA-256 (hex) over the canonical JSON of the table. */
  readonly hash: string;
}

type Fields = Readonly<Record<string, unknown>>;

const FILE_FIELDS = ["name", "currency", "prices"];
const SCOPE_FIELDS = ["model", "since", "until"];
const PRICE_FIELDS = ["input", "cacheRead", "cacheWrite", "output", "reasoning", "call"];
const ENTRY_FIELDS = [...SCOPE_FIELDS, "factor", "currency", ...PRICE_FIELDS];
const CURRENCY = /^[A-Z]{3}$/;

/** @throws HarnessError `input-malformed` or `time-invalid`. */
export function readPriceTable(given: PriceFile): ReadPrices {
  const { file } = given;
  const fields = fieldsOf(parse(given), { where: file, allowed: FILE_FIELDS });
  const { name = null, currency, prices } = fields;
  if (name !== null && (typeof name !== "string" || name.trim() === "")) {
    throw malformed(file, `name ${JSON.stringify(name)} is no name; write a few words or leave it out`);
  }
  if (!Array.isArray(prices) || prices.length === 0) {
    throw malformed(file, "it has no list of prices; write prices: with one entry for each model");
  }
  const usual = currencyOf(currency ?? "USD", file);
  const table = {
    prices: prices.map((one, at) => readEntry(one, { where: `${file}, price ${at + 1}`, usual, given })),
  };
  return { name, table, hash: createHash("sha256").update(canonicalJson(table)).digest("hex") };
}

function parse({ text, file }: PriceFile): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ""), {
    strict: true,
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: lines,
    // A warning would say what stands in the file, to the log of whatever process reads it.
    logLevel: "error",
  });
  const [problem] = document.errors;
  if (problem === undefined) return contentOf(document, file);
  const { line, col } = lines.linePos(problem.pos[0]);
  const what = problem.message.split("\n")[0]?.replace(/[:.]$/, "");
  throw new HarnessError(
    "input-malformed",
    `${file} is malformed at line ${line}, column ${col}: ${what}; correct it there.`,
    { details: { line, column: col } },
  );
}

/** An alias is looked up only now: `*` at the beginning of a word makes one. */
function contentOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new HarnessError(
      "input-malformed",
      `${file} is malformed: ${what}; quote a pattern that begins with a star, as in "*/gpt-5-mini".`,
      { cause },
    );
  }
}

interface EntryPlace {
  readonly where: string;
  /** The currency of entries that name none. */
  readonly usual: string;
  readonly given: PriceFile;
}

function readEntry(value: unknown, { where, usual, given }: EntryPlace): PriceEntry {
  const fields = fieldsOf(value, { where, allowed: ENTRY_FIELDS });
  const scope = scopeOf(fields, { where, given });
  const priced = PRICE_FIELDS.filter((name) => fields[name] !== undefined);
  if (fields.factor !== undefined) {
    const [other] = [...priced, ...(fields.currency === undefined ? [] : ["currency"])];
    if (other !== undefined) {
      throw malformed(where, `factor is a share of the list price, so ${other} cannot stand beside it`);
    }
    return { kind: "factor", ...scope, factor: amount(fields.factor, { where, name: "factor" }) };
  }
  if (priced.length === 0) {
    throw malformed(
      where,
      `${scope.model} has no price; write input and output per million tokens, or a factor on the list price`,
    );
  }
  const price = (name: string): number | null =>
    fields[name] === undefined ? null : amount(fields[name], { where, name });
  const [input, output] = [price("input"), price("output")];
  const dangling = ["cacheRead", "cacheWrite"].find((name) => input === null && fields[name] !== undefined);
  if (dangling !== undefined) throw malformed(where, `${dangling} is given without input; write input too`);
  if (output === null && fields.reasoning !== undefined) {
    throw malformed(where, "reasoning is given without output; write output too");
  }
  return {
    kind: "fixed",
    ...scope,
    currency: currencyOf(fields.currency ?? usual, where),
    input,
    cacheRead: price("cacheRead"),
    cacheWrite: price("cacheWrite"),
    output,
    reasoning: price("reasoning"),
    call: price("call") ?? 0,
  };
}

function scopeOf(
  fields: Fields,
  { where, given }: { readonly where: string; readonly given: PriceFile },
): Pick<PriceEntry, "model" | "since" | "until"> {
  const { model } = fields;
  if (typeof model !== "string" || model.trim() === "") {
    throw malformed(
      where,
      "it names no model; write model: openai/gpt-5-mini, or a pattern such as openai/*",
    );
  }
  const time = (name: "since" | "until"): EpochMs | null => {
    const text = fields[name];
    if (text === undefined || text === null) return null;
    return given.readTime(String(text), `${where}: ${name}`);
  };
  const [since, until] = [time("since"), time("until")];
  if (since !== null && until !== null && since >= until) {
    throw malformed(where, `since ${fields.since} is not before until ${fields.until}; swap them`);
  }
  return { model: patternOf(model.trim()), since, until };
}

/** A name without a provider means the one its prefix tells, else every provider. */
function patternOf(model: string): string {
  if (model.includes("/")) return model;
  const { provider } = modelChoice(model);
  return `${provider === "custom" ? "*" : provider}/${model}`;
}

function currencyOf(value: unknown, where: string): string {
  if (typeof value === "string" && CURRENCY.test(value)) return value;
  throw malformed(
    where,
    `currency ${JSON.stringify(value)} is no ISO 4217 code; write one such as USD or EUR`,
  );
}

function amount(value: unknown, { where, name }: { readonly where: string; readonly name: string }): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw malformed(where, `${name} ${JSON.stringify(value)} is no amount; write a number from 0`);
}

function fieldsOf(
  value: unknown,
  { where, allowed }: { readonly where: string; readonly allowed: readonly string[] },
): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(where, `it is no object; write the fields ${allowed.join(", ")}`);
  }
  for (const name of Object.keys(value)) {
    if (allowed.includes(name)) continue;
    const near = nearestName(name, allowed);
    throw malformed(
      where,
      `${name} is no field of it${near === undefined ? `; it takes ${allowed.join(", ")}` : `; did you mean ${near}?`}`,
    );
  }
  return value as Fields;
}

function malformed(where: string, what: string): HarnessError {
  return new HarnessError("input-malformed", `${where}: ${what}${what.endsWith("?") ? "" : "."}`);
}
