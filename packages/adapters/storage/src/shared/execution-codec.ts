/** Packs a ledger row into its columns and reads it back: the same logical values, in a third of the bytes. */
import type {
  Considered,
  Execution,
  ExecutionStatus,
  Part,
  Pseudonym,
  StatedCost,
  UnchainedExecution,
  WriterId,
} from "@colophon/kernel";
import { idOf, toHex } from "./bytes.ts";
import type { SqlRow, SqlValue } from "./sql-row.ts";
import type { DictionaryName, DictionaryReader, DictionaryWriter } from "./word-node.ts";

const STATUSES: readonly ExecutionStatus[] = ["ok", "error", "aborted"];
/** Longer lists of tool calls differ from row to row and would swell the dictionary. */
const TOOL_CALLS_IN_DICTIONARY = 3;

export type DictionaryWriters = Readonly<Record<DictionaryName, DictionaryWriter>>;

/** The numbers of a row in the ledger's dictionaries. */
export interface PackedWords {
  readonly version: number;
  readonly scope: number;
  readonly route: number;
  readonly model: number;
  readonly finish: number;
}

type PackedPart = readonly [string, string, number | null, string, string | null];

function packParts(parts: readonly Part[]): readonly PackedPart[] {
  return parts.map(({ kind, name, version, hash, choice }) => [kind, name, version, hash, choice ?? null]);
}

function unpackPart([kind, name, version, hash, choice]: PackedPart): Part {
  const part = { kind: kind as Part["kind"], name, version, hash };
  return choice === null ? part : { ...part, choice };
}

type PackedConsidered = readonly [string, string, string | null, number | null];

function unpackConsidered([tier, outcome, reason, version]: PackedConsidered): Considered {
  return {
    tier: tier as Considered["tier"],
    outcome: outcome as Considered["outcome"],
    ...(reason === null ? undefined : { reason }),
    ...(version === null ? undefined : { version }),
  };
}

// Bound values are chosen per call; everything else of a part repeats.
function partsRepeat(parts: readonly Part[]): boolean {
  return parts.every((part) => part.kind === "partial");
}

function toolCallsRepeat(row: Pick<UnchainedExecution, "toolCalls">): boolean {
  return row.toolCalls === null || row.toolCalls.length <= TOOL_CALLS_IN_DICTIONARY;
}

/** Looks the repeating values of a row up, adding what is new. */
export function packWords(row: UnchainedExecution, words: DictionaryWriters): PackedWords {
  return {
    version: versionNumber(row, words.version),
    scope: scopeNumber(row, words.scope),
    route: routeNumber(row, words.route),
    model: modelNumber(row, words.model),
    finish: finishNumber(row, words.finish),
  };
}

function versionNumber(
  { prompt, version, hash, caller }: UnchainedExecution,
  words: DictionaryWriter,
): number {
  const end = words.root.to(hash).to(prompt).to(version).to(caller);
  return end.number ?? words.add(end, [prompt, version, hash, caller]);
}

function scopeNumber({ environment, lane, purpose }: UnchainedExecution, words: DictionaryWriter): number {
  const end = words.root.to(environment).to(lane).to(purpose);
  return end.number ?? words.add(end, [environment, lane, purpose]);
}

function routeNumber(row: UnchainedExecution, words: DictionaryWriter): number {
  const { tier, reason, errorCode, stale, assignment, considered } = row;
  let end = words.root.to(tier).to(reason).to(errorCode).to(stale);
  if (assignment !== null) end = end.to(assignment.salt).to(assignment.probability);
  for (const item of considered) end = end.to(item.tier).to(item.outcome).to(item.reason).to(item.version);
  if (end.number !== undefined) return end.number;
  const items = considered.map((item) => [
    item.tier,
    item.outcome,
    item.reason ?? null,
    item.version ?? null,
  ]);
  const draw = assignment === null ? [null, null] : [assignment.salt, assignment.probability];
  return words.add(end, [tier, reason, errorCode, stale, ...draw, items]);
}

function modelNumber(row: UnchainedExecution, words: DictionaryWriter): number {
  const { requestedModel, answeringModel, provider, host, systemFingerprint, priceTable } = row;
  const half = words.root.to(requestedModel).to(answeringModel).to(provider);
  const end = half.to(host).to(systemFingerprint).to(priceTable);
  return (
    end.number ??
    words.add(end, [requestedModel, answeringModel, provider, host, systemFingerprint, priceTable])
  );
}

function finishNumber(row: UnchainedExecution, words: DictionaryWriter): number {
  const { finishReason, error, locale, toolCalls, parts } = row;
  const tools = toolCallsRepeat(row) ? toolCalls : false;
  const partials = partsRepeat(parts);
  let end = words.root.to(finishReason).to(error).to(locale).to(partials);
  if (tools === null || tools === false) end = end.to(tools);
  else {
    end = end.to(tools.length);
    for (const tool of tools) end = end.to(tool);
  }
  if (partials)
    for (const part of parts) end = end.to(part.name).to(part.version).to(part.hash).to(part.choice);
  return (
    end.number ?? words.add(end, [finishReason, error, locale, tools, partials ? packParts(parts) : false])
  );
}

function tri(value: boolean | null): number {
  if (value === null || value === undefined) return 0;
  return value ? 2 : 1;
}

function untri(bits: number): boolean | null {
  return (bits & 3) === 0 ? null : (bits & 3) === 2;
}

/** Status, schemaOk, refused and attempt in one number. */
export function packFlags(
  row: Pick<UnchainedExecution, "status" | "schemaOk" | "refused" | "attempt">,
): number {
  return STATUSES.indexOf(row.status) + tri(row.schemaOk) * 4 + tri(row.refused) * 16 + row.attempt * 64;
}

interface Extra {
  readonly parent?: UnchainedExecution["parent"];
  readonly step?: number;
  readonly fallbackOf?: UnchainedExecution["fallbackOf"];
  readonly cost?: readonly [number, string];
  readonly tools?: readonly string[];
  readonly parts?: readonly PackedPart[];
}

/** What few rows have, together as JSON; null for the rest. */
export function packExtra(row: UnchainedExecution): string | null {
  const tools = toolCallsRepeat(row);
  const partials = partsRepeat(row.parts);
  const { parent, step, fallbackOf, statedCost } = row;
  if (tools && partials && parent === null && step === null && fallbackOf === null && statedCost === null)
    return null;
  const extra: Extra = {
    ...(parent === null ? undefined : { parent }),
    ...(step === null ? undefined : { step }),
    ...(fallbackOf === null ? undefined : { fallbackOf }),
    ...(statedCost === null ? undefined : { cost: [statedCost.amount, statedCost.currency] }),
    ...(tools || row.toolCalls === null ? undefined : { tools: row.toolCalls }),
    ...(partials ? undefined : { parts: packParts(row.parts) }),
  };
  return JSON.stringify(extra);
}

function hex(value: SqlValue | undefined): string | null {
  return value instanceof Uint8Array ? toHex(value) : null;
}

/**
 * Reads a row whose columns are named as `EXECUTION_SELECT` of the embedded store names them: pseudonyms
 * and writer joined in, the id as milliseconds and the ten bytes behind them.
 *
 * @throws when a dictionary lacks what the row refers to.
 */
export function unpackExecution(row: SqlRow, words: DictionaryReader): Execution {
  const number = (name: string): number => row[name] as number;
  const maybe = (name: string): number | null => row[name] as number | null;
  const [prompt, version, hash, caller] = words("version", number("version"));
  const [environment, lane, purpose] = words("scope", number("scope"));
  const [tier, reason, errorCode, stale, salt, probability, considered] = words("route", number("route"));
  const [requestedModel, answeringModel, provider, host, systemFingerprint, priceTable] = words(
    "model",
    number("model"),
  );
  const [finishReason, error, locale, tools, parts] = words("finish", number("finish"));
  const extra = row.extra === null ? {} : (JSON.parse(row.extra as string) as Extra);
  const flags = number("flags");
  return {
    id: idOf(number("at"), row.rest as Uint8Array), at: number("at"), writer: row.writer_id as WriterId,
    seq: number("seq"), chain: hex(row.chain) as string, prompt, version, hash, caller, environment, lane, tier,
    reason, errorCode, considered: (considered as readonly PackedConsidered[]).map(unpackConsidered), stale,
    revision: maybe("revision"), assignment: salt === null ? null : { salt, draw: maybe("draw"), probability },
    purpose,
    subjects: {
      user: subjectOf(row, "user"), tenant: subjectOf(row, "tenant"), document: subjectOf(row, "document"),
      documentType: subjectOf(row, "document_type"), session: hex(row.session) as Pseudonym | null,
    },
    trace: hex(row.trace), span: hex(row.span), parent: extra.parent ?? null, step: extra.step ?? null,
    attempt: Math.floor(flags / 64), fallbackOf: extra.fallbackOf ?? null, requestedModel, answeringModel, provider,
    host, systemFingerprint, priceTable,
    tokens: {
      input: maybe("input"), output: maybe("output"), reasoning: maybe("reasoning"),
      cacheRead: maybe("cache_read"), cacheWrite: maybe("cache_write"),
    },
    latency: number("latency"), firstToken: maybe("first_token"), status: STATUSES[flags & 3], error, finishReason,
    toolCalls: tools === false ? (extra.tools ?? []) : tools, schemaOk: untri(flags >> 2), refused: untri(flags >> 4),
    outputLength: maybe("output_length"), locale,
    parts: (parts === false ? (extra.parts ?? []) : (parts as readonly PackedPart[])).map(unpackPart),
    renderedHash: hex(row.rendered), statedCost: unpackCost(extra.cost), inputHash: hex(row.input_hash),
    outputHash: hex(row.output_hash),
  } as unknown as Execution; // biome-ignore format: a row read as a row
}

function unpackCost(cost: Extra["cost"]): StatedCost | null {
  return cost === undefined ? null : { amount: cost[0], currency: cost[1] };
}

function subjectOf(row: SqlRow, column: string): Pseudonym | null {
  if (row[column] === null) return null;
  const pseudonym = hex(row[`${column}_p`]);
  if (pseudonym === null) throw new Error(`Subject ${row[column]} of a row is missing.`);
  return pseudonym as Pseudonym;
}
